/// What a run did to one group of parameters, counted where it was done.
public struct ExecutedGroup: Hashable, Sendable {
  /// Which parameters.
  public let group: ParameterGroup
  /// Updates so far.
  public internal(set) var steps = 0
  /// The largest weight decay that any of those updates had.
  public internal(set) var weightDecay = 0.0

  /// One sentence for a report.
  public var sentence: String {
    "\(group.rawValue): \(steps) updates, "
      + (weightDecay == 0 ? "none with weight decay" : "weight decay up to \(weightDecay)")
  }
}

/// Gradient descent with momentum in PyTorch's form, in float32.
///
///     v ← μ v + g + λ w,    w ← w - η v
///
/// Two operations over each group's whole memory, on oneDNN's threads: twice as fast here as one
/// fused loop on one thread, since the parameters outgrow the caches.
final class MomentumDescent {
  private struct Group {
    let value: Tensor
    let velocity: Tensor
    let accumulation: Operation
    /// `λ` as it stands in `accumulation`: 0 where that has no such term.
    let decay: Float
    var update: Operation?
  }

  private var groups: [Group] = []
  private var rate: Float?
  private(set) var executed: [ExecutedGroup]

  init(_ parameters: PerceptronParameters, momentum: Float, decay: [ParameterGroup: Float]) {
    executed = parameters.groups.map { ExecutedGroup(group: $0.group) }
    groups = parameters.groups.map { group, range in
      let layout = TensorLayout.vector(range.count)
      let value = Tensor(layout, in: parameters.values, at: range.lowerBound)
      let gradient = Tensor(layout, in: parameters.gradients, at: range.lowerBound)
      let velocity = Tensor(layout, in: parameters.velocities, at: range.lowerBound)
      let decay = decay[group] ?? 0
      var terms: [(scale: Float, tensor: Tensor)] = [(momentum, velocity), (1, gradient)]
      if decay != 0 { terms.append((decay, value)) }
      return Group(
        value: value, velocity: velocity, accumulation: .sum(terms, into: velocity), decay: decay)
    }
  }

  /// Updates every parameter from its gradient; a rate unlike the last step's costs some planning.
  func step(rate: Float) {
    if rate != self.rate {
      self.rate = rate
      for g in groups.indices {
        let value = groups[g].value
        groups[g].update = .sum([(1 as Float, value), (-rate, groups[g].velocity)], into: value)
      }
    }
    for (g, group) in groups.enumerated() {
      group.accumulation.run()
      group.update?.run()
      executed[g].steps += 1
      executed[g].weightDecay = max(executed[g].weightDecay, Double(group.decay))
    }
  }
}
