/// What any point is in the separation problem, with the numbers that say so.
///
/// A point `(W, H)` with labels is a global optimum to within a stated gap, a KKT point that is not
/// global, or neither; ``given`` says it of the point as it is, ``balanced`` of its logits after the
/// norm is shared optimally between `W` and `H`. Both come with distances: a flow's end point nears
/// its limit only logarithmically.
public struct Judgement: Sendable {
  /// `τ`: of the gap relative to the value, and of both scaled residuals.
  public let tolerance: Double
  /// How the point stands as given.
  public private(set) var given: Standing
  /// How the balanced point of its logits stands.
  public private(set) var balanced: Standing
  /// `1 - ‖W Hᵀ‖_* / (½‖W‖² + ½‖H‖²)`: the share of the norm that sharing it optimally would save; 0
  /// where `WᵀW = HᵀH`, and of second order near it.
  public let imbalance: Reading
  /// The seven quantiles of the samples' margins, in nats.
  public let marginQuantiles: Measurement
  /// How many constraints are within `τ` of the least margin: `m_ij ≤ (1 + τ) q_min`.
  public let activeConstraints: Int
  /// The samples that are not on their side.
  public let notSeparated: NotSeparated
  /// The multipliers of the point as given; nil where it does not separate.
  public let multipliers: MultiplierChoice?
  /// The way out, where one of the two points is KKT and not global.
  public let escape: WayOut?
  /// Why there is no escape; empty where there is one.
  public let escapeReason: String
  /// Whether the escape leaves the balanced point, because the point as given is not KKT.
  public var isEscapeOfBalanced: Bool { escape != nil && !given.isKKT(tolerance: tolerance) }

  /// `verdict` of the point as given.
  public var verdict: Standing.Verdict { given.verdict(tolerance: tolerance) }
  /// `verdict` of the balanced point.
  public var balancedVerdict: Standing.Verdict { balanced.verdict(tolerance: tolerance) }

  /// Samples that are not on their side.
  public struct NotSeparated: Hashable, Sendable {
    /// How many.
    public let count: Int
    /// The first ten of them, with their margins in nats, zero or negative.
    public let first: [Sample]
    /// The least of all their margins; nil where there are none.
    public let leastMargin: Double?

    /// A sample and its margin.
    public struct Sample: Hashable, Sendable {
      /// Its row in `H`.
      public let index: Int
      /// `min_j m_ij`.
      public let margin: Double
    }

    init(_ margins: [Double]) {
      let indices = margins.indices.filter { !(margins[$0] > 0) }
      count = indices.count
      first = indices.prefix(10).map { Sample(index: $0, margin: margins[$0]) }
      leastMargin = indices.map { margins[$0] }.min()
    }
  }

  /// Judges a point.
  ///
  /// *Cost:* one pass over `H`, a second where the closed form of the multipliers does not meet the
  /// tolerance, and work on `K × N` matrices; no `N × N` or `d × d` matrix is formed.
  ///
  /// - Parameters:
  ///   - point: Any point, at any scale that ``LayerPeeledModel/validate(_:)`` allows.
  ///   - labels: One a row of `H`.
  ///   - tolerance: `τ`, above 0 and below 1.
  public init(
    of point: Point, labels: Labels, tolerance: Double = 1e-6
  ) throws(ModelError) {
    try Judgement.validate(tolerance: tolerance)
    try LayerPeeledModel(labels: labels, dimension: point.dimension).validate(point)
    let problem = SeparationProblem(sizes: labels.sizes)
    let examination = Examination(problem, closedForm: problem.multipliers(labels: labels))
    let (asGiven, shared) = examination.examine(point, labels: labels, tolerance: tolerance)
    let outcome = examination.escape([asGiven, shared].compactMap { $0 }, tolerance: tolerance)
    let known = outcome.escape?.value
    self.tolerance = tolerance
    given = asGiven.standing(knownValue: known)
    balanced = (shared ?? asGiven).standing(knownValue: known)
    imbalance = asGiven.imbalance(against: shared)
    let margins = asGiven.sampleMargins
    marginQuantiles = Measurement(marginQuantilesOf: margins)
    activeConstraints = asGiven.activeConstraints(tolerance: tolerance)
    notSeparated = NotSeparated(margins)
    multipliers = asGiven.choice
    (escape, escapeReason) = (outcome.escape, outcome.reason)
  }

  /// Whether `tolerance` is above 0 and below 1.
  public static func validate(tolerance: Double) throws(ModelError) {
    guard tolerance > 0, tolerance < 1 else {
      throw .badSetting(
        argument: "tolerance", value: "\(tolerance)", expected: "a number above 0 and below 1")
    }
  }

  /// The same judgement beside another point of this dimension, of value `value`: below `K - 1`
  /// dimensions it alone, or the escape, shows that a KKT point is not global.
  public func knowing(value: Double) -> Judgement {
    var judgement = self
    judgement.given.knownValue = min(value, given.knownValue ?? .infinity)
    judgement.balanced.knownValue = min(value, balanced.knownValue ?? .infinity)
    return judgement
  }

  /// Memory that a judgement takes beside the point, in bytes: some sixteen `K × N` matrices.
  public static func memoryNeeded(labels: Labels, dimension: Int) -> Double {
    let (classes, samples) = (Double(labels.classes), Double(labels.count))
    return 8 * (16 * classes * samples + 4 * classes * Double(dimension))
  }
}
