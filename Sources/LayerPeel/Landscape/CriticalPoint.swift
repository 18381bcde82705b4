/// A critical point of the loss on a sphere, and what it is, with proof.
///
/// In `K - 1` dimensions or more every critical point but the origin is a global minimum of its
/// sphere or a strict saddle; in fewer there are others. Curvatures are those of `L` restricted to
/// the sphere, `Π (∇²L + μ) Π`, along unit tangent vectors. The origin, critical for `L` itself, is a
/// sphere of radius 0 whose tangent vectors are all vectors.
///
/// Everything is judged in ratios to `L`, so a verdict holds where `L` underflows. The numbers below
/// that are proportional to it are zero there; ``reading(_:)`` gives them or says so.
///
/// > Source: Ji et al., ICLR 2022, [arXiv:2110.02796](https://arxiv.org/abs/2110.02796).
public struct CriticalPoint: Sendable {
  /// What it is called, such as the construction that made it.
  public let name: String
  /// The model.
  public let model: LayerPeeledModel
  /// Where it is; its norm is the sphere's radius.
  public let point: Point
  /// `log L`, the sum over samples in nats.
  public let logLoss: Double
  /// That norm over `σρ`, the largest that a gradient can have here; 0 at the origin.
  public let scaledGradientNorm: Double
  /// Singular values of `W` in falling order.
  public let classifierSingularValues: [Double]
  /// Singular values of `H` in falling order.
  public let featureSingularValues: [Double]
  /// The numerical rank of `W`: singular values above ``rankTolerance`` of the largest of `(W; H)`.
  public let rank: Int
  /// The numerical rank of `W` above `H`, by the same rule.
  public let jointRank: Int
  /// How many zero curvatures the rotations of `R^d` give, the dimension of the point's orbit:
  /// `d(d-1)/2 - (d-r)(d-r-1)/2` at joint rank `r`.
  ///
  /// Where `μ ≠ 0` no other symmetry gives any: a common row added to `W` leaves the loss and not the
  /// norm, and has curvature `μ`; `W` over `H` has `2μ`. Where `μ = 0` both are zero.
  public let rotations: Int
  /// What it is.
  public let verdict: Verdict
  /// The way down from a strict saddle; nil at anything else.
  public let descent: Descent?
  /// Curvatures over `L`.
  let curvature: TangentCurvature
  private let ratios: [Scaled: Double]

  /// A singular value below this part of the largest counts as zero.
  public static let rankTolerance = 1e-7
  /// A scaled gradient above this is not zero; rounding of the logits, `8ε max|z|`, comes on top.
  public static let gradientTolerance = 1e-10

  /// How curvatures are found.
  public struct Settings: Hashable, Sendable {
    /// Up to this many unknowns all curvatures are found at once; beyond, by Lanczos iteration.
    public var mostDenseUnknowns = 320
    /// Up to this many unknowns negative and zero curvatures are counted.
    public var mostCountedUnknowns = 3000
    /// Beyond that, copies of the least curvature are looked for one by one up to this many.
    public var mostCopies = 4
    /// Of the iteration's first vector.
    public var seed: UInt64 = 0

    /// Settings that suit most points.
    public init() {}
  }

  /// What a point of the sphere is.
  ///
  /// Raw values are those of JSON.
  public enum Verdict: String, Codable, Hashable, Sendable {
    /// No point of the sphere has less loss, to 1e-8 of it, and `σ = μ` to 1e-8: only for
    /// `d ≥ K - 1`.
    case globalMinimum = "global_minimum"
    /// Some tangent direction has negative curvature, beyond all errors.
    case strictSaddle = "strict_saddle"
    /// No negative curvature, and no more zero ones than the rotations give: only for `d < K - 1`.
    case localMinimum = "local_minimum"
    /// No negative curvature, not certified global, and more zero curvatures than the rotations
    /// give, or not counted.
    case degenerate
    /// The gradient does not vanish.
    case notCritical = "not_critical"
  }

  /// Judges a point.
  ///
  /// *Cost:* up to ``Settings/mostDenseUnknowns`` unknowns, all eigenvalues of a matrix of that size.
  ///
  /// - Parameters:
  ///   - model: The model, of any class sizes.
  ///   - point: Where to look; near enough to a critical point, or it is called none.
  ///   - name: What to call it.
  ///   - settings: How curvatures are found.
  /// - Throws: What ``LayerPeeledModel/validate(_:)`` says of the point.
  public init(
    _ model: LayerPeeledModel, at point: Point, name: String, settings: Settings = Settings()
  ) throws(ModelError) {
    try model.validate(point)
    let loss = SphereLoss(model, at: point)
    let sphere = SphereGeometry(loss)
    let curvature = TangentCurvature(loss, noise: sphere.noise, settings: settings)
    self.name = name
    self.model = model
    self.point = point
    self.curvature = curvature
    logLoss = loss.logLoss.value
    ratios = Scaled.ratios(loss, sphere, curvature)
    scaledGradientNorm = sphere.scaledGradient
    classifierSingularValues = point.classifier.singularValues
    featureSingularValues = point.features.singularValues
    rank = classifierSingularValues.count { $0 > sphere.leastSingularValue }
    jointRank = sphere.rank
    rotations = sphere.rotations
    let descent = Descent(loss, sphere, curvature)
    verdict = sphere.verdict(curvature, descent: descent)
    self.descent = verdict == .strictSaddle ? descent : nil
  }

  /// One of the numbers that are proportional to `L`, divided by it; nil where there is none.
  package func ratio(_ number: Scaled) -> Double? { ratios[number] }

  /// How many curvatures equal the least, to 1e-6 of the largest in size; nil if not counted.
  public var multiplicity: Int? { curvature.multiplicity }
  /// A unit tangent vector of the least curvature.
  public var lowestDirection: Point { model.point(flat: curvature.direction) }
  /// The number of negative curvatures; nil if there are too many unknowns to count them.
  public var index: Int? { curvature.index }
  /// The number of zero curvatures; nil if there are too many unknowns to count them.
  public var nullity: Int? { curvature.nullity }
  /// Why curvatures were not counted; nil if they were.
  public var uncounted: String? {
    index == nil ? "\(model.unknowns) unknowns are too many to count curvatures by inertia" : nil
  }
}
