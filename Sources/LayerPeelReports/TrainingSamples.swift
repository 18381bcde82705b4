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

  /// The samples of a data set, standardised.
  ///
  /// - Parameters:
  ///   - images: The data set.
  ///   - labelSeed: Seed by which the training labels are dealt anew; nil leaves them.
  public init(_ images: ImageDataSet, labelSeed: UInt64? = nil) throws(ModelError) {
    let shape = SampleShape(channels: 1, rows: images.rows, columns: images.columns)
    scaling = PixelScaling(standardizing: images.train.images)
    test = try scaling.samples(images.test.images, shape: shape, labels: images.test.labels)
    let train = try scaling.samples(
      images.train.images, shape: shape, labels: images.train.labels)
    guard let labelSeed else {
      self.train = train
      return
    }
    // Another stream than the network's, which counts up from the seed itself.
    var generator = SplitMix64(seed: ~labelSeed)
    self.train = try train.shufflingLabels(using: &generator)
  }
}
