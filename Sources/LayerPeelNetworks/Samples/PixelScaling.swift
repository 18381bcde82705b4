public import LayerPeel

/// How bytes of an image become the numbers a network sees: `(x/255 - mean) / deviation`.
///
/// Mean and deviation are single numbers for each channel, those of all its pixels in the training
/// set, and serve the test set too.
public struct PixelScaling: Hashable, Sendable {
  /// Mean of `x/255` in each channel.
  public let means: [Double]
  /// Its standard deviation (population) in each channel; 1 where all pixels are equal.
  public let deviations: [Double]

  /// The scaling that standardises `images`, `N × channels × pixels`.
  ///
  /// Sums of bytes and of their squares are exact in 64 bits.
  public init(standardizing images: [UInt8], channels: Int = 1, pixels: Int? = nil) {
    let pixels = pixels ?? images.count / max(1, channels)
    var (sums, squares) = (
      [Int](repeating: 0, count: channels), [Int](repeating: 0, count: channels)
    )
    for start in stride(from: 0, to: images.count, by: max(1, pixels)) {
      let channel = start / max(1, pixels) % channels
      var (sum, square) = (0, 0)
      for i in start..<min(start + pixels, images.count) {
        sum += Int(images[i])
        square += Int(images[i]) * Int(images[i])
      }
      sums[channel] += sum
      squares[channel] += square
    }
    let count = max(1, images.count / channels)
    means = sums.map { Double($0) / Double(count) / 255 }
    deviations = zip(sums, squares).map { Self.deviation(count: count, sum: $0, square: $1) }
  }

  /// Whether all pixels are equal is decided in whole numbers, where `N Σ x² = (Σ x)²` says so: a
  /// difference of rounded means may come out as 1e-17 instead of 0.
  private static func deviation(count: Int, sum: Int, square: Int) -> Double {
    if count.multipliedFullWidth(by: square) == sum.multipliedFullWidth(by: sum) { return 1 }
    let mean = Double(sum) / Double(count) / 255
    return (Double(square) / Double(count) / (255 * 255) - mean * mean).squareRoot()
  }

  /// The number of one level.
  public func number(_ level: UInt8, channel: Int) -> Float {
    Float((Double(level) / 255 - means[channel]) / deviations[channel])
  }

  /// Images scaled, with their labels.
  public func samples(
    _ images: [UInt8], shape: SampleShape, padding: Int = 0, labels: [Int]
  ) throws(ModelError) -> LabelledSamples {
    try LabelledSamples(
      images: images, shape: shape, padding: padding, scaling: self, labels: Labels(labels))
  }
}
