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
      stationarity: parts.euclideanNorm / point.norm,
      complementarity: scaledExcess(
        multipliers.values, labels: point.labels, leastMargin: leastMargin
      ) { margins[$0, $1] })
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
