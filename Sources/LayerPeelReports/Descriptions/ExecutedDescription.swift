import LayerPeelNetworks

/// What was executed of a training's settings, as the output records it.
struct Executed: Encodable {
  private let audit: Training.Audit

  init(_ audit: Training.Audit) { self.audit = audit }

  private struct Group: Encodable {
    let name: String
    let updates: Int
    let weightDecay: Double

    enum CodingKeys: String, CodingKey {
      case name, updates
      case weightDecay = "weight_decay"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case groups, epochs, momentum, batch, norm, augment, schedule, sentences, absent
    case hadWeightDecay = "had_weight_decay"
    case firstRate = "first_rate"
    case lastRate = "last_rate"
    case zeroErrorEpoch = "zero_error_epoch"
    case terminalProbes = "terminal_probes"
    case terminalProbesWithErrors = "terminal_probes_with_errors"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let groups = audit.groups.map {
      Group(name: $0.group.rawValue, updates: $0.steps, weightDecay: $0.weightDecay)
    }
    try container.encode(groups, forKey: .groups)
    try container.encode(audit.hadWeightDecay, forKey: .hadWeightDecay)
    try container.encode(audit.momentum, forKey: .momentum)
    try container.encode(audit.batchSize, forKey: .batch)
    try container.encode(audit.normalization.rawValue, forKey: .norm)
    try container.encode(audit.augmentation.description, forKey: .augment)
    try container.encode(audit.schedule.rawValue, forKey: .schedule)
    try container.encode(audit.firstRate, forKey: .firstRate)
    try container.encode(audit.lastRate, forKey: .lastRate)
    try container.encode(audit.epochs, forKey: .epochs)
    try container.encode(audit.zeroErrorEpoch, forKey: .zeroErrorEpoch)
    try container.encode(audit.terminalProbes, forKey: .terminalProbes)
    try container.encode(audit.terminalProbesWithErrors, forKey: .terminalProbesWithErrors)
    try container.encode(
      [audit.sentence, audit.regularization, audit.terminalPhase], forKey: .sentences)
    try container.encode(reasons, forKey: .absent)
  }

  /// Why what is null is.
  private var reasons: [String: String] {
    var reasons: [String: String] = [:]
    for (key, rate) in [(CodingKeys.firstRate, audit.firstRate), (.lastRate, audit.lastRate)]
    where rate == nil {
      reasons[key.rawValue] = "no epoch was finished"
    }
    if audit.zeroErrorEpoch == nil {
      reasons[CodingKeys.zeroErrorEpoch.rawValue] = "no epoch ended without training error"
    }
    return reasons
  }
}
