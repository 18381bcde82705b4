public import LayerPeel

/// How well a learner classifies samples.
public struct Quality: Hashable, Sendable {
  /// Mean cross-entropy, in nats.
  public let meanLoss: Double
  /// How many samples have another class's logit at least as large as their own's.
  public let errors: Int
  /// How many samples there were.
  public let samples: Int

  /// Share of samples that are misclassified.
  public var errorShare: Double { Double(errors) / Double(samples) }
}

extension Learner {
  /// Judges every sample in evaluation mode, a tie as an error.
  public func quality(on samples: LabelledSamples) throws(ModelError) -> Quality {
    var tally = Tally(labels: samples.labels, classes: architecture.classes)
    try evaluate(samples) { first, _, logits -> Bool in
      tally.add(logits, first: first)
      return true
    }
    return Quality(
      meanLoss: tally.loss / Double(samples.count), errors: tally.errors, samples: samples.count)
  }

  /// The mean loss of the first few samples in evaluation mode, in nats: not finite where nothing
  /// that follows can be.
  ///
  /// *Cost:* one batch.
  func firstBatchLoss(on samples: LabelledSamples) throws(ModelError) -> Double {
    var tally = Tally(labels: samples.labels, classes: architecture.classes)
    var count = 0
    try evaluate(samples) { first, _, logits -> Bool in
      tally.add(logits, first: first)
      count = logits.count / architecture.classes
      return false
    }
    return tally.loss / Double(count)
  }

  /// The first sample that is misclassified in evaluation mode, ties included; nil if there is none.
  ///
  /// *Cost:* ends with the batch in which it lies, mostly the first.
  public func firstError(on samples: LabelledSamples) throws(ModelError) -> Int? {
    let classes = architecture.classes
    var found: Int?
    try evaluate(samples) { first, _, logits -> Bool in
      for row in 0..<logits.count / classes where found == nil {
        if !isRight(logits, row * classes..<(row + 1) * classes, samples.labels[first + row]) {
          found = first + row
        }
      }
      return found == nil
    }
    return found
  }
}

/// Losses and errors of logits that arrive batch by batch.
struct Tally {
  private let labels: Labels
  private let classes: Int
  /// Sum of the cross-entropies, in nats.
  private(set) var loss = 0.0
  /// Samples that are misclassified, ties included.
  private(set) var errors = 0

  init(labels: Labels, classes: Int) {
    self.labels = labels
    self.classes = classes
  }

  /// Adds a batch of logits, row by row, that begins with sample `first`.
  mutating func add(_ logits: Span<Float>, first: Int) {
    for row in 0..<logits.count / classes {
      let columns = row * classes..<(row + 1) * classes
      loss += crossEntropy(logits, columns, columns.lowerBound + labels[first + row])
      if !isRight(logits, columns, labels[first + row]) { errors += 1 }
    }
  }
}

/// Whether the logit of a class is above all others in a row; never with NaN.
private func isRight(_ logits: Span<Float>, _ columns: Range<Int>, _ label: Int) -> Bool {
  let target = columns.lowerBound + label
  for i in columns where i != target && !(logits[i] < logits[target]) { return false }
  return true
}
