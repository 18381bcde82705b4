public import LayerPeel

/// A descent from a saddle as figures show it.
public struct DescentRecord: Sendable {
  /// What was recorded at each step.
  public let trajectory: Trajectory<Step>
  /// The critical points on the way.
  public let stops: [EscapeStop]

  /// A descent of given parts.
  public init(trajectory: Trajectory<Step>, stops: [EscapeStop]) {
    self.trajectory = trajectory
    self.stops = stops
  }
}
