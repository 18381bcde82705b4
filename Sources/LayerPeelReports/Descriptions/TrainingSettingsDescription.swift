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

  /// What it says.
  public enum Key: String, CaseIterable, CodingKey, Sendable {
    case model, input, hidden, norm
    case classifierBias = "classifier_bias"
    case epochs, rate, schedule, milestones, momentum, batch
    case weightDecay = "weight_decay"
    case groupWeightDecay = "group_weight_decay"
    case augment, seed, generator, probes
    case alsoProbed = "also_probed"
    case precision, threads, versions

    /// What it means, in a few words.
    public var meaning: String {
      switch self {
      case .model: "mlp, resnet18, vgg13 or linear-features"
      case .input: "channels, rows and columns of what the network sees"
      case .hidden: "widths of the hidden layers, or channels of the stages; the last is d"
      case .norm: "batch, or none"
      case .classifierBias: "whether the classifier has one"
      case .epochs: "passes over the training set that were planned"
      case .rate: "learning rate of the first epoch"
      case .schedule: "constant, step or cosine"
      case .milestones:
        "epochs at which a stepped rate falls to a tenth; empty for the default ones"
      case .momentum: "0 is plain descent"
      case .batch: "images in a batch; the last of an epoch has what is left"
      case .weightDecay: "of groups that have none of their own"
      case .groupWeightDecay:
        "of each group of parameters: weights, biases, normalization, features"
      case .augment: "how images are changed before each step: none, shift:S, mirror"
      case .seed: "of start, order, augmentation and labels"
      case .generator: "of random numbers"
      case .probes: "probes for each tenfold number of epochs; all for one every epoch"
      case .alsoProbed: "epochs that are probed besides"
      case .precision: "of the network; what is measured is double"
      case .threads: "that the network computes with"
      case .versions: "of the libraries"
      }
    }
  }

  /// Every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
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
    try container.encode(settings.alsoProbed, forKey: .alsoProbed)
    try container.encode(architecture.hasClassifierBias, forKey: .classifierBias)
    try container.encode("float32", forKey: .precision)
    try container.encode(threads, forKey: .threads)
    try container.encode(
      ["onednn": oneDNNVersion, "openblas": Versions.openBLAS], forKey: .versions)
  }

  private func encodeProbes(_ container: inout KeyedEncodingContainer<Key>) throws {
    if training.settings.probesEveryEpoch {
      try container.encode("all", forKey: .probes)
    } else {
      try container.encode(training.settings.probesPerDecade, forKey: .probes)
    }
  }
}
