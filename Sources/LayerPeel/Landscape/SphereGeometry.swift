/// What can be said of a point of the sphere without its Hessian; losses and slopes over `L`.
struct SphereGeometry {
  /// `ρ`.
  let radius: Double
  /// `μ/L`.
  let multiplier: Double
  /// `σ/L`, and unit singular vectors `u` of the classes and `v` of the samples.
  let spectralNorm: Double
  let left: [Double]
  let right: [Double]
  /// The tangent gradient over `σρ`.
  let scaledGradient: Double
  /// `max |z|`: the logits' rounding is this times `ε`, and so is the relative one of each ratio.
  let logitSize: Double
  /// Right singular vectors of `(W; H)`, one a row, `d × d`, and its singular values.
  let axes: Matrix
  let singularValues: [Double]
  /// `(σ - μ)ρ²/(2L)` where it is a bound; else nil.
  let bound: Double?
  /// `L` over the least loss on the sphere, minus 1, where neural collapse is known to be best.
  let excess: Double?

  init(_ loss: SphereLoss) {
    let model = loss.model
    let ratios = loss.logLoss.ratios
    radius = loss.point.norm
    multiplier = loss.relativeMultiplier
    // The largest eigenvalue of the Gram matrix is right to rounding.
    let (values, vectors) = (ratios * ratios.transposed).symmetricEigen
    spectralNorm = values[values.count - 1].squareRoot()
    left = Array(vectors.row(values.count - 1))
    let sigma = spectralNorm
    right = (Matrix(rows: 1, columns: left.count, elements: left) * ratios).elements
      .map { $0 / sigma }
    scaledGradient = radius > 0 ? loss.relativeGradient.norm / (spectralNorm * radius) : 0
    logitSize = loss.point.logits.elements.reduce(0) { max($0, abs($1)) }
    (axes, singularValues) = SphereGeometry.principalAxes(loss.point)
    guard model.dimension >= model.sizes.classes - 1 else {
      (bound, excess) = (nil, nil)
      return
    }
    bound = (spectralNorm - multiplier) * radius * radius / 2
    excess = model.sizes.areBalanced ? SphereGeometry.excess(loss, radius: radius) : nil
  }

  /// Balanced, `L ≥ N log(1 + (K - 1) e^{-γ* ρ²})` on the sphere, with equality at neural collapse.
  private static func excess(_ loss: SphereLoss, radius: Double) -> Double {
    let sizes = loss.model.sizes
    let classes = Double(sizes.classes)
    let root = (Double(sizes.samples) / classes).squareRoot()
    let margin = radius * radius / (2 * (classes - 1) * root)
    let exponent = Double.log(classes - 1) - margin
    let least = exponent < -37 ? exponent : .log(.softplus(exponent))
    return .expm1(loss.logLoss.value - least - .log(Double(sizes.samples)))
  }

  private static func principalAxes(_ point: Point) -> (Matrix, [Double]) {
    let d = point.dimension
    let stacked = point.flat
    // As many rows as columns at least, for a whole basis.
    let rows = max(stacked.count / d, d)
    let padding = [Double](repeating: 0, count: rows * d - stacked.count)
    let svd = ThinSVD(Matrix(rows: rows, columns: d, elements: stacked + padding))
    return (svd.right, svd.values)
  }

  /// Below this a singular value counts as zero.
  var leastSingularValue: Double { CriticalPoint.rankTolerance * singularValues[0] }
  /// The numerical rank of `(W; H)`.
  var rank: Int { singularValues.count { $0 > leastSingularValue } }
  /// The dimension of the orbit under rotations.
  var rotations: Int {
    let (d, rest) = (axes.rows, axes.rows - rank)
    return d * (d - 1) / 2 - rest * (rest - 1) / 2
  }

  /// Curvatures that the gradient left over, or the rounding of the ratios, could fake.
  ///
  /// A rotation `θΩ` of a point with gradient `g` has a curvature of up to `‖g‖‖θΩ²‖/‖θΩ‖²`: `‖g‖/ρ`
  /// times the spread of the point's singular values, for which a hundred is allowed.
  var noise: Double { (100 * scaledGradient + 1e-12 + rounding) * spectralNorm }
  /// Of the ratios, and of what is linear in them, relative to themselves.
  private var rounding: Double { 16 * .ulpOfOne * logitSize }
  /// Whether the gradient vanishes.
  var isCritical: Bool {
    scaledGradient <= CriticalPoint.gradientTolerance + 8 * .ulpOfOne * logitSize
  }

  /// Whether `μ` vanishes: a critical point of `L` itself.
  var isUnforced: Bool { abs(multiplier) <= noise }

  /// Whether the loss is the least on the sphere, to 1e-8 of it and rounding.
  ///
  /// `μρ²/2L` is about `max|z|`, and so is the rounding of the bound, in units of that of `σ` and `μ`.
  /// On a small sphere, where all losses are close, `σ = μ` must hold as well.
  private var isGlobal: Bool {
    guard let bound, spectralNorm - multiplier <= (1e-8 + rounding) * spectralNorm else {
      return false
    }
    let size = 1 + logitSize
    return bound <= 1e-8 + 16 * .ulpOfOne * size * size
      || (excess ?? .infinity) <= 1e-8 + 16 * .ulpOfOne * size
  }

  /// What the point is.
  func verdict(_ curvature: TangentCurvature, descent: CriticalPoint.Descent)
    -> CriticalPoint.Verdict
  {
    guard isCritical else { return .notCritical }
    // Either is a Rayleigh quotient or an eigenvalue within its error: certain from above.
    let upper = min(curvature.lowest + curvature.error, descent.relativeCurvature)
    if upper < -curvature.resolution { return .strictSaddle }
    if isGlobal { return .globalMinimum }
    guard bound == nil, let nullity = curvature.nullity else { return .degenerate }
    return curvature.index == 0 && nullity <= rotations ? .localMinimum : .degenerate
  }
}
