internal import LayerPeel

/// A network's last layer over the whole training set, in evaluation mode and float32.
struct LastLayer {
  /// `W`, `K × d`, row by row.
  let classifier: [Float]
  /// `H`, `N × d`, row by row.
  private(set) var features: [Float]
  /// Sum of the cross-entropies, in nats.
  private(set) var loss = 0.0
  /// Samples that are misclassified, ties included.
  private(set) var errors = 0

  /// Evaluates every sample.
  init(of network: Network, on samples: LabelledSamples) throws(ModelError) {
    let (d, classes) = (network.architecture.dimension, network.architecture.classes)
    var features = [Float](repeating: 0, count: samples.count * d)
    var tally = Tally(labels: samples.labels, classes: classes)
    try network.evaluate(samples) { first, rows, logits in
      var target = features.mutableSpan
      for i in rows.indices { target[first * d + i] = rows[i] }
      tally.add(logits, first: first)
    }
    classifier = network.classifierElements
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

/// Losses and errors of logits that arrive batch by batch.
struct Tally {
  let labels: Labels
  let classes: Int
  private(set) var loss = 0.0
  private(set) var errors = 0

  init(labels: Labels, classes: Int) {
    self.labels = labels
    self.classes = classes
  }

  /// Adds a batch of logits, row by row, that begins with sample `first`.
  mutating func add(_ logits: Span<Float>, first: Int) {
    for row in 0..<logits.count / classes {
      let columns = row * classes..<(row + 1) * classes
      let target = columns.lowerBound + labels[first + row]
      loss += crossEntropy(logits, columns, target)
      var isRight = true
      for i in columns where i != target { isRight = isRight && logits[i] < logits[target] }
      if !isRight { errors += 1 }
    }
  }
}
