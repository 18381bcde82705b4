/// The function of a landscape at one point, to second order: `log L` on a sphere, or
/// `L + (μ/2) ρ²` in the whole space.
///
/// The logarithm has the same critical points, and with them of the same kind; its slopes stay of
/// ordinary size where the loss underflows. In the whole space it would vanish at infinity, and the
/// decay keeps the loss from underflowing. Vectors are flat, `W` first, then `H`.
struct Slope {
  let level: Landscape.Level
  let model: LayerPeeledModel
  let point: Point
  /// `log L`.
  let logLoss: Double
  /// `log L`, or `L + (μ/2) ρ²`.
  let objective: Double
  /// Its gradient, on a sphere the tangent part.
  let gradient: [Double]
  /// The norm of that.
  let gradientNorm: Double
  /// `‖G‖ ρ`, for a logarithm over `L`: no gradient of the loss is larger.
  let scale: Double
  /// `μ/L`.
  let relativeMultiplier: Double
  private let loss: SphereLoss

  init(_ level: Landscape.Level, _ model: LayerPeeledModel, at point: Point) {
    (self.level, self.model, self.point) = (level, model, point)
    loss = SphereLoss(model, at: point)
    logLoss = loss.logLoss.value
    relativeMultiplier = loss.relativeMultiplier
    // Radii are 1e-3 at least; below it, the origin is near.
    let largest = loss.logLoss.ratios.norm * max(point.norm, 1e-3)
    switch level {
    case .radius:
      objective = logLoss
      gradient = loss.relativeGradient.flat
      scale = largest
    case .weightDecay(let decay):
      let value = Double.exp(logLoss)
      objective = value + decay / 2 * Point.dot(point, point)
      gradient = (value * loss.logLoss.gradient + decay * point).flat
      scale = value * largest
    }
    gradientNorm = gradient.euclideanNorm
  }

  /// The norm of the gradient of the loss itself, with its decay if there is one.
  var absoluteGradientNorm: Double {
    if case .radius = level { gradientNorm * .exp(logLoss) } else { gradientNorm }
  }

  /// The same; absent where it is too small for a double.
  var gradientReading: Reading {
    if case .radius = level { return Reading(ratio: gradientNorm, ofLogLoss: logLoss) }
    return .value(gradientNorm)
  }

  /// Whether the gradient is zero: at most 1e-10, and at most 1e-13 `‖G‖ ρ`; or as small as the
  /// rounding of the logits leaves it.
  ///
  /// The gradient is proportional to the loss, so at a large radius the first alone would be met by
  /// every point of small loss. Where curvatures are small, as at small radii or where zeros of the
  /// Hessian are more than symmetry gives, a small gradient says little about how near the solution
  /// is, so the second is as strict as rounding allows. Logits `z` are right to `ε max |z|`, and so
  /// is each ratio to `L`. With weight decay the point's own multiplier must be the decay to 1e-7.
  var isCritical: Bool {
    if case .weightDecay(let decay) = level, point.norm > 1e-6,
      gradientNorm > 1e-7 * decay * point.norm
    {
      return false  // critical for another decay
    }
    let logit = point.logits.elements.reduce(0) { max($0, abs($1)) }
    return gradientNorm <= 2 * .ulpOfOne * logit * scale
      || (absoluteGradientNorm <= 1e-10 && gradientNorm <= 1e-13 * scale)
  }

  /// The gradient as a share of the largest that a loss with these residuals could have.
  var scaledGradient: Double { scale > 0 ? gradientNorm / scale : 0 }

  /// The slope after a step, brought back to the sphere.
  func moved(by step: [Double]) -> Slope {
    Slope(level, model, at: level.place(point + model.point(flat: step)))
  }

  /// The Hessian, on a sphere between tangent vectors, as an operator.
  var hessian: SlopeHessian { SlopeHessian(self, loss) }
}

/// The Hessian of a landscape's function at one point.
struct SlopeHessian {
  private let slope: Slope
  private let tangent: TangentHessian?
  private(set) var products = 0

  fileprivate init(_ slope: Slope, _ loss: SphereLoss) {
    self.slope = slope
    tangent = if case .radius = slope.level { TangentHessian(loss) } else { nil }
  }

  /// The product with a vector.
  ///
  /// *Cost:* six products of `K × N × d`; with decay nine.
  mutating func product(with vector: [Double]) -> [Double] {
    products += 1
    if let tangent { return logarithmic(tangent, vector) }
    guard case .weightDecay(let decay) = slope.level else { preconditionFailure("no such level") }
    // ∇²L = L (∇² log L + ∇ log L ∇ log Lᵀ).
    let direction = slope.model.point(flat: vector)
    let first = slope.model.logLoss(at: slope.point).gradient
    let second =
      slope.model.hessianProduct(at: slope.point, along: direction)
      + Point.dot(first, direction) * first
    return (Double.exp(slope.logLoss) * second + decay * direction).flat
  }

  /// `∇² log L = ∇²L/L - ∇ log L ∇ log Lᵀ`, between tangent vectors.
  private func logarithmic(_ tangent: TangentHessian, _ vector: [Double]) -> [Double] {
    var result = vector
    var span = result.mutableSpan
    tangent.multiply(vector.span, into: &span)
    let along = dotProduct(slope.gradient.span, vector.span)
    linearSum(1, of: &span, -along, slope.gradient.span)
    return result
  }
}

extension Landscape.Level {
  /// The point itself, or its projection to the sphere.
  func place(_ point: Point) -> Point {
    switch self {
    case .radius(let radius): point.norm > 0 ? (radius / point.norm) * point : point
    case .weightDecay: point
    }
  }
}
