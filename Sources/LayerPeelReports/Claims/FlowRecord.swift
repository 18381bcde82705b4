public import LayerPeel

/// A flow as claims judge it: what it was, and what was recorded.
public struct FlowRecord: Sendable {
  /// Its name in tables and figures, such as `gaussian, seed 0`.
  public let name: String
  /// How many samples each class had.
  public let sizes: ClassSizes
  /// `d`.
  public let dimension: Int
  /// Where it started, if that is to be recorded.
  public let start: StartDescription?
  /// Records, events, termination, cost.
  public let trajectory: Trajectory<FlowTime>

  /// A flow of given parts.
  public init(
    name: String, sizes: ClassSizes, dimension: Int, start: StartDescription? = nil,
    trajectory: Trajectory<FlowTime>
  ) {
    self.name = name
    self.sizes = sizes
    self.dimension = dimension
    self.start = start
    self.trajectory = trajectory
  }

  /// What its output records of the start and of what was asked for.
  public var settingsDescriptions: [any Encodable] {
    let settings = FlowSettingsDescription(trajectory.settings)
    return start.map { [$0, settings] } ?? [settings]
  }

  /// `log t` of the last record.
  var lastLogTime: Double { trajectory.records.last?.coordinate.logTime ?? -.infinity }

  /// A quantity of the first record.
  func first(_ quantity: Quantity) -> Double? {
    trajectory.records.first?.measurement[quantity].number
  }
  /// A quantity of the last record.
  func last(_ quantity: Quantity) -> Double? { trajectory.last[quantity].number }

  /// The first record whose `log L` is at most `logLoss`; nil if the flow did not get there.
  func firstRecord(below logLoss: Double) -> Measurement? {
    // Records lie on the losses that were asked for only to the root finder's precision.
    let slack = 1e-6 * abs(logLoss)
    return trajectory.records.first {
      ($0.measurement[.logLoss].number ?? .infinity) <= logLoss + slack
    }?.measurement
  }
}
