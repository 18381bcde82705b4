public import LayerPeel

/// How bytes of an image become the numbers a network sees: `(x/255 - mean) / deviation`.
///
/// Mean and deviation are single numbers, those of all pixels of the training set, and serve the
/// test set too.
public struct PixelScaling: Hashable, Sendable {
  /// Mean of `x/255`.
  public let mean: Double
  /// Its standard deviation (population); 1 where all pixels are equal.
  public let deviation: Double

  /// The scaling that standardises `images`.
  ///
  /// Sums of bytes and of their squares are exact in 64 bits.
  public init(standardizing images: [UInt8]) {
    var (sum, squares) = (0, 0)
    for byte in images {
      sum += Int(byte)
      squares += Int(byte) * Int(byte)
    }
    let count = Double(max(1, images.count))
    let mean = Double(sum) / count / 255
    let variance = Double(squares) / count / (255 * 255) - mean * mean
    self.mean = mean
    deviation = variance > 0 ? variance.squareRoot() : 1
  }

  /// Images of `width` pixels each, scaled, with their labels.
  public func samples(
    _ images: [UInt8], width: Int, labels: [Int]
  ) throws(ModelError) -> LabelledSamples {
    let values = (0...255).map { Float((Double($0) / 255 - mean) / deviation) }
    return try LabelledSamples(
      inputs: images.map { values[Int($0)] }, width: width, labels: Labels(labels))
  }
}
