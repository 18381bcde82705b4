/// Multipliers `λ ≥ 0` that bring `Jᵀλ` closest to a point, in least squares.
///
/// Steps along the projected gradient find which multipliers are positive, conjugate gradients on
/// those do the rest, and a projected line search keeps the sign. Where the constraints depend on
/// each other, or nearly so, there are many solutions; conjugate gradients then return one close to
/// the start, as they end where what is left hardly depends on the multipliers: at
/// `‖J r‖ ≤ 0.001 ‖J‖ ‖r‖`, or at rounding where `r` vanishes.
///
/// > Source: Moré & Toraldo, SIAM Journal on Optimization 1991.
struct NonnegativeFit {
  let jacobian: MarginJacobian
  /// `λ`, `K × n`.
  private(set) var weights: [Double]
  /// `θ - Jᵀλ`.
  private(set) var residual: Point
  /// Products with `J` or its transpose that are left.
  private var budget: Int
  /// `J (θ - Jᵀλ)`, minus the gradient.
  private var descent: [Double]
  private let rounding: Double
  /// `‖J‖`, from below.
  private let stretch: Double

  /// Fits from a start, whose entries at constraints that do not count are ignored.
  ///
  /// *Cost:* at most about `budget` times two products of `K × n × r`.
  init(_ jacobian: MarginJacobian, start: [Double], budget: Int) {
    self.jacobian = jacobian
    self.budget = budget
    weights = zip(start, jacobian.isActive).map { $1 ? max(0, $0) : 0 }
    let target = jacobian.point
    residual = target - jacobian.pull(weights)
    descent = jacobian.changes(along: residual)
    // Rounding of a product whose factors have the target's size.
    let image = jacobian.changes(along: target).euclideanNorm
    rounding = .ulpOfOne * image
    stretch = image / target.norm
    while self.budget > 0, projectedDescent.euclideanNorm > smallestDescent(of: residual) {
      let before = residual.norm
      stepAlongProjectedDescent()
      minimiseOverPositive()
      guard residual.norm < before * (1 - 1e-12) else { break }
    }
  }

  private func smallestDescent(of residual: Point) -> Double {
    max(rounding, 1e-3 * stretch * residual.norm)
  }

  /// The descent without what would make a multiplier negative.
  private var projectedDescent: [Double] {
    var projected = descent
    for i in projected.indices where weights[i] <= 0 && projected[i] < 0 { projected[i] = 0 }
    return projected
  }

  private mutating func stepAlongProjectedDescent() {
    let direction = projectedDescent
    let image = jacobian.pull(direction)
    budget -= 1
    let curvature = Point.dot(image, image)
    guard curvature > 0 else { return }
    move(along: direction, image: image, step: dot(direction, direction) / curvature)
  }

  /// Conjugate gradients over the multipliers that are positive, all others held at 0.
  private mutating func minimiseOverPositive() {
    let isFree = weights.map { $0 > 0 }
    var gradient = descent.masked(by: isFree)
    var square = dot(gradient, gradient)
    var (direction, total) = (gradient, [Double](repeating: 0, count: weights.count))
    var rest = residual
    for _ in 0..<80 where square.squareRoot() > smallestDescent(of: rest) && budget > 0 {
      let image = jacobian.pull(direction)
      let curvature = Point.dot(image, image)
      guard curvature > 0 else { break }
      total.add(square / curvature, direction)
      rest = rest - (square / curvature) * image
      gradient = jacobian.changes(along: rest).masked(by: isFree)
      let next = dot(gradient, gradient)
      direction.scale(by: next / square)
      direction.add(1, gradient)
      square = next
      budget -= 2
    }
    move(along: total, image: residual - rest, step: 1)
  }

  /// Goes along a direction with negative multipliers cut off, by the largest of `step`, `step/2`, …
  /// that comes closer.
  private mutating func move(along direction: [Double], image: Point, step: Double) {
    let before = residual.norm
    var step = step
    for _ in 0..<30 {
      var next = weights
      next.add(step, direction)
      let isInside = next.allSatisfy { $0 >= 0 }
      if !isInside { next.cutNegative() }
      let rest =
        isInside ? residual - step * image : jacobian.point - jacobian.pull(next)
      if !isInside { budget -= 1 }
      if rest.norm < before {
        (weights, residual) = (next, rest)
        descent = jacobian.changes(along: rest)
        budget -= 1
        return
      }
      step /= 2
    }
  }
}

extension [Double] {
  fileprivate mutating func cutNegative() {
    for i in indices where self[i] < 0 { self[i] = 0 }
  }

  fileprivate func masked(by mask: [Bool]) -> [Double] {
    var masked = self
    for i in indices where !mask[i] { masked[i] = 0 }
    return masked
  }
}
