internal import Glibc

extension Training {
  /// What was executed: weight decay as it was counted where parameters are updated, the rest as each
  /// step was given it.
  public struct Audit: Hashable, Sendable {
    /// Every group of parameters that was updated, with the weight decay its updates had.
    public let groups: [ExecutedGroup]
    /// What stood between linear layers or convolutions and their ReLUs.
    public let normalization: NetworkArchitecture.Normalization
    /// `μ`.
    public let momentum: Double
    /// Samples in the largest batch.
    public let batchSize: Int
    /// Samples in the training set.
    public let samples: Int
    /// How images were changed before every step.
    public let augmentation: Augmentation
    /// How the rate changed.
    public let schedule: Schedule
    /// The rate of the first epoch; nil before its end.
    public let firstRate: Double?
    /// The rate of the last finished epoch; nil before the first ends.
    public let lastRate: Double?
    /// Epochs finished.
    public let epochs: Int
    /// The first epoch without training error, where the terminal phase begins; nil if none.
    public let zeroErrorEpoch: Int?
    /// Probes since the one that begins the terminal phase.
    public let terminalProbes: Int
    /// How many of those saw training error again.
    public let terminalProbesWithErrors: Int

    /// Whether any update of any group had weight decay.
    public var hadWeightDecay: Bool { groups.contains { $0.weightDecay != 0 } }
  }
}

// MARK: - For people

extension Training.Audit {
  /// One sentence about weight decay, from what was executed.
  public var sentence: String {
    if groups.isEmpty { return "No parameter was updated." }
    let names = groups.map { $0.group.rawValue }.joined(separator: ", ")
    guard hadWeightDecay else { return "No parameter group had weight decay (\(names))." }
    return "Weight decay: " + groups.map { $0.sentence }.joined(separator: "; ") + "."
  }

  /// One sentence about everything else that favours one solution over another.
  public var regularization: String {
    var parts: [String] = []
    if normalization == .batch { parts.append("batch normalisation") }
    if augmentation != .none { parts.append("random changes of the images (\(augmentation))") }
    parts.append(momentum == 0 ? "no momentum" : "momentum \(momentum)")
    parts.append(
      batchSize == samples ? "full batches" : "batches of \(batchSize) of \(samples)")
    if let firstRate, let lastRate {
      parts.append(
        schedule == .constant
          ? "a constant rate of \(firstRate)"
          : "a \(schedule.rawValue) rate from \(firstRate) to \(rounded(lastRate))")
    }
    return "What else can regularise: \(parts.joined(separator: ", "))."
  }

  /// One sentence about the terminal phase.
  public var terminalPhase: String {
    guard let zeroErrorEpoch else {
      return "Zero training error was not reached in \(epochs) epochs."
    }
    let beginning = "Training error was first zero at epoch \(zeroErrorEpoch) (*)"
    guard terminalProbes > 0 else { return beginning + "." }
    if terminalProbes == 1 {
      return
        "\(beginning), \(terminalProbesWithErrors == 0 ? "and" : "but not") at the one probe since."
    }
    let returns =
      terminalProbesWithErrors == 0 ? "and at all" : "but not at \(terminalProbesWithErrors) of the"
    return "\(beginning), \(returns) \(terminalProbes) probes since."
  }

  /// Three significant digits.
  private func rounded(_ rate: Double) -> Double {
    guard rate > 0 else { return rate }
    let unit = pow(10, Double(2 - rate.exponentOfTen))
    return (rate * unit).rounded() / unit
  }
}

extension Double {
  /// The exponent of a positive number's scientific notation.
  fileprivate var exponentOfTen: Int {
    Int(log10(self).rounded(.down))
  }
}

extension Augmentation: CustomStringConvertible {
  /// As it is asked for: `shift:4,mirror`, or `none`.
  public var description: String {
    let parts = (shift > 0 ? ["shift:\(shift)"] : []) + (mirrors ? ["mirror"] : [])
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }
}
