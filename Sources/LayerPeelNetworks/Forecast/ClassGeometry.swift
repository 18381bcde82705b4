public import LayerPeel

/// How class means and classifier rows lie to each other, whatever their lengths and their frame.
///
/// With `M` the centred class means and `V` the centred rows of the classifier, both `K × d`:
///
///     means M Mᵀ,   classifier V Vᵀ,   product V Mᵀ        each divided by its Frobenius norm
///
/// Rotations of the feature space and the scales of `W` and `H` drop out, so a network and a model
/// can be compared although their norms grow at different speeds. At neural collapse all three are
/// `P/√(K - 1)`.
public struct ClassGeometry: Hashable, Sendable {
  /// `M Mᵀ`, normalised, `K × K`; nil where all class means coincide.
  public let means: Matrix?
  /// `V Vᵀ`, normalised, `K × K`; nil where all rows are equal.
  public let classifier: Matrix?
  /// `V Mᵀ`, normalised, `K × K`; nil where it is zero.
  public let product: Matrix?

  /// That of given class means and classifier, both `K × d`, centred or not.
  ///
  /// *Cost:* three products of `K × K × d`.
  public init(means: Matrix, classifier: Matrix) {
    let (m, v) = (means.centred, classifier.centred)
    self.means = ClassGeometry.normalized(m * m.transposed)
    self.classifier = ClassGeometry.normalized(v * v.transposed)
    product = ClassGeometry.normalized(v * m.transposed)
  }

  /// That of a last layer.
  ///
  /// *Cost:* two passes over the features beside the products.
  public init(of point: Point, labels: Labels) {
    self.init(
      means: ClassStatistics(features: point.features, labels: labels).means,
      classifier: point.classifier)
  }

  private static func normalized(_ gram: Matrix) -> Matrix? {
    let norm = gram.norm
    return norm > 0 && norm.isFinite ? (1 / norm) * gram : nil
  }
}
