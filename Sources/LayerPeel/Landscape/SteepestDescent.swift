/// Gradient descent whose step lengths come from the last change of point and gradient (Barzilai &
/// Borwein), shortened until the loss falls enough (Armijo): it never rises.
///
/// > Source: Barzilai & Borwein, IMA J. Numer. Anal. 1988.
struct SteepestDescent {
  /// No step is longer than this share of the point's norm.
  let longest: Double
  private var length = Double.infinity

  init(longest: Double) { self.longest = longest }

  /// A lower point, or nil where rounding finds none.
  mutating func step(from slope: Slope, counting cost: inout Cost) -> Slope? {
    guard slope.gradientNorm > 0 else { return nil }
    length = min(length, longest * slope.point.norm / slope.gradientNorm)
    let decrease = slope.gradientNorm * slope.gradientNorm
    for _ in 0..<60 {
      let next = slope.moved(by: slope.gradient.map { -length * $0 })
      if next.objective <= slope.objective - 1e-4 * length * decrease {
        adapt(slope, next)
        return next
      }
      cost.gradientEvaluations += 1
      length *= 0.5
    }
    return nil
  }

  private mutating func adapt(_ last: Slope, _ next: Slope) {
    let move = (next.point - last.point).flat
    let bend = zip(next.gradient, last.gradient).map { $0 - $1 }
    let curvature = dotProduct(move.span, bend.span)
    let proposal = dotProduct(move.span, move.span) / curvature
    // Along a direction of negative curvature there is no such length: be bolder instead.
    length = curvature > 0 ? min(proposal, 10 * length) : 2 * length
  }
}

extension Landscape {
  /// Descends until the gradient is at most this share of the largest that the loss could have, in
  /// the neighbourhood of some critical point; or for so many steps.
  func roughlyDescended(from start: Point, toShare share: Double, steps: Int = 500) -> Point {
    var slope = Slope(settings.level, model, at: start)
    var descent = SteepestDescent(longest: 0.1)
    var cost = Cost()
    for _ in 0..<steps where slope.scaledGradient > share {
      guard let next = descent.step(from: slope, counting: &cost) else { break }
      slope = next
    }
    return slope.point
  }
}
