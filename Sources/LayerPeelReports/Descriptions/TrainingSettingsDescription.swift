public import LayerPeelNetworks
import LayerPeel

/// The settings of a training as the output records them.
public struct TrainingSettingsDescription: Encodable, Sendable {
  private let training: Training
  private let threads: Int

  /// The settings of a training on so many threads.
  public init(_ training: Training, threads: Int) {
    self.training = training
    self.threads = threads
  }

  private enum CodingKeys: String, CodingKey {
    case hidden, norm, epochs, rate, schedule, momentum, batch
    case weightDecay = "weight_decay"
    case seed, generator, probes
    case classifierBias = "classifier_bias"
    case precision, threads, versions
  }

  /// Every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let settings = training.settings
    try container.encode(training.architecture.hidden, forKey: .hidden)
    try container.encode(training.architecture.normalization.rawValue, forKey: .norm)
    try container.encode(settings.epochs, forKey: .epochs)
    try container.encode(settings.rate, forKey: .rate)
    try container.encode(settings.schedule.rawValue, forKey: .schedule)
    try container.encode(settings.momentum, forKey: .momentum)
    try container.encode(settings.batchSize, forKey: .batch)
    try container.encode(settings.weightDecay, forKey: .weightDecay)
    try container.encode(settings.seed, forKey: .seed)
    try container.encode(SplitMix64.name, forKey: .generator)
    try container.encode(settings.probesPerDecade, forKey: .probes)
    try container.encode(false, forKey: .classifierBias)
    try container.encode("float32", forKey: .precision)
    try container.encode(threads, forKey: .threads)
    try container.encode(
      ["onednn": oneDNNVersion, "openblas": Versions.openBLAS], forKey: .versions)
  }
}
