public import LayerPeel

/// The settings of a flow as the output records them.
public struct FlowSettingsDescription: Encodable, Sendable {
  private let settings: Flow.Settings

  /// The settings of a flow.
  public init(_ settings: Flow.Settings) { self.settings = settings }

  private enum CodingKeys: String, CodingKey {
    case untilMarginRatio = "until_margin_ratio"
    case untilLogLoss = "until_log_loss"
    case untilLogTime = "until_log_time"
    case atLogTimes = "at_log_times"
    case atLogLosses = "at_log_loss"
    case markMarginRatio = "mark_margin_ratio"
    case points
    case maxEvaluations = "max_evaluations"
    case rtol
    case loss
    case integrator
    case versions
  }

  /// Every key, `null` where nothing was asked for.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(settings.endingMarginRatio, forKey: .untilMarginRatio)
    try container.encode(settings.untilLogLoss, forKey: .untilLogLoss)
    try container.encode(settings.untilLogTime, forKey: .untilLogTime)
    try container.encode(settings.logTimes, forKey: .atLogTimes)
    try container.encode(settings.logLosses, forKey: .atLogLosses)
    try container.encode(settings.markedMarginRatios, forKey: .markMarginRatio)
    try container.encode(settings.recordsPerDecade, forKey: .points)
    try container.encode(settings.maximumEvaluations, forKey: .maxEvaluations)
    try container.encode(settings.relativeTolerance, forKey: .rtol)
    try container.encode("sum", forKey: .loss)
    try container.encode("cvode-bdf-spgmr", forKey: .integrator)
    try container.encode(
      ["sundials": Versions.sundials, "openblas": Versions.openBLAS], forKey: .versions)
  }
}
