/// How good a point is in the separation problem, as residuals and bounds.
///
/// The point is rescaled to `θ̃ = θ/√q_min`, so that its least margin is 1, and judged with
/// multipliers: given ones, or along a trajectory the `λ ∝ p` of its own probabilities.
public struct Certificate: Hashable, Sendable {
  /// The stationarity residual divided by `‖θ̃‖`; for `λ ∝ p` that is `‖θ/ρ + ∇L/‖∇L‖‖`.
  public let stationarity: Double
  /// `Σ λ_ij (m_ij/q_min - 1) / Σλ`.
  public let complementarity: Double
  /// `ρ² / (2 q_min)`, the objective at `θ̃`.
  public let primal: Double

  /// Judges a point; nil where some sample is not on its side.
  ///
  /// *Cost:* one product of `K × N × d`.
  public init?(point: Point, labels: Labels, logLoss: LogLoss) {
    let margin = logLoss.leastMargin
    let (norm, slope) = (point.norm, logLoss.gradient.norm)
    guard margin > 0, norm > 0, slope > 0 else { return nil }
    stationarity = ((1 / norm) * point + (1 / slope) * logLoss.gradient).norm
    primal = norm * norm / (2 * margin)
    let logits = point.logits
    complementarity = scaledExcess(logLoss.ratios, labels: labels, leastMargin: margin) {
      logits[labels[$1], $1] - logits[$0, $1]
    }
  }

  /// The judgement of a point whose residuals were found already.
  init(stationarity: Double, complementarity: Double, primal: Double) {
    self.stationarity = stationarity
    self.complementarity = complementarity
    self.primal = primal
  }

  /// Judges a point with given multipliers; nil where some sample is not on its side.
  ///
  /// The residuals are those of `h_i = Σ_j λ_ij (w_{y_i} - w_j)`, `W = A(λ) H` and
  /// `λ_ij (m_ij - 1) = 0` at `θ̃`; without multipliers they are 1 and 0. *Cost:* three products of `K × N × d`.
  public init?(point: Point, multipliers: Multipliers) {
    let (labels, logits) = (multipliers.labels, point.logits)
    let margin = CrossEntropy.margins(logits: logits, labels: labels).min() ?? 0
    let norm = point.norm
    guard margin > 0, norm > 0 else { return nil }
    stationarity = (point - point.pull(of: multipliers.dualMatrix)).norm / norm
    primal = norm * norm / (2 * margin)
    complementarity = scaledExcess(multipliers.values, labels: labels, leastMargin: margin) {
      logits[labels[$1], $1] - logits[$0, $1]
    }
  }

  /// A bound on the optimum that weak duality alone proves, `Σλ / ‖A(λ)‖₂` with `λ ∝ p`; valid at
  /// any point, separated or not.
  ///
  /// `A(λ) = -G/L` up to scale. *Cost:* one product of `K × K × N`, eigenvalues of `K × K`.
  public static func dualBound(ratios: Matrix, labels: Labels) -> Double {
    let total = (0..<labels.count).reduce(0) { $0 - ratios[labels[$1], $1] }
    return dualityBound(total: total, dual: ratios)
  }
}
