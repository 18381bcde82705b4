/// The way out of a KKT point that is not global: a curve along which the norm falls and no margin.
///
/// With `σ = ‖A(λ)‖₂ > 1`, its top singular pair `(u, v)` and a unit `a` with `Wa = 0`, `Ha = 0`,
///
///     θ(s) = θ̃ + s Δ + s² Δ₂,   Δ = (u aᵀ, v aᵀ),   J Δ₂ = -(u_{y_i} - u_j) v_i,
///
/// `Δ₂` of least norm over the active constraints and `J` the derivative of their margins. The value
/// `ρ²/(2 q_min)` then changes by `-(σ - 1) s²` and terms of fourth order; without `Δ₂` the margins
/// would change in second order too, and the margin ratio fall. Lengths are those of `θ̃`, the point
/// scaled to least margins of 1.
public struct Escape: Hashable, Sendable {
  /// `σ = ‖A(λ)‖₂`.
  public let sigma: Double
  /// `-(σ - 1)`, the predicted second-order coefficient of the value along the curve.
  public var predicted: Double { 1 - sigma }
  /// The same coefficient, measured on the curve by extrapolation.
  public let measured: Double
  /// Slope, in logarithms, of what the prediction leaves against the step, over a decade of steps
  /// above rounding: 4 where the prediction is right.
  public let remainderSlope: Reading
  /// How far the curve was followed: `s` where the value is least among the steps tried.
  public let step: Double
  /// The value there: that of a better point of the same dimension.
  public let value: Double
  /// `v* / value` there.
  public let marginRatio: Double

  private let start: Point
  private let first: Point
  private let second: Point
  private let basis: Matrix

  /// `Δ`, `K × d` and `N × d`, of norm `√2`.
  public var direction: Point { lifted(first) }
  /// `Δ₂`.
  public var correction: Point { lifted(second) }
  /// `θ(s)`, from the part of the point that its classifier sees.
  public func point(at step: Double) -> Point { lifted(curve.point(at: step)) }

  private var curve: EscapeCurve { EscapeCurve(start: start, first: first, second: second) }

  private func lifted(_ point: Point) -> Point {
    Point(classifier: point.classifier * basis, features: point.features * basis)
  }
}

extension Escape {
  /// Finds and follows the way out of a separated point with given multipliers.
  ///
  /// *Cost:* some hundred products of `K × N × r`.
  ///
  /// - Returns: nil, with the reason, where there is none.
  static func find(
    from point: ReducedPoint, margins: Matrix, leastMargin: Double, multipliers: Multipliers,
    value bestValue: Double, tolerance: Double
  ) -> Result<Escape, Absence> {
    let dual = multipliers.dualMatrix
    let eigen = (dual * dual.transposed).symmetricEigen
    let sigma = eigen.values[dual.rows - 1].squareRoot()
    guard sigma > 1 + tolerance else {
      return .failure(Absence(reason: "the norm of A(λ) is \(sigma), not above 1"))
    }
    guard let room = FreeDirection(point, tolerance: tolerance) else {
      return .failure(
        Absence(
          reason: "W and H have full rank in \(point.basis.columns) dimensions: no unit vector a "
            + "has Wa = 0 and Ha = 0"))
    }
    let u = Matrix(rows: dual.rows, columns: 1, elements: Array(eigen.vectors.row(dual.rows - 1)))
    let v = (1 / sigma) * (dual.transposed * u)
    let direction = Point(classifier: u * room.vector, features: v * room.vector)
    let start = (1 / leastMargin.squareRoot()) * room.widened(point.inside)
    // Margins that are nearly tight are kept too: they would be the first to be violated.
    let constraints = ActiveConstraints(
      margins, labels: point.labels, within: (1 + tolerance.squareRoot()) * leastMargin)
    let correction = constraints.leastCorrection(at: start, curvature: u * v.transposed)
    let curve = EscapeCurve(start: start, first: direction, second: correction)
    return .success(
      Escape(
        curve, labels: point.labels, sigma: sigma, basis: room.basis, bestValue: bestValue))
  }

  private init(
    _ curve: EscapeCurve, labels: Labels, sigma: Double, basis: Matrix, bestValue: Double
  ) {
    let survey = curve.survey(labels: labels, predicted: 1 - sigma)
    self.sigma = sigma
    measured = survey.coefficient
    remainderSlope = survey.remainderSlope
    (step, value) = (survey.bestStep, survey.bestValue)
    marginRatio = bestValue / survey.bestValue
    (start, first, second) = (curve.start, curve.first, curve.second)
    self.basis = basis
  }
}

/// Why something is not there.
struct Absence: Error, Hashable {
  let reason: String
}

/// A unit vector that neither the classifier nor the features see, and coordinates that hold it.
struct FreeDirection {
  /// `a`, a row in the coordinates of `basis`.
  let vector: Matrix
  /// The point's basis, with `a` below it where it lies outside.
  let basis: Matrix

  /// nil where the rows of `W` and `H` span all dimensions.
  init?(_ point: ReducedPoint, tolerance: Double) {
    let (rank, dimension) = (point.basis.rows, point.basis.columns)
    if rank < dimension {
      vector = Matrix(rows: 1, columns: rank + 1) { $1 == rank ? 1 : 0 }
      basis = Matrix(
        rows: rank + 1, columns: dimension,
        elements: point.basis.elements + point.basis.unitVectorOutside)
      return
    }
    let (w, h) = (point.inside.classifier, point.inside.features)
    let eigen = (w.transposed * w + h.transposed * h).symmetricEigen
    // Eigenvalues of a Gram matrix are right to rounding of the largest: lengths to its root.
    let limit = max(tolerance, 1e-7) * point.norm
    guard eigen.values[0] <= limit * limit else { return nil }
    vector = Matrix(rows: 1, columns: rank, elements: Array(eigen.vectors.row(0)))
    basis = point.basis
  }

  /// A point in these coordinates.
  func widened(_ point: Point) -> Point { point.padded(to: basis.rows) }
}

extension Matrix {
  /// A unit vector orthogonal to orthonormal rows, made from the axis that they cover least.
  fileprivate var unitVectorOutside: [Double] {
    let cover = (0..<columns).map { j in (0..<rows).reduce(0) { $0 + self[$1, j] * self[$1, j] } }
    let axis = cover.indices.min { cover[$0] < cover[$1] }!
    var vector = (0..<columns).map { $0 == axis ? 1.0 : 0.0 }
    for _ in 0..<2 {  // the second time removes what rounding left
      for k in 0..<rows {
        let row = Array(self.row(k))
        vector.add(-dotProduct(row.span, vector.span), row)
      }
    }
    vector.scale(1 / vector.euclideanNorm)
    return vector
  }
}

extension ActiveConstraints {
  /// The least-norm `Δ₂` with `J Δ₂ = -(c_{y_i} - c_j)` for changes `c` of the logits, `K × N`.
  ///
  /// Conjugate gradients on the normal equations, from zero: they stay in the row space of `J`.
  fileprivate func leastCorrection(at point: Point, curvature: Matrix) -> Point {
    let jacobian = jacobian(at: point)
    var solution = Point(
      classifier: Matrix(rows: point.classifier.rows, columns: point.dimension),
      features: Matrix(rows: samples.count, columns: point.dimension))
    var rest = jacobian.differences(gathered(curvature)).map { -$0 }
    var gradient = jacobian.pull(rest)
    var (direction, square) = (gradient, Point.dot(gradient, gradient))
    let goal = square * 1e-30
    for _ in 0..<500 where square > goal {
      let image = jacobian.changes(along: direction)
      let curvature = dot(image, image)
      guard curvature > 0 else { break }
      solution = solution + (square / curvature) * direction
      rest.add(-square / curvature, image)
      gradient = jacobian.pull(rest)
      let next = Point.dot(gradient, gradient)
      direction = gradient + (next / square) * direction
      square = next
    }
    var features = Matrix(rows: point.features.rows, columns: point.dimension)
    for (n, i) in samples.enumerated() {
      for j in 0..<point.dimension { features[i, j] = solution.features[n, j] }
    }
    return Point(classifier: solution.classifier, features: features)
  }
}
