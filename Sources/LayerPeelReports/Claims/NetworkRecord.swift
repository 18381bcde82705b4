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
  /// Whether every step was of plain descent on all samples, without momentum or weight decay.
  public let isPlainDescent: Bool
  /// What the last layer looked like at each probe; none decides anything.
  public let snapshots: [Snapshot]

  /// A training of given parts.
  public init(
    name: String, trajectory: Trajectory<Epoch>, hadWeightDecay: Bool, zeroErrorEpoch: Int?,
    isPlainDescent: Bool = false, snapshots: [Snapshot] = []
  ) {
    self.name = name
    self.trajectory = trajectory
    self.hadWeightDecay = hadWeightDecay
    self.zeroErrorEpoch = zeroErrorEpoch
    self.isPlainDescent = isPlainDescent
    self.snapshots = snapshots
  }

  /// A training that was run on so many samples.
  public init(name: String, run: Training.Run, samples: Int) {
    let settings = run.trajectory.settings
    self.init(
      name: name, trajectory: run.trajectory, hadWeightDecay: run.audit.hadWeightDecay,
      zeroErrorEpoch: run.audit.zeroErrorEpoch,
      isPlainDescent: settings.momentum == 0 && settings.batchSize == samples
        && !run.audit.hadWeightDecay,
      snapshots: run.snapshots)
  }

  /// Why it cannot be judged: what it lacks of a training to its end without weight decay, past zero
  /// training error; nil if nothing.
  var cannotBeJudged: String? {
    if hadWeightDecay { return "Weight decay was applied (\(name))." }
    if trajectory.termination != .epochs { return "Training did not run to its end (\(name))." }
    guard let zeroErrorEpoch else { return "Zero training error was not reached (\(name))." }
    let last = trajectory.records.last?.coordinate.number ?? 0
    return last > zeroErrorEpoch ? nil : "Zero training error came only at the end (\(name))."
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
