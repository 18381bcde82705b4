public import LayerPeelFiles
public import LayerPeelNetworks

/// What a training was run on, and what was executed of its settings.
public struct TrainingRunDescription: Encodable, Sendable {
  private let images: ImageDataSet
  private let samples: TrainingSamples
  private let areLabelsShuffled: Bool
  private let audit: Training.Audit

  /// A run on the samples of a data set.
  public init(
    images: ImageDataSet, samples: TrainingSamples, areLabelsShuffled: Bool, audit: Training.Audit
  ) {
    self.images = images
    self.samples = samples
    self.areLabelsShuffled = areLabelsShuffled
    self.audit = audit
  }

  private enum CodingKeys: String, CodingKey {
    case model, data, source, images, labels
    case pixelMean = "pixel_mean"
    case pixelDeviation = "pixel_deviation"
    case executed
  }

  /// Every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("mlp", forKey: .model)
    try container.encode(images.name.rawValue, forKey: .data)
    try container.encode(samples.train.count, forKey: .images)
    try container.encode(images.source, forKey: .source)
    try container.encode(areLabelsShuffled ? "shuffled" : "true", forKey: .labels)
    try container.encode(samples.scaling.means, forKey: .pixelMean)
    try container.encode(samples.scaling.deviations, forKey: .pixelDeviation)
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

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(groups, forKey: .groups)
      try container.encode(hadWeightDecay, forKey: .hadWeightDecay)
      try container.encode(zeroErrorEpoch, forKey: .zeroErrorEpoch)
      try container.encode(epochs, forKey: .epochs)
    }
  }
}
