/// What a run did to one group of parameters, counted where it was done.
public struct ExecutedGroup: Hashable, Sendable {
  /// Which parameters.
  public let group: ParameterGroup
  /// Updates so far.
  public internal(set) var steps = 0
  /// The largest weight decay that any of those updates had, as it was given; the networks compute
  /// with it rounded to float32.
  public internal(set) var weightDecay = 0.0

  /// One sentence for a report.
  public var sentence: String {
    "\(group.rawValue): \(steps) updates, "
      + (weightDecay == 0 ? "none with weight decay" : "weight decay up to \(weightDecay)")
  }
}

/// Gradient descent with momentum in PyTorch's form, in float32.
///
///     v ← μ v + (g + λ w),    w ← w - η v
///
/// Each group of parameters is updated as a whole, with its own `λ`.
struct MomentumDescent {
  let momentum: Float
  /// `λ` of each group; a group that is not named has none.
  let decay: [ParameterGroup: Double]
  private(set) var executed: [ExecutedGroup] = []

  init(momentum: Float, decay: [ParameterGroup: Double]) {
    self.momentum = momentum
    self.decay = decay
  }

  /// Updates every parameter from its gradient.
  mutating func step(_ parameters: NetworkParameters, rate: Float) {
    if executed.isEmpty { executed = parameters.groups.map { ExecutedGroup(group: $0.group) } }
    for (g, (group, range)) in parameters.groups.enumerated() {
      let decay = decay[group] ?? 0
      FloatStorage.descend(
        range, values: parameters.values, velocities: parameters.velocities,
        gradients: parameters.gradients, momentum: momentum, rate: rate,
        decay: Float(decay))
      executed[g].steps += 1
      executed[g].weightDecay = max(executed[g].weightDecay, decay)
    }
  }
}
