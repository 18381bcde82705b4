import LayerPeel

/// What a flow did, for people: a short table, one sentence, what it took.
struct FlowSummary {
  private let trajectory: Trajectory<FlowTime>
  private let model: LayerPeeledModel
  private let seconds: Double

  init(_ trajectory: Trajectory<FlowTime>, model: LayerPeeledModel, seconds: Double) {
    self.trajectory = trajectory
    self.model = model
    self.seconds = seconds
  }

  var text: String {
    ([heading, "", table, "", sentence] + hints + [costs]).joined(separator: "\n")
  }

  private var heading: String {
    return "\(model.sizes.inWords) in \(model.dimension) dimensions: \(model.unknowns) unknowns"
  }

  private var table: String {
    let rows =
      [row("start", trajectory.records[0])]
      + trajectory.events.map { event in
        [name(of: event), timeText(event.coordinate), significant(event.logLoss, 6), "", ""]
      } + [row(ending, trajectory.records[trajectory.records.count - 1])]
    return tableText(["", "log t", "log L", "margin ratio", "gap"], rows)
  }

  private func row(_ name: String, _ record: Trajectory<FlowTime>.Record) -> [String] {
    let m = record.measurement
    return [
      name, timeText(record.coordinate), m[.logLoss].number.map { significant($0, 6) } ?? "-",
      m[.marginRatio].number.map { significant($0, 8) } ?? "-",
      m[.gap].number.map { significant($0, 3) } ?? "-",
    ]
  }

  private func timeText(_ time: FlowTime) -> String {
    time.logTime.isFinite ? significant(time.logTime, 6) : "-"
  }

  private func name(of event: Trajectory<FlowTime>.Event) -> String {
    switch event.name {
    case .lossBelowLog2: "loss below log 2"
    case .separated: "separated"
    case .marginRatio: "margin ratio \(event.value.map { significant($0, 6) } ?? "")"
    case .terminalPhase: "terminal phase"
    case .saddle: "saddle"
    }
  }

  private var ending: String {
    switch trajectory.termination {
    case .marginRatio, .logLoss, .logTime, .epochs, .settled: "end"
    case .evaluationLimit: "evaluation limit"
    case .noiseFloor: "noise floor"
    case .stationary: "stationary"
    case .interrupted: "interrupted"
    case .diverged: "diverged"
    }
  }

  private var sentence: String {
    let destination = Destination(
      trajectory.last, classes: model.labels.classes, dimension: model.dimension)
    switch destination {
    case .nearOptimum(let gap):
      return "Went to within \(significant(gap, 2)) of the global optimum"
        + (model.sizes.areBalanced ? ": neural collapse." : ", the geometry of these class sizes.")
    case .otherDirection(let ratio):
      return "A KKT direction that is not global: \(decimals(ratio, 4)) of the best margin."
    case .onItsWay(let ratio, let stationarity):
      return "On its way at \(decimals(ratio, 4)) of the best margin; stationarity residual "
        + "\(significant(stationarity, 2))."
    case .relaxed(let ratio, let stationarity):
      return "At \(decimals(ratio, 4)) of the bound, out of reach below "
        + "\(model.labels.classes - 1) dimensions;\nstationarity residual "
        + "\(significant(stationarity, 2))."
    case .notSeparated(let margin):
      let never = trajectory.termination == .stationary ? "Never separated" : "Not separated yet"
      return "\(never): the least margin is \(significant(margin, 3))."
    }
  }

  /// What would take the flow further, where that is known.
  private var hints: [String] {
    let m = trajectory.last
    if trajectory.cost.steps == 0, trajectory.termination.reachedTarget {
      return ["The start already meets the target."]
    }
    switch trajectory.termination {
    case .evaluationLimit: return ["--max-evaluations allows more work."]
    case .noiseFloor:
      guard let logLoss = m[.logLoss].number, let noise = m[.roundingNoise].number else {
        return []
      }
      let tolerance = trajectory.settings.relativeTolerance
      return -logLoss * tolerance > 10 && noise < 10 * tolerance
        ? ["The tolerance is too loose to go on; a smaller --rtol will."]
        : [
          "Doubles can tell no more: one unit in the last place moves the weights by "
            + "\(significant(noise, 2))."
        ]
    default: return []
    }
  }

  private var costs: String {
    let cost = trajectory.cost
    return "\(cost.steps) steps, \(cost.gradientEvaluations) gradients, \(cost.hessianProducts) "
      + "Hessian products, \(durationText(seconds))"
  }
}
