/// An escape under way.
struct EscapeRun {
  var termination: Termination?
  private let landscape: Landscape
  private let settings: Escape.Settings
  private var slope: Slope
  private var descent: SteepestDescent
  private var measurer: PointMeasurer
  private var records: [Trajectory<Step>.Record] = []
  private var events: [Trajectory<Step>.Event] = []
  private var visits: [Escape.Visit] = []
  private var cost = Cost()
  /// Refine once the scaled gradient is below this.
  private var threshold = EscapeRun.firstThreshold

  /// The gradient of a point that is ten thousand times nearer to a critical one than to the origin.
  private static let firstThreshold = 1e-4

  init(_ landscape: Landscape, from saddle: CriticalPoint, _ settings: Escape.Settings) {
    self.landscape = landscape
    self.settings = settings
    slope = Slope(landscape.settings.level, landscape.model, at: saddle.point)
    descent = SteepestDescent(longest: settings.longestStep)
    measurer = PointMeasurer(landscape.model, start: saddle.point)
    record()
    leave(saddle)
  }

  var progress: Escape.Progress {
    Escape.Progress(
      steps: cost.steps, logLoss: slope.logLoss, saddles: events.count)
  }

  var escape: Escape {
    Escape(
      trajectory: Trajectory(
        settings: settings, records: records, events: events,
        termination: termination ?? .stationary, cost: cost),
      visits: visits, end: slope.point)
  }

  /// One step down; near a critical point, a look at what it is.
  mutating func advance(isCancelled: () -> Bool) throws(ModelError) {
    guard cost.steps < settings.maximumSteps, events.count <= settings.maximumSaddles else {
      termination = .evaluationLimit
      return
    }
    // A push from the origin may land on a critical point of the sphere.
    if slope.isCritical { return try leave(critical(at: slope.point)) }
    let steps = cost.steps
    if let next = descent.step(from: slope, counting: &cost) {
      move(to: next)
      if slope.scaledGradient < threshold { try settle(isCancelled) }
    } else {
      try settle(isCancelled)
      // Neither a lower point nor a critical one: rounding decides what comes next.
      if termination == nil, cost.steps == steps { termination = .noiseFloor }
    }
  }

  /// Goes to the critical point nearby, if it is near and not higher, and on from there if it is a
  /// saddle.
  private mutating func settle(_ isCancelled: () -> Bool) throws(ModelError) {
    let refined = landscape.refine(slope.point, isCancelled: isCancelled)
    cost.gradientEvaluations += refined.cost.gradientEvaluations
    cost.hessianProducts += refined.cost.hessianProducts
    guard refined.termination != .interrupted else {
      termination = .interrupted
      return
    }
    let target = Slope(landscape.settings.level, landscape.model, at: refined.point)
    let distance = (refined.point - slope.point).norm
    // As the threshold falls tenfold, so does the distance that counts as near.
    let isNear = distance <= 1e3 * threshold * slope.point.norm
    guard refined.isCritical, isNear, target.objective <= slope.objective else {
      threshold = 0.1 * slope.scaledGradient
      return
    }
    move(to: target)
    try leave(critical(at: refined.point))
  }

  private func critical(at point: Point) throws(ModelError) -> CriticalPoint {
    try CriticalPoint(landscape.model, at: point, name: "")
  }

  /// Notes a critical point; pushes off where there is a way down, else ends.
  private mutating func leave(_ critical: CriticalPoint) {
    visits.append(Escape.Visit(step: Step(cost.steps), point: critical))
    guard landscape.settings.level.verdict(of: critical) == .strictSaddle,
      let direction = critical.descent?.direction
    else {
      termination = .settled
      return
    }
    events.append(.init(.saddle, at: Step(cost.steps), logLoss: slope.logLoss))
    let pushed = slope.moved(by: (pushLength * direction).flat)
    descent = SteepestDescent(longest: settings.longestStep)
    threshold = min(EscapeRun.firstThreshold, 0.1 * pushed.scaledGradient)
    move(to: pushed)
  }

  /// From the origin, which has no size of its own, the push goes to the sphere, or by a thousandth.
  private var pushLength: Double {
    guard slope.point.norm == 0 else { return settings.push * slope.point.norm }
    return if case .radius(let radius) = slope.level { radius } else { settings.push }
  }

  private mutating func move(to next: Slope) {
    slope = next
    cost.steps += 1
    cost.gradientEvaluations += 1
    record()
  }

  private mutating func record() {
    var measurement = measurer.measure(slope.point)
    measurement[.gradientNorm] = slope.gradientReading
    measurement[.multiplier] = Reading(
      ratio: slope.relativeMultiplier, ofLogLoss: slope.logLoss)
    records.append(.init(Step(cost.steps), measurement))
  }
}
