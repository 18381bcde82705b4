/// How many steps a descent took.
public struct Step: TrajectoryCoordinate {
  /// Steps so far; 0 is the start.
  public let number: Int

  /// After `number` steps.
  public init(_ number: Int) { self.number = number }

  /// What a descent is asked to do.
  public typealias Settings = Escape.Settings
  /// The key of the coordinate in JSON and CSV.
  public static let key = "step"
  /// What is measured along a descent: all of a point but the invariants of the flow, which a
  /// descent at fixed norm does not have.
  public static let quantities =
    [.gradientNorm, .multiplier]
    + Quantity.ofPoint.filter { $0 != .balanceDrift && $0 != .rowSumDrift }
  /// The number of the step.
  public var reading: Reading { .value(Double(number)) }
}
