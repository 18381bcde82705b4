public import LayerPeel

extension Network {
  /// How well samples are classified.
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
    var tally = Tally(labels: samples.labels, classes: architecture.classes)
    try evaluate(samples) { first, _, logits in tally.add(logits, first: first) }
    return Quality(
      meanLoss: tally.loss / Double(samples.count), errors: tally.errors, samples: samples.count)
  }
}
