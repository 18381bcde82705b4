/// Gauss–Newton with a trust region on the squared gradient, `min ½ ‖g‖²`, `g = ∇ log L`: it goes to the nearest
/// critical point of whatever kind, minimum or saddle.
///
/// A step minimises `‖g + H s‖` over `‖s‖ ≤ Δ` by conjugate gradients on the normal equations, with
/// nothing but Hessian products. The Hessian is singular along rotations; started from zero, the
/// iteration stays in its range, so the step is the one of least norm. The residual vanishes at a
/// solution, which makes convergence quadratic there.
///
/// > Source: Hestenes & Stiefel 1952 for the iteration, Steihaug, SIAM J. Numer. Anal. 1983 for its
/// > stop at the edge of the region.
public struct Refinement: Sendable {
  /// How far a refinement may go.
  public struct Settings: Hashable, Sendable {
    /// Steps after which a start is given up.
    public var maximumSteps = 300
    /// Hessian products of one step, half of them with the transpose, at most.
    public var maximumProducts = 1_000

    /// Defaults that are rarely reached where a critical point is near.
    public init() {}
  }

  /// Where it ended.
  public struct Result: Sendable {
    /// The last point.
    public let point: Point
    /// Norm of the gradient there.
    public let gradientNorm: Double
    /// Whether that is zero as far as doubles can tell.
    public let isCritical: Bool
    /// Why it stopped.
    public let termination: Termination
    /// What it took.
    public let cost: Cost
  }
}

extension Landscape {
  /// Refines a point to a critical one nearby, or says how far it came.
  ///
  /// *Cost:* about ten steps from a construction and some tens from a random point, each of 20 to
  /// 200 Hessian products.
  ///
  /// - Parameters:
  ///   - start: A point that passed ``LayerPeeledModel/validate(_:)``; moved to the sphere first.
  ///   - isCancelled: Asked once a step.
  public func refine(_ start: Point, isCancelled: () -> Bool = { false }) -> Refinement.Result {
    var run = RefinementRun(
      Slope(settings.level, model, at: settings.level.place(start)), settings.refinement)
    while run.termination == nil {
      if isCancelled() { run.termination = .interrupted } else { run.advance() }
    }
    return run.result
  }
}

private struct RefinementRun {
  var termination: Termination?
  private var slope: Slope
  private let settings: Refinement.Settings
  private var trust: Double
  private var cost = Cost()

  init(_ slope: Slope, _ settings: Refinement.Settings) {
    self.slope = slope
    self.settings = settings
    // A tenth of the point's own size: near enough to stay with the start's geometry.
    trust = 0.1 * slope.point.norm
    cost.gradientEvaluations = 1
    if slope.isCritical { termination = .settled }
  }

  var result: Refinement.Result {
    Refinement.Result(
      point: slope.point, gradientNorm: slope.absoluteGradientNorm, isCritical: slope.isCritical,
      termination: termination ?? .stationary, cost: cost)
  }

  mutating func advance() {
    guard cost.steps < settings.maximumSteps else {
      termination = .evaluationLimit
      return
    }
    let model = LeastSquaresStep(slope, within: trust, products: settings.maximumProducts)
    cost.hessianProducts += model.products
    let next = slope.moved(by: model.step)
    cost.gradientEvaluations += 1
    cost.steps += 1
    let (before, after) = (slope.gradientNorm, next.gradientNorm)
    let quality = (before - after) * (before + after) / model.predictedGain
    if !(quality > 0.25) {
      trust = 0.25 * model.step.euclideanNorm
    } else if quality > 0.75, model.isAtEdge {
      trust *= 2
    }
    if after < before { slope = next }
    if slope.isCritical {
      termination = .settled
    } else if trust <= 1e-12 * slope.point.norm || model.predictedGain == 0 {
      termination = .stationary
    }
  }
}

/// `argmin ‖g + H s‖` over `‖s‖ ≤ Δ`, roughly.
private struct LeastSquaresStep {
  private(set) var step: [Double]
  /// `‖g‖² - ‖g + H s‖²`.
  private(set) var predictedGain = 0.0
  private(set) var isAtEdge = false
  private(set) var products = 0

  init(_ slope: Slope, within trust: Double, products limit: Int) {
    var hessian = slope.hessian
    var residual = slope.gradient.map { -$0 }
    step = residual.map { _ in 0 }
    var pull = hessian.product(with: residual)
    var direction = pull
    var strength = dotProduct(pull.span, pull.span)
    // Superlinear: the closer to a solution, the more exactly a step is solved for.
    let enough = strength * min(1e-4, slope.scaledGradient)
    while hessian.products + 2 <= limit, strength > enough {
      let image = hessian.product(with: direction)
      let length = strength / dotProduct(image.span, image.span)
      guard length.isFinite else { break }
      let remaining = distanceToEdge(from: step, along: direction, trust)
      isAtEdge = length >= remaining
      step.add(min(length, remaining), direction)
      residual.add(-min(length, remaining), image)
      if isAtEdge { break }
      pull = hessian.product(with: residual)
      let last = strength
      strength = dotProduct(pull.span, pull.span)
      var span = direction.mutableSpan
      linearSum(strength / last, of: &span, 1, pull.span)
    }
    products = hessian.products
    let (before, after) = (slope.gradientNorm, residual.euclideanNorm)
    predictedGain = max(0, (before - after) * (before + after))
  }
}

/// The `t > 0` with `‖x + t p‖ = Δ`, for `‖x‖ < Δ`.
private func distanceToEdge(from x: [Double], along p: [Double], _ trust: Double) -> Double {
  let (a, b) = (dotProduct(p.span, p.span), dotProduct(x.span, p.span))
  let c = dotProduct(x.span, x.span) - trust * trust
  return (-b + (b * b - a * c).squareRoot()) / a
}
