/// What is recorded of a point in the separation problem, and all that its verdict depends on.
public struct Standing: Hashable, Sendable {
  /// `K`.
  public var classes: Int
  /// `d`.
  public var dimension: Int
  /// `ρ²/(2 q_min)`, the value of the point scaled to least margins of 1.
  public var primal: Reading
  /// A bound from below on the optimum of any dimension.
  public var dual: Double
  /// The stationarity residual divided by `‖θ̃‖`.
  public var stationarity: Reading
  /// `Σ λ_ij (m_ij/q_min - 1) / Σλ`.
  public var complementarity: Reading
  /// `v* / primal`, of either sign: 1 at a global optimum, 0 or less where a sample is not
  /// separated.
  public var marginRatio: Reading
  /// The least value of a point of this dimension that is known, if any.
  public var knownValue: Double?

  /// A standing of given numbers.
  public init(
    classes: Int, dimension: Int, primal: Reading, dual: Double, stationarity: Reading,
    complementarity: Reading, marginRatio: Reading, knownValue: Double? = nil
  ) {
    self.classes = classes
    self.dimension = dimension
    self.primal = primal
    self.dual = dual
    self.stationarity = stationarity
    self.complementarity = complementarity
    self.marginRatio = marginRatio
    self.knownValue = knownValue
  }

  /// `primal - dual`: in `K - 1` dimensions or more the distance from the optimum, to rounding.
  public var gap: Reading {
    guard let primal = primal.number else { return primal }
    return .value(primal - dual)
  }

  /// Whether the bound is the optimum's own value, and not that of a relaxation.
  public var isBoundSharp: Bool { dimension >= classes - 1 }

  /// Whether both residuals are at most `tolerance`.
  public func isKKT(tolerance: Double) -> Bool {
    guard let stationarity = stationarity.number, let complementarity = complementarity.number
    else { return false }
    return stationarity <= tolerance && complementarity <= tolerance
  }

  /// The verdict that these numbers give.
  ///
  /// Global if `gap ≤ τ·primal` in `K - 1` dimensions or more, whatever the residuals; KKT if both
  /// residuals are at most `τ`. In `K - 1` dimensions or more the optimum itself is the better point;
  /// in fewer, ``knownValue`` has to lie below the point's own by more than `τ·primal`.
  public func verdict(tolerance: Double) -> Verdict {
    guard let ratio = marginRatio.number, ratio > 0 else { return .notSeparating }
    guard let primal = primal.number else { return .notKKT }  // beyond any double
    if isBoundSharp, primal - dual <= tolerance * primal { return .global }
    guard isKKT(tolerance: tolerance) else { return .notKKT }
    if isBoundSharp { return .notGlobal }
    let isBeaten = knownValue.map { $0 < primal - tolerance * primal } ?? false
    return isBeaten ? .notGlobal : .gapOpen
  }
}

extension Standing {
  /// What a point is; the raw value is the word in JSON.
  public enum Verdict: String, Codable, CaseIterable, Sendable {
    /// Within the tolerance of the best possible value.
    case global
    /// A KKT point, and a better point of the same dimension is known.
    case notGlobal = "kkt_not_global"
    /// A KKT point in fewer than `K - 1` dimensions, where the bound cannot close and nothing better
    /// is known.
    case gapOpen = "kkt_gap_open"
    /// Separates all samples, but is no KKT point.
    case notKKT = "not_kkt"
    /// Some sample is not on its side.
    case notSeparating = "not_separating"
  }
}
