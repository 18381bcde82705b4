public import LayerPeel

/// A flow as claims judge it: what it was, and what was recorded.
public struct FlowRecord: Sendable {
  /// Its name in tables and figures, such as `gaussian, seed 0`.
  public let name: String
  /// How many samples each class had.
  public let sizes: ClassSizes
  /// `d`.
  public let dimension: Int
  /// Records, events, termination, cost.
  public let trajectory: Trajectory<FlowTime>

  /// A flow of given parts.
  public init(
    name: String, sizes: ClassSizes, dimension: Int, trajectory: Trajectory<FlowTime>
  ) {
    self.name = name
    self.sizes = sizes
    self.dimension = dimension
    self.trajectory = trajectory
  }

  /// `log t` of the last record.
  var lastLogTime: Double { trajectory.records.last?.coordinate.logTime ?? -.infinity }

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
