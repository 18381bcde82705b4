public import LayerPeelFiles
public import LayerPeelNetworks
import LayerPeel

/// What a training was run on, and what was executed of its settings.
public struct TrainingRunDescription: Encodable, Sendable {
  private let recipe: TrainingRecipe
  private let images: ImageDataSet
  private let samples: TrainingSamples
  private let audit: Training.Audit

  /// A run of a recipe on the samples of its data set.
  public init(
    _ recipe: TrainingRecipe, images: ImageDataSet, samples: TrainingSamples,
    audit: Training.Audit
  ) {
    self.recipe = recipe
    self.images = images
    self.samples = samples
    self.audit = audit
  }

  /// What it says, beside the settings of the training.
  public enum Key: String, CaseIterable, CodingKey, Sendable {
    case data, source, verified, images
    case perClass = "per_class"
    case imbalance, labels
    case initialWeights = "init_weights"
    case initialWeightsSum = "init_weights_md5"
    case changedLabels = "changed_labels"
    case classSizes = "class_sizes"
    case pixelMean = "pixel_mean"
    case pixelDeviation = "pixel_deviation"
    case executed

    /// What it means, in a few words.
    public var meaning: String {
      switch self {
      case .data: "the data set"
      case .source: "the folder or archive it came from"
      case .verified:
        "whether its files are its publisher's, by their MD5 sums; null where unknown"
      case .images: "training images"
      case .perClass: "images of each class that were taken; null for all"
      case .imbalance: "R of the long tail that was made; null for none"
      case .labels: "true, shuffled, or noise and its share"
      case .initialWeights:
        "the file of weights it started from; null for a start drawn by the seed"
      case .initialWeightsSum: "that file's MD5 sum; null where there was none"
      case .changedLabels: "training labels that are not the data set's"
      case .classSizes: "training images of each class"
      case .pixelMean: "of each channel of the training images, subtracted"
      case .pixelDeviation: "their standard deviation, divided by"
      case .executed:
        """
        what was executed: groups (name, updates, weight_decay), had_weight_decay, momentum, \
        batch, norm, augment, schedule, first_rate, last_rate, epochs, zero_error_epoch, \
        terminal_probes, terminal_probes_with_errors, sentences, absent
        """
      }
    }
  }

  /// Every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(images.name.rawValue, forKey: .data)
    try container.encode(samples.train.count, forKey: .images)
    try container.encode(images.source, forKey: .source)
    try container.encode(images.verification.isVerified, forKey: .verified)
    try container.encode(recipe.imagesPerClass, forKey: .perClass)
    try container.encode(recipe.imbalance, forKey: .imbalance)
    try container.encode(samples.labels.name, forKey: .labels)
    try container.encode(recipe.initialWeights, forKey: .initialWeights)
    try container.encode(recipe.initialWeightsSum, forKey: .initialWeightsSum)
    try container.encode(samples.changedLabels, forKey: .changedLabels)
    try container.encode(samples.train.labels.sizes.counts, forKey: .classSizes)
    try container.encode(samples.scaling.means, forKey: .pixelMean)
    try container.encode(samples.scaling.deviations, forKey: .pixelDeviation)
    try container.encode(Executed(audit), forKey: .executed)
  }
}
