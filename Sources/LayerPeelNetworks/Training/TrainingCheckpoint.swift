public import LayerPeel

/// The name of a parameter and its extents, as in PyTorch.
public struct ParameterShape: Hashable, Sendable {
  /// Such as `classifier.weight`.
  public let name: String
  /// Outermost first.
  public let shape: [Int]

  /// A name and extents.
  public init(name: String, shape: [Int]) { (self.name, self.shape) = (name, shape) }
}

/// A parameter, a running statistic or a velocity, row by row, in float32.
public struct ParameterValues: Hashable, Sendable {
  /// The name of the parameter, as in PyTorch.
  public let name: String
  /// Its extents, outermost first.
  public let shape: [Int]
  /// Its entries, row by row.
  public let elements: [Float]

  /// Entries under a name.
  ///
  /// - Precondition: As many as the shape holds.
  public init(name: String, shape: [Int], elements: [Float]) {
    precondition(elements.count == shape.reduce(1, *), "\(elements.count) entries of \(shape)")
    (self.name, self.shape, self.elements) = (name, shape, elements)
  }
}

extension Training {
  /// The best epoch of a training, the earlier of equals.
  ///
  /// It has the least test error among those after which the test set was judged, which are all
  /// where checkpoints are kept; without a test set, the least mean loss of its batches.
  public struct Best: Hashable, Sendable, Codable {
    /// Epochs that were finished then.
    public let epoch: Int
    /// Share of the test set that was misclassified, or the mean loss; nil before the first epoch
    /// of a training without a test set.
    public let value: Double?

    /// An epoch and its value.
    public init(epoch: Int, value: Double?) { (self.epoch, self.value) = (epoch, value) }
  }

  /// Everything that a training needs to go on after an epoch as if it had never stopped.
  public struct Checkpoint: Sendable {
    /// Epochs finished.
    public var epochs: Int
    /// The state of the generator that everything random is drawn from.
    public var generator: UInt64
    /// Everything that defines the network: weights and running statistics.
    public var parameters: [ParameterValues]
    /// What momentum gave each trained parameter.
    public var velocities: [ParameterValues]
    /// What the probes compare with.
    public var probes: ProbeState
    /// What was recorded so far.
    public var records: [Trajectory<Epoch>.Record]
    /// What happened so far.
    public var events: [Trajectory<Epoch>.Event]
    /// What the last layer looked like at each probe so far.
    public var snapshots: [Snapshot]
    /// What it took so far.
    public var cost: Cost
    /// What was done to each group of parameters so far.
    public var executed: [ExecutedGroup]
    /// The first epoch without training error.
    public var zeroErrorEpoch: Int?
    /// What the last epoch is compared with the best by: its test error, or without a test set the
    /// mean loss of its batches; nil where it was not judged.
    public var value: Double?
    /// The best epoch so far.
    public var best: Best

    package init(
      epochs: Int, generator: UInt64, parameters: [ParameterValues],
      velocities: [ParameterValues], probes: ProbeState, records: [Trajectory<Epoch>.Record],
      events: [Trajectory<Epoch>.Event], snapshots: [Snapshot], cost: Cost,
      executed: [ExecutedGroup], zeroErrorEpoch: Int?, value: Double?, best: Best
    ) {
      (self.epochs, self.generator, self.parameters) = (epochs, generator, parameters)
      (self.velocities, self.probes, self.records) = (velocities, probes, records)
      (self.events, self.snapshots, self.cost) = (events, snapshots, cost)
      (self.executed, self.zeroErrorEpoch) = (executed, zeroErrorEpoch)
      (self.value, self.best) = (value, best)
    }
  }

  /// What probes to come will be compared with.
  public struct ProbeState: Sendable {
    /// The epoch of the last probe.
    public var epoch: Int
    /// The network as it was then, from which its last layer is computed again.
    public var parameters: [ParameterValues]
    /// What all probes are compared with.
    package var reference: ProberReference?

    package init(epoch: Int, parameters: [ParameterValues], reference: ProberReference?) {
      (self.epoch, self.parameters, self.reference) = (epoch, parameters, reference)
    }
  }
}

extension Learner {
  /// Everything that defines the network, as it is now.
  func allParameters() throws(ModelError) -> [ParameterValues] {
    try values(of: parameterNames) { name throws(ModelError) in try parameter(named: name) }
  }

  /// Every velocity, as it is now.
  func allVelocities() throws(ModelError) -> [ParameterValues] {
    try values(of: trainedNames) { name throws(ModelError) in try velocity(named: name) }
  }

  private func values(
    of names: [String], _ elements: (String) throws(ModelError) -> [Float]
  ) throws(ModelError) -> [ParameterValues] {
    var all: [ParameterValues] = []
    for name in names {
      all.append(
        ParameterValues(
          name: name, shape: try shape(ofParameterNamed: name), elements: try elements(name)))
    }
    return all
  }

  /// Takes over parameters by name.
  func take(_ parameters: [ParameterValues]) throws(ModelError) {
    for values in parameters { try setParameter(named: values.name, to: values.elements) }
  }
}

extension ExecutedGroup {
  /// What was done to a group.
  package init(_ group: ParameterGroup, steps: Int, weightDecay: Double) {
    self.init(group: group)
    (self.steps, self.weightDecay) = (steps, weightDecay)
  }

  /// What was done before and after together.
  func following(_ earlier: [ExecutedGroup]) -> ExecutedGroup {
    guard let before = earlier.first(where: { $0.group == group }) else { return self }
    return ExecutedGroup(
      group, steps: before.steps + steps, weightDecay: max(before.weightDecay, weightDecay))
  }
}
