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

/// Finds multipliers for one separated point.
struct MultiplierSearch {
  let point: ReducedPoint
  /// `m_ij`, and 0 where `j = y_i`.
  let margins: Matrix
  let leastMargin: Double
  /// `‖W - A(λ) H‖ / u` with all of `H`: its part outside the row space of `W` counts too.
  let classifierResidual: (Multipliers, MultiplierChoice.Source) -> Double

  /// The closed form where it meets the tolerance, else least squares on the constraints within
  /// `τ`, 0.001 and 0.1 of the least margin; of all these, the ones whose larger residual is least.
  ///
  /// What lies outside the row space of `W` is a residual that no multipliers change: where the
  /// closed form is within twice of it, nothing more is tried.
  ///
  /// *Cost:* of each attempt at least squares, a few dozen products of `K × N × r`.
  func best(closedForm: Multipliers, tolerance: Double) -> MultiplierChoice {
    var best = choice(closedForm, .closedForm, slack: 0)
    let floor = max(tolerance, 2 * point.outside / point.norm)
    for slack in [tolerance, 1e-3, 0.1] where slack >= tolerance {
      guard best.distance > floor else { break }
      let fitted = fit(slack: slack, start: closedForm)
      let next = choice(fitted, .leastSquares, slack: slack)
      if next.distance < best.distance { best = next }
    }
    return best
  }

  private func choice(
    _ multipliers: Multipliers, _ source: MultiplierChoice.Source, slack: Double
  ) -> MultiplierChoice {
    let dual = multipliers.dualMatrix
    let parts = [
      classifierResidual(multipliers, source), point.outside,
      (point.inside.features - dual.transposed * point.inside.classifier).norm,
    ]
    return MultiplierChoice(
      multipliers: multipliers, source: source, slack: slack,
      stationarity: parts.euclideanNorm / point.norm, complementarity: excess(multipliers))
  }

  private func excess(_ multipliers: Multipliers) -> Double {
    let total = multipliers.total
    guard total > 0 else { return 0 }
    var excess = 0.0
    for (weight, margin) in zip(multipliers.values.elements, margins.elements) where weight > 0 {
      excess += weight * (margin - leastMargin)
    }
    return excess / leastMargin / total
  }

  private func fit(slack: Double, start: Multipliers) -> Multipliers {
    let constraints = ActiveConstraints(
      margins, labels: point.labels, within: (1 + slack) * leastMargin)
    let jacobian = constraints.jacobian(at: point.inside)
    // Some 4e9 multiplications, a second or two, but never fewer products than a small problem needs.
    let size = 4 * Double(jacobian.isActive.count) * Double(point.inside.dimension)
    let fit = NonnegativeFit(
      jacobian, start: constraints.gathered(start.values),
      budget: Int(max(100, min(4e9 / size, 4000))))
    return Multipliers(values: constraints.scattered(fit.weights), labels: point.labels)
  }
}

/// The constraints within a limit, and the samples that have any.
struct ActiveConstraints {
  let samples: [Int]
  private let labels: Labels
  private let isActive: [Bool]
  private let shape: (rows: Int, columns: Int)

  init(_ margins: Matrix, labels: Labels, within limit: Double) {
    var isNeeded = [Bool](repeating: false, count: labels.count)
    var isWithin = [Bool](repeating: false, count: margins.elements.count)
    for j in 0..<margins.rows {
      for i in 0..<margins.columns where margins[j, i] <= limit && j != labels[i] {
        isWithin[j * margins.columns + i] = true
        isNeeded[i] = true
      }
    }
    let samples = isNeeded.indices.filter { isNeeded[$0] }
    self.samples = samples
    self.labels = labels
    shape = (margins.rows, margins.columns)
    isActive = (0..<margins.rows).flatMap { j in
      samples.map { isWithin[j * margins.columns + $0] }
    }
  }

  /// How many constraints there are.
  var count: Int { isActive.count { $0 } }

  /// Their derivative, over the samples that have any.
  func jacobian(at point: Point) -> MarginJacobian {
    let features = Matrix(
      rows: samples.count, columns: point.dimension,
      elements: samples.flatMap { point.features.row($0) })
    return MarginJacobian(
      point: Point(classifier: point.classifier, features: features),
      classes: samples.map { labels[$0] }, isActive: isActive)
  }

  /// The columns of these samples.
  func gathered(_ values: Matrix) -> [Double] {
    (0..<shape.rows).flatMap { j in samples.map { values[j, $0] } }
  }

  /// Those columns back in their places, 0 in the others.
  func scattered(_ values: [Double]) -> Matrix {
    var matrix = Matrix(rows: shape.rows, columns: shape.columns)
    for j in 0..<shape.rows {
      for (n, i) in samples.enumerated() { matrix[j, i] = values[j * samples.count + n] }
    }
    return matrix
  }
}
