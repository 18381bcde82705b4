/// Physical time of the flow, carried as its logarithm: it reaches `e^1000000`.
public struct FlowTime: TrajectoryCoordinate {
  /// `log t`; `-∞` at time zero.
  public let logTime: Double

  /// The time whose logarithm is given.
  public init(logTime: Double) { self.logTime = logTime }

  /// Time zero.
  public static let zero = FlowTime(logTime: -.infinity)

  /// What a flow is asked to do.
  public typealias Settings = Flow.Settings
  /// The key of the coordinate in JSON and CSV.
  public static let key = "log_time"
  /// What is measured along a flow.
  public static let quantities = Quantity.ofPoint + [.roundingNoise]
  /// `log t`, absent at time zero.
  public var reading: Reading { Reading(logTime, otherwise: "time zero has no logarithm") }
}
