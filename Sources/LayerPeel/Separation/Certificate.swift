/// How good a point is in the separation problem, as residuals and bounds.
///
/// The point is rescaled to `θ̃ = θ/√q_min`, so that its least margin is 1, and judged with the
/// multipliers `λ ∝ p` that its own probabilities give.
public struct Certificate: Hashable, Sendable {
  /// `‖θ/ρ + ∇L/‖∇L‖‖`: the stationarity residual divided by `‖θ̃‖`.
  public let stationarity: Double
  /// `Σ λ_ij (m_ij/q_min - 1) / Σλ`.
  public let complementarity: Double
  /// `ρ² / (2 q_min)`, the objective at `θ̃`.
  public let primal: Double
  /// `Σλ / ‖A(λ)‖₂`, a bound on the optimum that weak duality alone proves.
  public let dualBound: Double

  /// Judges a point; nil where some sample is not on its side.
  ///
  /// *Cost:* one product of `K × N × d` and one of `K × K × N`.
  public init?(point: Point, labels: Labels, logLoss: LogLoss) {
    let margin = logLoss.leastMargin
    let (norm, slope) = (point.norm, logLoss.gradient.norm)
    guard margin > 0, norm > 0, slope > 0 else { return nil }
    stationarity = ((1 / norm) * point + (1 / slope) * logLoss.gradient).norm
    primal = norm * norm / (2 * margin)

    let logits = point.logits
    var (total, excess) = (0.0, 0.0)
    for k in 0..<labels.classes {
      for i in 0..<labels.count where labels[i] != k {
        let weight = logLoss.ratios[k, i]
        total += weight
        excess += weight * (logits[labels[i], i] - logits[k, i] - margin)
      }
    }
    complementarity = excess / margin / total
    dualBound = Certificate.dualBound(ratios: logLoss.ratios, total: total)
  }

  /// `Σλ / ‖A(λ)‖₂` for `A(λ) = -G/L` and the sum of its multipliers.
  ///
  /// The largest eigenvalue of the Gram matrix is right to rounding, unlike the small ones.
  private static func dualBound(ratios: Matrix, total: Double) -> Double {
    let gram = ratios * ratios.transposed
    let largest = gram.symmetricEigen.values[ratios.rows - 1]
    return total / largest.squareRoot()
  }
}
