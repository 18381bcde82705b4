import LayerPeel

extension Claim {
  /// The global optimum is neural collapse, and the flow finds it.
  ///
  /// Fewer flows than were planned leave it open.
  public static func globalOptimumIsCollapse(
    _ flows: [FlowRecord], planned: Int? = nil
  ) -> Claim {
    let judgements = flows.map(CollapseCriterion.init)
    return Claim(
      name: "global_optimum_is_collapse",
      statement: """
        With classes of equal size the best separating direction is neural collapse: features \
        shrink onto their class means, the means onto a simplex, and the classifier onto the \
        means. From a random start the flow finds it.
        """,
      origin: .paper,
      criterion: """
        In every flow from a Gaussian start with equal classes: the margin ratio, certified by \
        weak duality, ends above 0.9999 and not above 1; over log t from 10^4 to 10^6 the centred \
        metrics nc2_means_norm, nc2_means_angle and nc3_duality_centered fall like (log t)^-1 \
        within 0.1, the within-class ratio nc1_within like (log t)^-1/2 within 0.05; and all end \
        below 0.01.
        """,
      verdict: Verdict.worst(of: judgements.map(\.verdict), planned: planned),
      measured: judgements.flatMap(\.measured),
      remarks: [
        """
        All rates are in log t: collapse is real and extremely slow. Part of each feature outside \
        the span of the classifier never moves, which is why the within-class ratio falls more \
        slowly than the rest.
        """
      ])
  }
}

/// The criterion for one flow.
private struct CollapseCriterion {
  private static let range = 0.999e4...1.001e6
  /// A metric, the power of `log t` with which it must fall, and how closely.
  private static let rates: [(quantity: Quantity, power: Double, slack: Double)] = [
    (.nc2MeansNorm, -1, 0.1), (.nc2MeansAngle, -1, 0.1), (.nc3DualityCentered, -1, 0.1),
    (.nc1Within, -0.5, 0.05),
  ]

  let flow: FlowRecord

  var verdict: Verdict {
    guard flow.lastLogTime >= 0.999e6 else { return .inconclusive }
    guard let ratio = flow.last(.marginRatio), ratio > 0.9999,
      ratio <= 1 + 16 * Double.ulpOfOne  // rounding of the ratio itself
    else { return .notHeld }
    let fits = Self.rates.allSatisfy { metric in
      guard let slope = slope(metric.quantity), let last = flow.last(metric.quantity) else {
        return false
      }
      return abs(slope - metric.power) <= metric.slack && last < 0.01
    }
    return fits ? .held : .notHeld
  }

  private func slope(_ quantity: Quantity) -> Double? {
    flow.trajectory.rate(of: quantity, over: Self.range)?.slope
  }

  var measured: [Claim.Measured] {
    [Claim.Measured("\(flow.name): margin ratio at the end", flow.last(.marginRatio))]
      + Self.rates.map {
        Claim.Measured("\(flow.name): rate of \($0.quantity.name)", slope($0.quantity))
      }
  }
}

extension Quantity {
  /// The metric's bare name.
  var name: String { rawValue.split(separator: ".").last.map(String.init) ?? rawValue }
}
