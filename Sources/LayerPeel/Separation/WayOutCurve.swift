/// A curve `θ + s Δ + s² Δ₂` of points, and the value along it.
struct WayOutCurve {
  let start: Point
  let first: Point
  let second: Point

  /// What evaluating the value along a curve told.
  struct Survey {
    /// `c` of `value(s) = value(0) + c s² + O(s⁴)`.
    let coefficient: Double
    let remainderSlope: Reading
    let bestStep: Double
    let bestValue: Double
  }

  func point(at step: Double) -> Point { start + step * first + (step * step) * second }

  /// `ρ²/(2 q_min)`; infinite where some sample is not separated.
  func value(at step: Double, labels: Labels) -> Double {
    let point = point(at: step)
    let margin = CrossEntropy.margins(logits: point.logits, labels: labels).min()!
    return margin > 0 ? Point.dot(point, point) / (2 * margin) : .infinity
  }

  /// Measures the curve at steps that halve, and follows it while the value falls.
  func survey(labels: Labels, predicted: Double) -> Survey {
    let base = value(at: 0, labels: labels)
    let largest = largestStep
    let steps = (0..<16).map { largest * Double(sign: .plus, exponent: -$0, significand: 1) }
    let changes = steps.map { value(at: $0, labels: labels) - base }
    var (bestStep, bestValue) = (0.0, base)
    for (step, change) in zip(steps, changes) where base + change < bestValue {
      (bestStep, bestValue) = (step, base + change)
    }
    return Survey(
      coefficient: coefficient(steps, changes),
      remainderSlope: remainderSlope(steps, changes, predicted: predicted, base: base),
      bestStep: bestStep, bestValue: bestValue)
  }

  /// Where the second-order term has the size of the point.
  private var largestStep: Double {
    let (length, curvature) = (start.norm, second.norm)
    return curvature > 0 ? min(length, (length / curvature).squareRoot()) : length
  }

  /// The extrapolated coefficient that changes least from one step to the next: above it terms of
  /// sixth order tell, below it rounding.
  private func coefficient(_ steps: [Double], _ changes: [Double]) -> Double {
    // With D(s) = c s² + e s⁴, 16 D(s/2) - D(s) = 3 c s².
    var (last, steadiest, smallestChange) = (Double.nan, Double.nan, Double.infinity)
    for k in 1..<steps.count {
      let square = steps[k - 1] * steps[k - 1]
      let estimate = (16 * changes[k] - changes[k - 1]) / (3 * square)
      let change = abs(estimate - last)
      if change < smallestChange { (steadiest, smallestChange) = (estimate, change) }
      last = estimate
    }
    return steadiest
  }

  /// Over the five smallest steps, 16-fold, whose remainders are well above rounding.
  private func remainderSlope(
    _ steps: [Double], _ changes: [Double], predicted: Double, base: Double
  ) -> Reading {
    let rounding = 1000 * .ulpOfOne * base
    var points: [(Double, Double)] = []
    for (step, change) in zip(steps, changes) {
      let remainder = abs(change - predicted * step * step)
      if remainder.isFinite, remainder > rounding {
        points.append((Double.log(step), Double.log(remainder)))
      }
    }
    guard points.count >= 5, let fit = LineFit(Array(points.suffix(5))) else {
      return .absent(because: "remainders are as small as rounding")
    }
    return .value(fit.slope)
  }
}
