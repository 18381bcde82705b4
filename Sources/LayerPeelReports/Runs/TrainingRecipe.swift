public import LayerPeel
public import LayerPeelFiles
public import LayerPeelNetworks

/// All that determines a training: the network, what it is trained on, and how.
///
/// Two trainings of equal recipes on one machine are equal bit for bit. A run's folder holds it, so
/// that a run that was stopped can go on.
public struct TrainingRecipe: Hashable, Sendable, Codable {
  /// Which family of networks.
  public var model = NetworkArchitecture.Model.mlp
  /// Channels of a convolutional network's first stage.
  public var width = NetworkArchitecture.defaultWidth
  /// Widths of a perceptron's hidden layers.
  public var hidden = NetworkArchitecture.defaultHidden
  /// Dimension of free features.
  public var dimension = NetworkArchitecture.defaultDimension
  /// Whether the classifier has a bias.
  public var hasClassifierBias = false
  /// What stands between linear layers or convolutions and their ReLUs.
  public var normalization = NetworkArchitecture.Normalization.batch
  /// Which data set.
  public var data = DataSetName.fashionMNIST
  /// Where it is; nil for where data sets are looked for.
  public var dataFolder: String?
  /// How many images of each class are learned; nil for all.
  public var imagesPerClass: Int?
  /// How many times larger the largest class is than the smallest; nil where nothing was changed.
  public var imbalance: Double?
  /// What is done to the labels, as `LabelTreatment` names it.
  public var labels = LabelTreatment.real.name
  /// A file of weights to start from; nil for a start drawn by the seed.
  public var initialWeights: String?
  /// The MD5 sum of that file when the training began.
  public var initialWeightsSum: String?
  /// How many threads the network computes with: another number gives other sums.
  public var threads: Int
  /// Whether batches hold the whole training set, whatever the settings say.
  public var hasFullBatches = false
  /// How it is trained.
  public var settings = Training.Settings()
  /// Epochs whose last layer is kept in the run's folder; they determine nothing.
  public var savedPoints: [Int] = []

  /// The default training on so many threads.
  public init(threads: Int) { self.threads = threads }

  private enum CodingKeys: String, CodingKey {
    case model, width, hidden, dimension, normalization, data, imbalance, labels, threads, settings
    case hasClassifierBias = "has_classifier_bias"
    case dataFolder = "data_folder"
    case imagesPerClass = "images_per_class"
    case initialWeights = "initial_weights"
    case initialWeightsSum = "initial_weights_md5"
    case savedPoints = "saved_points"
    case hasFullBatches = "has_full_batches"
  }
}

extension TrainingRecipe {
  /// The data set as it is learned from.
  public func images(home: DataHome) throws -> ImageDataSet {
    try subset(of: ImageDataSet(data, in: dataFolder, home: home))
  }

  /// The images of its data set that are learned from, and all that are judged.
  func subset(of all: ImageDataSet) throws -> ImageDataSet {
    var images = all
    if let imagesPerClass { images = try images.firstOfEachClass(imagesPerClass) }
    if let imbalance { images = try images.imbalanced(ratio: imbalance) }
    return images
  }

  /// The network for a data set, and how it is trained there.
  ///
  /// - Throws: `ModelError` for what does not fit together, before any memory is taken.
  public func training(on images: ImageDataSet) throws(ModelError) -> Training {
    var settings = settings
    if hasFullBatches { settings.batchSize = images.train.count }
    let architecture = try architecture(for: images)
    let (shift, size) = (settings.augmentation.shift, min(images.rows, images.columns))
    guard shift < size else {
      throw .badSetting(
        argument: "augment", value: "shift:\(shift)",
        expected: "a shift below the images' \(size) pixels")
    }
    try settings.validate(
      samples: images.train.count, normalization: architecture.normalization)
    return Training(architecture, settings: settings)
  }

  /// Its images as the network sees them.
  public func samples(of images: ImageDataSet) throws(ModelError) -> TrainingSamples {
    try TrainingSamples(
      images, for: model, labels: LabelTreatment(named: labels), seed: settings.seed)
  }

  private func architecture(for images: ImageDataSet) throws(ModelError) -> NetworkArchitecture {
    let shape = try TrainingSamples.inputShape(of: images, for: model)
    switch model {
    case .mlp:
      return try NetworkArchitecture(
        inputs: shape.count, hidden: hidden, classes: images.classes,
        normalization: normalization, bias: hasClassifierBias)
    case .resnet18:
      return try .resNet18(
        shape, width: width, classes: images.classes, normalization: normalization,
        bias: hasClassifierBias)
    case .vgg13:
      return try .vgg13(
        shape, width: width, classes: images.classes, normalization: normalization,
        bias: hasClassifierBias)
    case .linearFeatures:
      return try .linearFeatures(
        dimension: dimension, classes: images.classes, bias: hasClassifierBias)
    }
  }
}
