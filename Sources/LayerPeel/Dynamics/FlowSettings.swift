extension Flow {
  /// What a flow is asked to do: where to stop, where to record, how exactly to integrate.
  public struct Settings: Hashable, Sendable {
    /// Stop at this margin ratio, below 1.
    public var untilMarginRatio: Double?
    /// Stop at this `log L`.
    public var untilLogLoss: Double?
    /// Stop at this `log t`.
    public var untilLogTime: Double?
    /// Record at exactly these `log t`, in rising order.
    public var logTimes: [Double] = []
    /// Record at exactly these `log L`, in falling order.
    public var logLosses: [Double] = []
    /// Without times and losses: a record each time `log ρ²` has moved by
    /// `ln 10 / recordsPerDecade`.
    public var recordsPerDecade = 20
    /// Events at these margin ratios, each below 1, in rising order.
    public var markedMarginRatios: [Double] = []
    /// Stop after this many gradient evaluations.
    public var maximumEvaluations = 1_000_000
    /// Relative error a step may make, of the direction as a whole, of `log ρ` and of `log t`.
    ///
    /// The default is the loosest of `10^-k` that keeps the drift of the invariants below `1e-5` at
    /// `log L = -1e6`.
    public var relativeTolerance = 1e-11

    /// Settings whose targets are all open: the flow goes on to ``defaultMarginRatio``.
    public init() {}

    /// The margin ratio at which a flow without any target stops.
    public static let defaultMarginRatio = 0.9999

    /// Whether some end was asked for, which the flow may then miss.
    public var hasTarget: Bool {
      untilMarginRatio != nil || untilLogLoss != nil || untilLogTime != nil || hasSchedule
    }
    /// The margin ratio at which the flow ends, asked for or by default.
    public var endingMarginRatio: Double? {
      untilMarginRatio ?? (hasTarget ? nil : Settings.defaultMarginRatio)
    }
    /// Whether records are taken at given times or losses.
    public var hasSchedule: Bool { !logTimes.isEmpty || !logLosses.isEmpty }

    /// Whether every setting is in its range.
    public func validate() throws(ModelError) {
      for ratio in markedMarginRatios + (untilMarginRatio.map { [$0] } ?? []) {
        guard ratio > 0, ratio < 1 else {
          throw .badSetting(
            argument: "until-margin-ratio, mark-margin-ratio", value: "\(ratio)",
            expected: "a number above 0 and below 1, the ratio of the unreachable optimum")
        }
      }
      for value in logTimes + logLosses + [untilLogLoss, untilLogTime].compactMap({ $0 }) {
        guard value.isFinite else {
          throw .badSetting(
            argument: "until-…, at-…", value: "\(value)", expected: "a finite number")
        }
      }
      guard isRising(logTimes), isRising(logLosses.map { -$0 }), isRising(markedMarginRatios)
      else {
        throw .badSetting(
          argument: "at-times, at-log-loss, mark-margin-ratio", value: "a list that turns back",
          expected: "times and marks in rising order, log losses in falling order, none twice")
      }
      guard recordsPerDecade >= 1, recordsPerDecade <= 100_000 else {
        throw .badSetting(
          argument: "points", value: "\(recordsPerDecade)", expected: "1 to 100000 a decade")
      }
      guard maximumEvaluations >= 1 else {
        throw .badSetting(
          argument: "max-evaluations", value: "\(maximumEvaluations)", expected: "at least 1")
      }
      guard relativeTolerance >= 1e-13, relativeTolerance <= 1e-2 else {
        throw .badSetting(
          argument: "rtol", value: "\(relativeTolerance)", expected: "between 1e-13 and 1e-2")
      }
    }

    private func isRising(_ values: [Double]) -> Bool {
      zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
    }
  }
}
