internal import LayerPeel

/// A network's last layer over the whole training set, in evaluation mode and float32.
struct LastLayer {
  let classifier: [Float]
  private(set) var features: [Float]
  private(set) var loss = 0.0
  private(set) var errors = 0

  /// Evaluates every sample.
  init(of learner: any Learner, on samples: LabelledSamples) throws(ModelError) {
    let (d, classes) = (learner.architecture.dimension, learner.architecture.classes)
    var features = [Float](repeating: 0, count: samples.count * d)
    var tally = Tally(labels: samples.labels, classes: classes)
    try learner.evaluate(samples) { first, rows, logits -> Bool in
      var target = features.mutableSpan
      for i in rows.indices { target[first * d + i] = rows[i] }
      tally.add(logits, first: first)
      return true
    }
    classifier = try learner.classifierWeight()
    self.features = features
    (loss, errors) = (tally.loss, tally.errors)
  }

  /// Whether training can go on from here.
  var isFinite: Bool {
    loss.isFinite && classifier.allSatisfy { $0.isFinite } && features.allSatisfy { $0.isFinite }
  }

  /// The same in double.
  func point(dimension d: Int) -> Point {
    Point(
      classifier: Matrix(
        rows: classifier.count / d, columns: d, elements: classifier.map(Double.init)),
      features: Matrix(rows: features.count / d, columns: d, elements: features.map(Double.init)))
  }
}
