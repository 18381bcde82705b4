extension CriticalPoint {
  /// A tangent direction along which the loss on the sphere falls, to second order.
  public struct Descent: Hashable, Sendable {
    /// Where a direction comes from.
    public enum Kind: String, Codable, Hashable, Sendable {
      /// `(ε u aᵀ, -v aᵀ)`: the top singular pair of `G`, along an axis `a` that the point leaves
      /// free, or at `μ = 0` one with `vᵀHa = 0`; `ε = 1` where nothing of the point lies along `a`.
      case singularPair = "singular_pair"
      /// `(W, -H)`, where `μ < 0`.
      case opposition
      /// The eigenvector of the least curvature.
      case eigenvector
    }

    /// Where it comes from.
    public let kind: Kind
    /// The direction, a tangent vector of norm 1.
    public let direction: Point
    /// The curvature along it over `L`.
    let relativeCurvature: Double
    private let loss: Double

    /// `c` of `ΔL = c s²` at step `s` along the direction and back to the sphere: half the curvature.
    public var predictedSecondOrder: Double { loss * relativeCurvature / 2 }
  }
}

extension CriticalPoint.Descent {
  /// The direction that the theory gives for a point's kind, or the eigenvector of the least
  /// curvature where there is none.
  init(_ loss: SphereLoss, _ sphere: SphereGeometry, _ curvature: TangentCurvature) {
    let hessian = TangentHessian(loss)
    let named = Self.named(loss, sphere, hessian)
    let least = named.map(\.relativeCurvature).min() ?? 0
    // Where two are equally steep, rounding does not choose.
    if least < -curvature.resolution,
      let steepest = named.first(where: { $0.relativeCurvature <= least * (1 - 1e-6) })
    {
      self = steepest
    } else {
      let lowest = loss.model.point(flat: curvature.direction)
      self = Self(.eigenvector, along: lowest, loss, hessian)
    }
  }

  private init(
    _ kind: Kind, along vector: Point, _ loss: SphereLoss, _ hessian: TangentHessian
  ) {
    let tangent = loss.tangent(vector)
    let unit = (1 / max(tangent.norm, .leastNormalMagnitude)) * tangent
    self.kind = kind
    direction = unit
    relativeCurvature = Point.dot(unit, hessian.product(with: unit))
    self.loss = loss.value
  }

  private static func named(
    _ loss: SphereLoss, _ sphere: SphereGeometry, _ hessian: TangentHessian
  ) -> [Self] {
    var found: [Self] = []
    if sphere.multiplier < 0 {
      let opposite = Point(
        classifier: loss.point.classifier, features: -1 * loss.point.features)
      found.append(Self(.opposition, along: opposite, loss, hessian))
    }
    if sphere.rank < loss.model.dimension || sphere.isUnforced {
      let axis = Array(sphere.axes.row(sphere.axes.rows - 1))
      let along = pair(sphere, axis: axis, loss, hessian)
      found.append(Self(.singularPair, along: along, loss, hessian))
    }
    return found
  }

  /// `(ε u aᵀ, -v aᵀ)` with the `ε` of least curvature: from the `2 × 2` Hessian of its two parts.
  private static func pair(
    _ sphere: SphereGeometry, axis: [Double], _ loss: SphereLoss, _ hessian: TangentHessian
  ) -> Point {
    let (w, h) = (loss.point.classifier, loss.point.features)
    let upper = Point(
      classifier: Matrix(rows: w.rows, columns: w.columns) { sphere.left[$0] * axis[$1] },
      features: Matrix(rows: h.rows, columns: h.columns))
    let lower = Point(
      classifier: Matrix(rows: w.rows, columns: w.columns),
      features: Matrix(rows: h.rows, columns: h.columns) { -sphere.right[$0] * axis[$1] })
    let (a, b) = (hessian.product(with: upper), hessian.product(with: lower))
    let small = Matrix(
      rows: 2, columns: 2,
      elements: [
        Point.dot(upper, a), Point.dot(lower, a), Point.dot(upper, b), Point.dot(lower, b),
      ])
    let least = small.symmetricEigen.vectors.row(0)
    return least[0] * upper + least[1] * lower
  }
}
