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
  /// `log L` and the ratios `G / L`, right where `L` underflows.
  public let logLoss: LogLoss
  /// `μ / L`, of any sign; 0 at the origin.
  package let relativeMultiplier: Double
  /// The tangent part of the gradient, divided by `L`.
  package let relativeGradient: Point

  /// The loss of a model at a point, whose norm is the sphere's radius.
  ///
  /// *Cost:* three products of `K × N × d`, one exponential a logit.
  ///
  /// - Precondition: The point passed ``LayerPeeledModel/validate(_:)``.
  public init(_ model: LayerPeeledModel, at point: Point) {
    self.model = model
    self.point = point
    logLoss = model.logLoss(at: point)
    let squaredNorm = Point.dot(point, point)
    relativeMultiplier =
      squaredNorm > 0 ? -Point.dot(logLoss.gradient, point) / squaredNorm : 0
    relativeGradient = logLoss.gradient + relativeMultiplier * point
  }

  /// `L`, the sum over samples in nats.
  public var value: Double { .exp(logLoss.value) }
  /// `G = P - Y`, `K × N`; each column sums to zero.
  public var residuals: Matrix { value * logLoss.ratios }
  /// `μ`, of any sign; 0 at the origin.
  public var multiplier: Double { value * relativeMultiplier }
  /// `∇L + μ (W, H)`, the part of the gradient that is tangent to the sphere.
  public var gradient: Point { value * relativeGradient }

  /// A vector without its part along the point.
  public func tangent(_ vector: Point) -> Point {
    let squaredNorm = Point.dot(point, point)
    guard squaredNorm > 0 else { return vector }
    return vector - (Point.dot(point, vector) / squaredNorm) * point
  }

  /// The product of the sphere's Hessian, `Π (∇²L + μ) Π`, with a vector.
  ///
  /// *Cost:* seven products of `K × N × d` and an exponential a logit.
  public func hessianProduct(along vector: Point) -> Point {
    let hessian = TangentHessian(self)
    return value * hessian.product(with: vector)
  }
}
