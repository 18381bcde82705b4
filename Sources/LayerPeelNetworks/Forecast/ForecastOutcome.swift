public import LayerPeel

extension Forecast {
  /// Where a forecast led, and how far the network's later epochs are from it.
  public struct Outcome: Sendable {
    /// After which epoch it started.
    public let epoch: Int
    /// The flow: what it was asked, records, termination, cost.
    public let trajectory: Trajectory<FlowTime>
    /// One for each probe after the start, in order.
    public let comparisons: [Comparison]
  }

  /// A later epoch of the network beside the forecast.
  public struct Comparison: Sendable {
    /// The network's epoch.
    public let epoch: Int
    /// The network's `log L` then; nil if it was not finite.
    public let logLoss: Double?
    /// How far the network has come since the forecast began.
    public let toStart: ForecastDistance
    /// How far it is from the forecast at the same loss.
    public let toSameLoss: ForecastDistance
    /// How far it is from the forecast's end.
    public let toEnd: ForecastDistance
  }
}

extension Forecast.Outcome {
  /// The outcome of a flow whose records have these states.
  init(
    epoch: Int, trajectory: Trajectory<FlowTime>, states: [Forecast.State],
    later: [Forecast.Probe]
  ) {
    precondition(states.count == trajectory.records.count && !states.isEmpty)
    self.epoch = epoch
    self.trajectory = trajectory
    let (start, end) = (states[0], states[states.count - 1])
    comparisons = later.map { probe in
      let match = Forecast.Outcome.state(of: states, at: probe.state.logLoss)
      return Forecast.Comparison(
        epoch: probe.epoch, logLoss: probe.state.logLoss,
        toStart: ForecastDistance(from: probe.state, to: start),
        toSameLoss: match.state.map { ForecastDistance(from: probe.state, to: $0) }
          ?? ForecastDistance(absentBecause: match.reason),
        toEnd: ForecastDistance(from: probe.state, to: end))
    }
  }

  /// The recorded state of a loss, or why there is none.
  private static func state(
    of states: [Forecast.State], at logLoss: Double?
  ) -> (state: Forecast.State?, reason: String) {
    guard let logLoss else { return (nil, "the network's loss was not finite") }
    let losses = states.map { $0.logLoss ?? .infinity }
    let nearest = losses.indices.min { abs(losses[$0] - logLoss) < abs(losses[$1] - logLoss) }!
    // Records lie on the losses that were asked for only to the root finder's precision.
    if abs(losses[nearest] - logLoss) <= 1e-6 * max(1, abs(logLoss)) {
      return (states[nearest], "")
    }
    return (
      nil,
      logLoss > losses[0]
        ? "the network's loss was above the forecast's at its start"
        : "the forecast ended before it reached the network's loss"
    )
  }

  /// The last epoch of the network that can be compared at the same loss, if there is one.
  public var lastMatch: Forecast.Comparison? {
    comparisons.last { $0.toSameLoss.product.number != nil }
  }
}
