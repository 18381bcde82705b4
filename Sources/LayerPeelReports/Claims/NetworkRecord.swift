public import LayerPeel
public import LayerPeelNetworks

/// A training as claims judge it: what was recorded, and what was executed.
public struct NetworkRecord: Sendable {
  /// Its name in tables and figures, such as `seed 0` or `weight decay 5e-4`.
  public let name: String
  /// Records, events, termination, cost.
  public let trajectory: Trajectory<Epoch>
  /// Whether any update of any parameter group had weight decay.
  public let hadWeightDecay: Bool
  /// The first epoch without training error, if there was one.
  public let zeroErrorEpoch: Int?
  /// What the last layer looked like at each probe; none decides anything.
  public let snapshots: [Snapshot]

  /// A training of given parts.
  public init(
    name: String, trajectory: Trajectory<Epoch>, hadWeightDecay: Bool, zeroErrorEpoch: Int?,
    snapshots: [Snapshot] = []
  ) {
    self.name = name
    self.trajectory = trajectory
    self.hadWeightDecay = hadWeightDecay
    self.zeroErrorEpoch = zeroErrorEpoch
    self.snapshots = snapshots
  }

  /// A training that was run.
  public init(name: String, run: Training.Run) {
    self.init(
      name: name, trajectory: run.trajectory, hadWeightDecay: run.audit.hadWeightDecay,
      zeroErrorEpoch: run.audit.zeroErrorEpoch, snapshots: run.snapshots)
  }

  /// Whether it trained to its end without weight decay, past zero training error.
  var canBeJudged: Bool {
    !hadWeightDecay && zeroErrorEpoch != nil && trajectory.termination == .epochs
  }

  /// A quantity before training.
  func untrained(_ quantity: Quantity) -> Double? {
    trajectory.records.first.flatMap { record in
      record.coordinate.number == 0 ? record.measurement[quantity].number : nil
    }
  }
  /// A quantity at the first epoch without training error.
  func atZeroError(_ quantity: Quantity) -> Double? {
    trajectory.records.first { $0.coordinate.number == zeroErrorEpoch }?.measurement[quantity]
      .number
  }
  /// A quantity at the end.
  func last(_ quantity: Quantity) -> Double? { trajectory.last[quantity].number }
}
