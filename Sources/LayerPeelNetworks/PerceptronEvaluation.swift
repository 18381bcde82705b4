public import LayerPeel

extension Perceptron {
  /// Mean cross-entropy of samples in evaluation mode, in nats.
  public func meanLoss(of samples: LabelledSamples) throws(ModelError) -> Double {
    try quality(on: samples).meanLoss
  }

  /// How well samples are classified, in evaluation mode.
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

  /// Judges every sample in evaluation mode, a tie as an error.
  public func quality(on samples: LabelledSamples) throws(ModelError) -> Quality {
    try validate(samples)
    let (labels, classes) = (samples.labels.values, architecture.classes)
    var total = 0.0
    var errors = 0
    try evaluate(samples.inputs) { first, _, logits in
      for row in 0..<logits.count / classes {
        let columns = row * classes..<(row + 1) * classes
        let target = columns.lowerBound + Int(labels[first + row])
        total += crossEntropy(logits, columns, target)
        var isRight = true
        for i in columns where i != target { isRight = isRight && logits[i] < logits[target] }
        if !isRight { errors += 1 }
      }
    }
    return Quality(
      meanLoss: total / Double(samples.count), errors: errors, samples: samples.count)
  }
}
