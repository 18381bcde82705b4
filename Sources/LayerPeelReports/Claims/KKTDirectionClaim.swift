import LayerPeel

extension Claim {
  /// The flow reaches a KKT direction of the separation problem.
  ///
  /// Judged for each flow on its own; the verdict is that of the worst. A flow that ended before
  /// `log t = 10^6 (1 - 10^-3)` leaves it open, and so do fewer flows than were planned.
  public static func flowReachesKKTDirection(
    _ flows: [FlowRecord], planned: Int? = nil
  ) -> Claim {
    let judgements = flows.map(KKTDirectionCriterion.init)
    return Claim(
      name: "flow_reaches_kkt_direction",
      statement: """
        Left to run, gradient flow on cross-entropy with free features turns towards a direction \
        that satisfies the first-order optimality conditions of the minimum-norm separation problem.
        """,
      origin: .paper,
      criterion: """
        In every flow, once the loss is below log 2: the smoothed margin never decreases; the \
        scaled stationarity residual falls like (log t) to the power -1/2, within 0.05, over log t \
        from 10^4 to 10^6; and it ends below 0.01.
        """,
      verdict: Verdict.worst(of: judgements.map(\.verdict), planned: planned),
      measured: judgements.flatMap(\.measured),
      remarks: [
        """
        The residual compares θ/ρ with -∇L/‖∇L‖; multipliers proportional to the softmax \
        probabilities make it that of the KKT conditions. The rate -1/2 is derived, not fitted.
        """
      ])
  }
}

/// The criterion for one flow.
private struct KKTDirectionCriterion {
  let flow: FlowRecord
  let rate: Double?
  let smallestStep: Double?
  let residual: Double?

  init(_ flow: FlowRecord) {
    self.flow = flow
    rate = flow.trajectory.rate(of: .stationarity, over: 0.999e4...1.001e6)?.slope
    smallestStep = flow.smallestStepOfSmoothedMargin
    residual = flow.last(.stationarity)
  }

  var verdict: Verdict {
    guard let rate, let smallestStep, let residual, flow.lastLogTime >= 0.999e6 else {
      return .inconclusive
    }
    let never = smallestStep >= -16 * Double.ulpOfOne  // rounding of two divisions and a logarithm
    return never && abs(rate + 0.5) <= 0.05 && residual < 0.01 ? .held : .notHeld
  }

  var measured: [Claim.Measured] {
    [
      Claim.Measured("\(flow.name): rate of stationarity", rate),
      Claim.Measured("\(flow.name): stationarity at the end", residual),
      Claim.Measured("\(flow.name): smallest relative step of the smoothed margin", smallestStep),
    ]
  }
}

extension FlowRecord {
  /// The smallest change of `γ̃` from record to record after the loss fell below `log 2`, relative
  /// to `γ̃`; nil with fewer than two such records.
  var smallestStepOfSmoothedMargin: Double? {
    let values = trajectory.records.compactMap { record -> Double? in
      guard let logLoss = record.measurement[.logLoss].number, logLoss < .logLog2 else {
        return nil
      }
      return record.measurement[.smoothedGamma].number
    }
    return zip(values, values.dropFirst()).map { ($1 - $0) / abs($0) }.min()
  }
}

extension Verdict {
  /// The verdict of several that must all hold; open if fewer were run than were planned.
  static func worst(of verdicts: [Verdict], planned: Int?) -> Verdict {
    for verdict in [Verdict.notRun, .notHeld, .inconclusive] where verdicts.contains(verdict) {
      return verdict
    }
    if verdicts.isEmpty { return .notRun }
    return verdicts.count < planned ?? 0 ? .inconclusive : .held
  }
}
