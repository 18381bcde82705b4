/// What the flow looks out for: each a function of the state that changes sign there.
///
/// CVODE finds the roots on its dense output. There is a fixed slot for each kind; a slot with
/// nothing left to wait for never changes sign.
struct FlowWatch {
  /// The kinds, in the order of CVODE's root functions.
  enum Slot: Int, CaseIterable {
    case lossBelowLog2, separated, markedRatio
    case recordTime, recordLoss, recordNorm
    case untilRatio, untilLoss, untilTime
  }

  /// The numbers that the root functions are made of.
  struct Values {
    let logLoss: Double
    /// `q_min`.
    let leastMargin: Double
    /// `log ρ²`.
    let logSquaredNorm: Double
    /// `γ/γ*`.
    let marginRatio: Double
    /// `log(1 + log(1 + t L₀))`.
    let clock: Double
  }

  /// The values at the start.
  let start: Values
  private let settings: Flow.Settings
  private let untilRatio: Double?
  private var marks: ArraySlice<Double>
  private var times: ArraySlice<Double>
  private var losses: ArraySlice<Double>
  private var lastNorm: Double
  private(set) var isBelowLog2: Bool
  private(set) var isSeparated: Bool

  init(_ settings: Flow.Settings, start: Values) {
    self.settings = settings
    self.start = start
    untilRatio = settings.endingMarginRatio
    marks = settings.markedMarginRatios[...]
    times = settings.logTimes[...]
    losses = settings.logLosses[...]
    lastNorm = start.logSquaredNorm
    isBelowLog2 = start.logLoss < .logLog2
    isSeparated = start.leastMargin > 0
  }

  /// The value of each slot's function.
  func roots(_ v: Values) -> [Double] {
    Slot.allCases.map { slot in
      switch slot {
      case .lossBelowLog2: isBelowLog2 ? 1 : v.logLoss - Double.logLog2
      case .separated: isSeparated ? 1 : v.leastMargin
      case .markedRatio: marks.first.map { v.marginRatio - $0 } ?? 1
      case .recordTime: times.first.map { v.clock - clock(ofLogTime: $0) } ?? 1
      case .recordLoss: losses.first.map { v.logLoss - $0 } ?? 1
      case .recordNorm: settings.hasSchedule ? 1 : abs(v.logSquaredNorm - lastNorm) - normStep
      case .untilRatio: untilRatio.map { v.marginRatio - $0 } ?? 1
      case .untilLoss: settings.untilLogLoss.map { v.logLoss - $0 } ?? 1
      case .untilTime: settings.untilLogTime.map { v.clock - clock(ofLogTime: $0) } ?? 1
      }
    }
  }

  /// The first time that was asked for, where the clock cannot tell it from zero.
  var indistinctTime: Double? { times.first.flatMap { clock(ofLogTime: $0) < 1e-13 ? $0 : nil } }

  private var normStep: Double { .log(10) / Double(settings.recordsPerDecade) }
  /// The clock at a physical time.
  private func clock(ofLogTime logTime: Double) -> Double {
    .log1p(.softplus(logTime + start.logLoss))
  }

  /// The margin ratio whose mark was just passed.
  var nextMark: Double? { marks.first }
  /// Whether the slot's target lies behind the values.
  func isMet(_ slot: Slot, _ v: Values) -> Bool {
    switch slot {
    case .untilRatio: untilRatio.map { v.marginRatio >= $0 } ?? false
    case .untilLoss: settings.untilLogLoss.map { v.logLoss <= $0 } ?? false
    case .untilTime: settings.untilLogTime.map { v.clock >= clock(ofLogTime: $0) } ?? false
    case .markedRatio: marks.first.map { v.marginRatio >= $0 } ?? false
    case .recordTime: times.first.map { v.clock >= clock(ofLogTime: $0) } ?? false
    case .recordLoss: losses.first.map { v.logLoss <= $0 } ?? false
    case .separated: !isSeparated && v.leastMargin > 0
    case .lossBelowLog2: !isBelowLog2 && v.logLoss < .logLog2
    case .recordNorm: false
    }
  }

  /// Turns to the next target of a slot whose function just changed sign.
  mutating func pass(_ slot: Slot, _ v: Values) {
    switch slot {
    case .lossBelowLog2: isBelowLog2 = true
    case .separated: isSeparated = true
    case .markedRatio: marks = marks.dropFirst()
    case .recordTime: times = times.dropFirst()
    case .recordLoss: losses = losses.dropFirst()
    case .recordNorm: lastNorm = v.logSquaredNorm
    case .untilRatio, .untilLoss, .untilTime: break
    }
  }

  /// The share done of the nearest target, in `log ρ²`, which moves steadily in every run.
  ///
  /// A loss or a time needs about `ρ² = |log L|/γ`; a margin ratio approaches 1 like `1/ρ²`.
  func fractionDone(_ v: Values) -> Double? {
    let last = losses.last ?? times.last.map { -$0 }
    let loss = settings.untilLogLoss ?? settings.untilLogTime.map { -$0 } ?? last
    if let loss, loss < -1, v.logLoss < -1 {
      return min(1, .log(-v.logLoss) / .log(-loss))
    }
    if let untilRatio, v.marginRatio > 0, v.marginRatio < untilRatio {
      return .log(1 - v.marginRatio) / .log(1 - untilRatio)
    }
    return nil
  }

  /// Why the flow ends once a slot is passed, if it does.
  func termination(after slot: Slot) -> Termination? {
    let open =
      settings.untilMarginRatio == nil && settings.untilLogLoss == nil
      && settings.untilLogTime == nil
    let exhausted = open && settings.hasSchedule && times.isEmpty && losses.isEmpty
    return switch slot {
    case .untilRatio: .marginRatio
    case .untilLoss: .logLoss
    case .untilTime: .logTime
    case .recordTime: exhausted ? .logTime : nil
    case .recordLoss: exhausted ? .logLoss : nil
    case .lossBelowLog2, .separated, .markedRatio, .recordNorm: nil
    }
  }
}
