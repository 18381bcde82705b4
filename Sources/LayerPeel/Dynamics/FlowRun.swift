/// A flow while it runs: steps, records what was asked for, and knows when to stop.
struct FlowRun: ~Copyable {
  private let flow: Flow
  private let field: FlowField
  private var stepper: FlowStepper
  private var measurer: PointMeasurer
  private var floor: NoiseFloor
  private var records: [Trajectory<FlowTime>.Record] = []
  private var events: [Trajectory<FlowTime>.Event] = []
  private(set) var values: FlowWatch.Values
  private let recorded: (Trajectory<FlowTime>.Record, Point) -> Void

  init(
    _ flow: Flow, from start: Point,
    recorded: @escaping (Trajectory<FlowTime>.Record, Point) -> Void
  ) {
    self.flow = flow
    self.recorded = recorded
    measurer = PointMeasurer(flow.model, start: start)
    field = FlowField(flow.model, problem: measurer.problem, start: start)
    values = field.startValues(start)
    floor = NoiseFloor(
      tolerance: flow.settings.relativeTolerance,
      knowsOptimum: flow.model.dimension >= measurer.problem.sufficientDimension)
    stepper = FlowStepper(
      field, watch: FlowWatch(flow.settings, start: values), from: start,
      tolerance: flow.settings.relativeTolerance)
    record(start)
    eventsAtStart()
  }

  /// The first time that was asked for, where the clock cannot tell it from zero.
  var indistinctTime: Double? { stepper.watch.indistinctTime }

  mutating func finish(
    progress: (Flow.Progress) -> Void, isCancelled: () -> Bool
  ) -> Flow.Run {
    var termination = terminationAtStart
    while termination == nil {
      termination = advance() ?? limitMet(isCancelled)
      progress(self.progress)
    }
    if records.last?.coordinate != time { record(point) }
    var cost = Cost()
    cost.gradientEvaluations = field.gradientEvaluations
    cost.hessianProducts = field.hessianProducts
    cost.steps = stepper.steps
    return Flow.Run(
      trajectory: Trajectory(
        settings: flow.settings, records: records, events: events, termination: termination!,
        cost: cost),
      end: point)
  }

  /// One step; a termination if it met a target or cannot go on.
  private mutating func advance() -> Termination? {
    switch stepper.advance() {
    case .stuck:
      return .noiseFloor
    case .stepped:
      values = stepper.lastValues
      return reached(missedSlots)
    case .reached(let slots):
      values = stepper.withState { field.values(at: $0) }
      return reached(slots)
    }
  }

  /// Slots whose target lies behind without a change of sign between steps: a start exactly on it.
  private var missedSlots: [FlowWatch.Slot] {
    [.separated, .lossBelowLog2].filter { stepper.watch.isMet($0, values) }
  }

  /// Turns to the next targets, notes events, and records where that was asked for.
  private mutating func reached(_ slots: [FlowWatch.Slot]) -> Termination? {
    var termination: Termination?
    var isRecorded = false
    for slot in slots {
      if let event = event(at: slot) { events.append(event) }
      stepper.watch.pass(slot, values)
      switch slot {
      case .recordTime, .recordLoss:
        isRecorded = true
        // Targets closer together than a root can be told from the next share one record.
        while stepper.watch.isMet(slot, values) { stepper.watch.pass(slot, values) }
      case .recordNorm: isRecorded = true
      default: break
      }
      termination = termination ?? stepper.watch.termination(after: slot)
    }
    if isRecorded { record(point) }
    return termination
  }

  private func event(at slot: FlowWatch.Slot) -> Trajectory<FlowTime>.Event? {
    switch slot {
    case .lossBelowLog2: .init(.lossBelowLog2, at: time, logLoss: values.logLoss)
    case .separated: .init(.separated, at: time, logLoss: values.logLoss)
    case .markedRatio:
      .init(.marginRatio, at: time, logLoss: values.logLoss, value: stepper.watch.nextMark)
    default: nil
    }
  }

  /// What holds at the start already is an event there.
  private mutating func eventsAtStart() {
    if stepper.watch.isSeparated {
      events.append(.init(.separated, at: .zero, logLoss: values.logLoss))
    }
    if stepper.watch.isBelowLog2 {
      events.append(.init(.lossBelowLog2, at: .zero, logLoss: values.logLoss))
    }
    while stepper.watch.isMet(.markedRatio, values) {
      let mark = stepper.watch.nextMark
      events.append(.init(.marginRatio, at: .zero, logLoss: values.logLoss, value: mark))
      stepper.watch.pass(.markedRatio, values)
    }
  }

  /// A target that the start meets, or no gradient to follow.
  private var terminationAtStart: Termination? {
    for slot in [.untilRatio, .untilLoss, .untilTime] as [FlowWatch.Slot]
    where stepper.watch.isMet(slot, values) {
      return stepper.watch.termination(after: slot)
    }
    // What rounding leaves of sums that cancel is no gradient to follow.
    let loss = flow.model.logLoss(at: point)
    let rounding = 4 * Double.ulpOfOne * loss.ratios.norm * point.norm
    return loss.gradient.norm <= rounding ? .stationary : nil
  }

  /// Why the flow must stop where no target is met.
  private mutating func limitMet(_ isCancelled: () -> Bool) -> Termination? {
    if isCancelled() { return .interrupted }
    if field.gradientEvaluations >= flow.settings.maximumEvaluations { return .evaluationLimit }
    if isStationary { return .stationary }
    let isReached = floor.isReached(values, steps: stepper.steps) {
      stepper.withState { field.roundingNoise(at: $0) }
    }
    return isReached ? .noiseFloor : nil
  }

  /// Whether the loss has stopped above `log 2`.
  ///
  /// At `t = e^30` any saddle that doubles can see would have been left. A small gradient proves
  /// nothing: near a saddle it grows again.
  private var isStationary: Bool {
    values.logLoss >= .logLog2 && time.logTime >= 30
  }

  private var time: FlowTime {
    guard values.clock > 0 else { return .zero }
    return FlowTime(logTime: .logExpm1(.expm1(values.clock)) - field.startLogLoss)
  }

  private var point: Point {
    stepper.withState { x in
      let scale = Double.exp(x[flow.model.unknowns])
      return flow.model.point(flat: (0..<flow.model.unknowns).map { scale * x[$0] })
    }
  }

  private mutating func record(_ point: Point) {
    var measurement = measurer.measure(point)
    measurement[.roundingNoise] = .value(stepper.withState { field.roundingNoise(at: $0) })
    let record = Trajectory<FlowTime>.Record(time, measurement)
    records.append(record)
    recorded(record, point)
  }

  private var progress: Flow.Progress {
    Flow.Progress(
      steps: stepper.steps, gradientEvaluations: field.gradientEvaluations,
      logLoss: values.logLoss, logTime: time.logTime, marginRatio: values.marginRatio,
      fraction: stepper.watch.fractionDone(values))
  }

  /// The run of a start without direction: it has no gradient and stays.
  static func atOrigin(
    _ flow: Flow, _ start: Point, recorded: (Trajectory<FlowTime>.Record, Point) -> Void
  ) -> Flow.Run {
    var measurer = PointMeasurer(flow.model, start: start)
    var measurement = measurer.measure(start)
    measurement[.roundingNoise] = .value(0)
    let record = Trajectory<FlowTime>.Record(.zero, measurement)
    recorded(record, start)
    let trajectory = Trajectory(
      settings: flow.settings, records: [record], events: [],
      termination: .stationary, cost: Cost())
    return Flow.Run(trajectory: trajectory, end: start)
  }
}
