/// Cross-entropy on the sphere `‖W‖² + ‖H‖² = ρ²`, where its critical points are worth a name.
///
/// The loss can always be lowered by scaling, so only what happens at one norm counts. With
/// `G = P - Y`, a point of the sphere is critical when
///
///     G H = -μ W,   Gᵀ W = -μ H,   μ = -2 ⟨G, W Hᵀ⟩ / ρ²
///
/// and then it is also critical for `L + (μ/2) ρ²`, the model with weight decay `μ`. Tangent vectors
/// are those with `⟨W, ΔW⟩ + ⟨H, ΔH⟩ = 0`; the Hessian of the sphere is `Π (∇²L + μ) Π`, `Π` the
/// projection onto them.
public struct SphereLoss: Sendable {
  /// The model.
  public let model: LayerPeeledModel
  /// Where on the sphere.
  public let point: Point
  /// `L`, the sum over samples in nats.
  public let value: Double
  /// `p_ij`, `K × N`.
  package let probabilities: Matrix
  /// `G = P - Y`, `K × N`; each column sums to zero.
  public let residuals: Matrix
  /// `μ`, of any sign; 0 at the origin.
  public let multiplier: Double
  /// `∇L + μ (W, H)`, the part of the gradient that is tangent to the sphere.
  public let gradient: Point

  /// The loss of a model at a point, whose norm is the sphere's radius.
  ///
  /// *Cost:* three products of `K × N × d`, one exponential a logit.
  ///
  /// - Precondition: The point passed ``LayerPeeledModel/validate(_:)``.
  public init(_ model: LayerPeeledModel, at point: Point) {
    let loss = model.logLoss(at: point)
    let labels = model.labels
    let value = Double.exp(loss.value)
    let residuals = value * loss.ratios
    var probabilities = residuals
    for i in 0..<labels.count { probabilities[labels[i], i] += 1 }
    let slope = Point(
      classifier: residuals * point.features, features: residuals.transposed * point.classifier)
    let squaredNorm = Point.dot(point, point)
    let multiplier = squaredNorm > 0 ? -Point.dot(slope, point) / squaredNorm : 0
    self.model = model
    self.point = point
    self.value = value
    self.probabilities = probabilities
    self.residuals = residuals
    self.multiplier = multiplier
    gradient = slope + multiplier * point
  }

  /// A vector without its part along the point.
  public func tangent(_ vector: Point) -> Point {
    let squaredNorm = Point.dot(point, point)
    guard squaredNorm > 0 else { return vector }
    return vector - (Point.dot(point, vector) / squaredNorm) * point
  }

  /// The product of the sphere's Hessian, `Π (∇²L + μ) Π`, with a vector.
  ///
  /// *Cost:* six products of `K × N × d`.
  public func hessianProduct(along vector: Point) -> Point {
    let direction = tangent(vector)
    let change =
      direction.classifier * point.features.transposed
      + point.classifier * direction.features.transposed
    // δP = P ∘ (δZ - 1 (Σ_k P ∘ δZ)): a softmax's derivative, column by column.
    var delta = probabilities
    for (i, mean) in columnDots(probabilities, change).enumerated() {
      for k in 0..<delta.rows { delta[k, i] *= change[k, i] - mean }
    }
    let product = Point(
      classifier: delta * point.features + residuals * direction.features,
      features: delta.transposed * point.classifier + residuals.transposed * direction.classifier)
    return tangent(product + multiplier * direction)
  }

  private func columnDots(_ a: Matrix, _ b: Matrix) -> [Double] {
    var sums = [Double](repeating: 0, count: a.columns)
    for k in 0..<a.rows { for i in 0..<a.columns { sums[i] += a[k, i] * b[k, i] } }
    return sums
  }
}
