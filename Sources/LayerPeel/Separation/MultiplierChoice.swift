/// The multipliers that a point is judged with, and how far it is from a KKT point with them.
public struct MultiplierChoice: Hashable, Sendable {
  /// Where multipliers come from.
  public enum Source: String, Codable, Sendable {
    /// Those of the global optimum, ``SeparationProblem/multipliers(labels:)``.
    case closedForm = "closed_form"
    /// Non-negative least squares of the stationarity residual.
    case leastSquares = "least_squares"
  }

  /// `λ`.
  public let multipliers: Multipliers
  /// Where they come from.
  public let source: Source
  /// Least squares used the constraints with `m_ij ≤ (1 + slack) q_min` alone.
  public let slack: Double
  /// `‖θ - Jᵀλ‖ / ‖θ‖`: the equations of `W` and of `H` together, at any scale of the point.
  public let stationarity: Double
  /// `Σ λ_ij (m_ij/q_min - 1) / Σλ`.
  public let complementarity: Double

  /// The larger of the two residuals.
  public var distance: Double { max(stationarity, complementarity) }
}
