public import LayerPeelFiles
public import LayerPeelNetworks
import LayerPeel

/// What a training was run on, and what was executed of its settings.
public struct TrainingRunDescription: Encodable, Sendable {
  private let images: ImageDataSet
  private let samples: TrainingSamples
  private let audit: Training.Audit

  /// A run on the samples of a data set.
  public init(images: ImageDataSet, samples: TrainingSamples, audit: Training.Audit) {
    self.images = images
    self.samples = samples
    self.audit = audit
  }

  private enum CodingKeys: String, CodingKey {
    case data, source, images, labels
    case changedLabels = "changed_labels"
    case classSizes = "class_sizes"
    case pixelMean = "pixel_mean"
    case pixelDeviation = "pixel_deviation"
    case executed
  }

  /// Every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(images.name.rawValue, forKey: .data)
    try container.encode(samples.train.count, forKey: .images)
    try container.encode(images.source, forKey: .source)
    try container.encode(samples.labels.name, forKey: .labels)
    try container.encode(samples.changedLabels, forKey: .changedLabels)
    try container.encode(samples.train.labels.sizes.counts, forKey: .classSizes)
    try container.encode(samples.scaling.means, forKey: .pixelMean)
    try container.encode(samples.scaling.deviations, forKey: .pixelDeviation)
    try container.encode(Executed(audit), forKey: .executed)
  }
}
