public import LayerPeel

/// A trajectory with the words that a figure's key has for it.
public struct LabelledTrajectory<Coordinate: TrajectoryCoordinate>: Sendable {
  /// A few words, such as "weight decay 5e-4".
  public let label: String
  /// What was recorded.
  public let trajectory: Trajectory<Coordinate>

  /// A trajectory and its name.
  public init(_ label: String, _ trajectory: Trajectory<Coordinate>) {
    self.label = label
    self.trajectory = trajectory
  }
}

extension Trajectory {
  /// Points of a curve; a reading that is absent, or refused by `value`, is a gap.
  func points(
    _ x: (Record) -> Double? = { $0.coordinate.reading.number },
    _ value: (Measurement) -> Double?
  ) -> [CurvePoint] {
    records.map { CurvePoint(x: x($0), y: value($0.measurement)) }
  }

  /// Points of a curve of one quantity against the coordinate.
  func points(_ quantity: Quantity) -> [CurvePoint] { points { $0[quantity].number } }

  /// Points of a curve against `-log L`.
  func pointsAgainstLogLoss(_ value: (Measurement) -> Double?) -> [CurvePoint] {
    points({ $0.measurement[.logLoss].number.map { -$0 } }, value)
  }

  /// The coordinate of the first event of this name.
  func coordinate(of name: EventName) -> Double? {
    events.first { $0.name == name }?.coordinate.reading.number
  }
}
