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
    case model, input, hidden, norm, epochs, rate, schedule, milestones, momentum, batch, augment
    case weightDecay = "weight_decay"
    case groupWeightDecay = "group_weight_decay"
    case seed, generator, probes
    case classifierBias = "classifier_bias"
    case precision, threads, versions
  }

  /// Every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let (architecture, settings) = (training.architecture, training.settings)
    let input = architecture.input
    try container.encode(architecture.model.rawValue, forKey: .model)
    try container.encode([input.channels, input.rows, input.columns], forKey: .input)
    try container.encode(architecture.hidden, forKey: .hidden)
    try container.encode(architecture.normalization.rawValue, forKey: .norm)
    try container.encode(settings.epochs, forKey: .epochs)
    try container.encode(settings.rate, forKey: .rate)
    try container.encode(settings.schedule.rawValue, forKey: .schedule)
    try container.encode(settings.milestones, forKey: .milestones)
    try container.encode(settings.momentum, forKey: .momentum)
    try container.encode(settings.batchSize, forKey: .batch)
    try container.encode(settings.augmentation.description, forKey: .augment)
    try container.encode(settings.weightDecay, forKey: .weightDecay)
    let groups = ParameterGroup.allCases.map { ($0.rawValue, settings.decay(of: $0)) }
    try container.encode(
      Dictionary(uniqueKeysWithValues: groups), forKey: .groupWeightDecay)
    try container.encode(settings.seed, forKey: .seed)
    try container.encode(SplitMix64.name, forKey: .generator)
    try encodeProbes(&container)
    try container.encode(architecture.hasClassifierBias, forKey: .classifierBias)
    try container.encode("float32", forKey: .precision)
    try container.encode(threads, forKey: .threads)
    try container.encode(
      ["onednn": oneDNNVersion, "openblas": Versions.openBLAS], forKey: .versions)
  }

  private func encodeProbes(_ container: inout KeyedEncodingContainer<CodingKeys>) throws {
    if training.settings.probesEveryEpoch {
      try container.encode("all", forKey: .probes)
    } else {
      try container.encode(training.settings.probesPerDecade, forKey: .probes)
    }
  }
}
