public import LayerPeel
public import LayerPeelFiles
public import LayerPeelNetworks

/// A data set's images as a network sees them.
public struct TrainingSamples: Sendable {
  /// What is learned.
  public let train: LabelledSamples
  /// What is only judged.
  public let test: LabelledSamples
  /// How bytes became numbers, by the training set's own statistics.
  public let scaling: PixelScaling
  /// What was done to the training labels.
  public let labels: LabelTreatment
  /// How many training labels are not the data set's own.
  public let changedLabels: Int

  /// The samples of a data set, standardised channel by channel and padded as the model needs.
  ///
  /// Free features have no input: their samples are numbered instead, `0`, `1`, …
  ///
  /// - Parameters:
  ///   - images: The data set.
  ///   - model: What will see them.
  ///   - labels: What is done to the training labels; those of the test set stay.
  ///   - seed: What that is drawn by, from a stream of its own.
  /// - Throws: `ModelError` for images of a size that the model cannot take, or noise that leaves a
  ///   class empty.
  public init(
    _ images: ImageDataSet, for model: NetworkArchitecture.Model = .mlp,
    labels: LabelTreatment = .real, seed: UInt64 = 0
  ) throws(ModelError) {
    let treated = try labels.labels(
      from: images.train.labels, classes: images.classes, seed: seed)
    scaling = PixelScaling(
      standardizing: images.train.images, channels: images.channels,
      pixels: images.rows * images.columns)
    let view = try View(images, model: model, scaling: scaling)
    train = try view.samples(images.train.images, labels: treated)
    test = try view.samples(images.test.images, labels: images.test.labels)
    self.labels = labels
    changedLabels = zip(treated, images.train.labels).count { $0 != $1 }
  }

  /// What a model receives of each image of a data set.
  ///
  /// A perceptron takes an image of any size as it is. The convolutional networks take 32×32, to
  /// which smaller images are padded with black, alike on all sides.
  ///
  /// - Throws: `ModelError.badSetting` for images of a size that the model cannot take.
  public static func inputShape(
    of images: ImageDataSet, for model: NetworkArchitecture.Model
  ) throws(ModelError) -> SampleShape {
    if model == .linearFeatures { return SampleShape(width: 1) }
    let padding = try padding(of: images, for: model)
    return SampleShape(
      channels: images.channels, rows: images.rows + 2 * padding,
      columns: images.columns + 2 * padding)
  }

  /// Black pixels on each side of an image, as ``inputShape(of:for:)`` counts them.
  static func padding(
    of images: ImageDataSet, for model: NetworkArchitecture.Model
  ) throws(ModelError) -> Int {
    guard model == .resnet18 || model == .vgg13 else { return 0 }
    let missing = 32 - images.rows
    guard images.rows == images.columns, missing >= 0, missing % 2 == 0 else {
      throw .badSetting(
        argument: "images", value: "\(images.rows)×\(images.columns)",
        expected:
          "32×32, or squares that an even number of pixels makes so, for \(model.rawValue); "
          + "an mlp takes any size")
    }
    return missing / 2
  }
}

/// How one model sees images.
private struct View {
  let images: ImageDataSet
  let model: NetworkArchitecture.Model
  let scaling: PixelScaling
  let padding: Int

  init(
    _ images: ImageDataSet, model: NetworkArchitecture.Model, scaling: PixelScaling
  ) throws(ModelError) {
    (self.images, self.model, self.scaling) = (images, model, scaling)
    padding = try TrainingSamples.padding(of: images, for: model)
  }

  func samples(_ levels: [UInt8], labels: [Int]) throws(ModelError) -> LabelledSamples {
    guard model != .linearFeatures else {
      return try LabelledSamples(
        inputs: labels.indices.map(Float.init), width: 1, labels: Labels(labels))
    }
    return try scaling.samples(
      levels,
      shape: SampleShape(channels: images.channels, rows: images.rows, columns: images.columns),
      padding: padding, labels: labels)
  }
}
