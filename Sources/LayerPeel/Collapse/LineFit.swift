/// The straight line closest to points, in least squares.
public struct LineFit: Hashable, Sendable {
  /// `b` of `y = a + b x`.
  public let slope: Double
  /// `a` of `y = a + b x`.
  public let intercept: Double
  /// Standard error of the slope; infinite with two points.
  public let slopeError: Double

  /// Fits points `(x, y)`; nil with fewer than two different `x`.
  public init?(_ points: [(Double, Double)]) {
    let n = Double(points.count)
    guard points.count >= 2 else { return nil }
    let meanX = points.reduce(0) { $0 + $1.0 } / n
    let meanY = points.reduce(0) { $0 + $1.1 } / n
    let spread = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
    guard spread > 0 else { return nil }
    slope = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    intercept = meanY - slope * meanX
    let (a, b) = (intercept, slope)
    let residual = points.reduce(0) { sum, point in
      let r = point.1 - a - b * point.0
      return sum + r * r
    }
    slopeError = n > 2 ? (residual / (n - 2) / spread).squareRoot() : .infinity
  }
}
