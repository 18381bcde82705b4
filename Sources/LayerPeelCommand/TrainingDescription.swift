import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// The settings of a training as the output records them.
struct TrainingSettingsDescription: Encodable {
  private let training: Training
  private let threads: Int

  init(_ training: Training, threads: Int) {
    self.training = training
    self.threads = threads
  }

  enum CodingKeys: String, CodingKey {
    case hidden, norm, epochs, rate, schedule, momentum, batch
    case weightDecay = "weight_decay"
    case seed, generator, probes
    case classifierBias = "classifier_bias"
    case precision, threads, versions
  }

  func encode(to encoder: any Encoder) throws {
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

/// What a training was run on, and what was executed of its settings.
struct TrainingRunDescription: Encodable {
  private let images: ImageDataSet
  private let samples: TrainingSamples
  private let model: TrainCommand.ModelKind
  private let labels: TrainCommand.LabelKind
  private let audit: Training.Audit

  init(
    images: ImageDataSet, samples: TrainingSamples, model: TrainCommand.ModelKind,
    labels: TrainCommand.LabelKind, audit: Training.Audit
  ) {
    self.images = images
    self.samples = samples
    self.model = model
    self.labels = labels
    self.audit = audit
  }

  enum CodingKeys: String, CodingKey {
    case model, data, images, labels
    case pixelMean = "pixel_mean"
    case pixelDeviation = "pixel_deviation"
    case executed
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(model, forKey: .model)
    try container.encode(images.name.rawValue, forKey: .data)
    try container.encode(samples.train.count, forKey: .images)
    try container.encode(labels, forKey: .labels)
    try container.encode(samples.scaling.mean, forKey: .pixelMean)
    try container.encode(samples.scaling.deviation, forKey: .pixelDeviation)
    try container.encode(Executed(audit), forKey: .executed)
  }

  /// What the updates really did.
  private struct Executed: Encodable {
    let groups: [Group]
    let hadWeightDecay: Bool
    let zeroErrorEpoch: Int?
    let epochs: Int

    struct Group: Encodable {
      let name: String
      let updates: Int
      let weightDecay: Double
      enum CodingKeys: String, CodingKey {
        case name, updates
        case weightDecay = "weight_decay"
      }
    }

    enum CodingKeys: String, CodingKey {
      case groups, epochs
      case hadWeightDecay = "had_weight_decay"
      case zeroErrorEpoch = "zero_error_epoch"
    }

    init(_ audit: Training.Audit) {
      groups = audit.groups.map {
        Group(name: $0.group.rawValue, updates: $0.steps, weightDecay: $0.weightDecay)
      }
      hadWeightDecay = audit.hadWeightDecay
      zeroErrorEpoch = audit.zeroErrorEpoch
      epochs = audit.epochs
    }
  }
}
