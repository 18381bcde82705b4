import ArgumentParser
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// `layerpeel flow`.
struct FlowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow",
    abstract: "Follow the gradient flow of the layer-peeled model; say where it went, with proof.",
    discussion: """
      The flow dθ/dt = -∇L(θ) of the cross-entropy L of free features H under a classifier W, \
      integrated in a clock in which nothing underflows: to losses of e^-1000000 and beyond. Each \
      record holds margins, a certificate (primal, dual, gap) and the metrics of neural collapse.

      Examples:
        layerpeel flow --classes 4 --per-class 5 --dim 8 --until-log-loss -1e6
        layerpeel flow --class-sizes 100,100,10 --dim 20 --out flow.csv
        layerpeel flow --init square --noise 1e-4 --at-log-loss -26,-1e4,-5e5 --json
        layerpeel flow --init net.safetensors --rtol 1e-6

      An --until… that comes first ends the run before later records. Without any it stops at a \
      margin ratio of 0.9999, or at the noise floor. Exit status: 0 a target was reached, or none \
      was given; 3 a limit, the noise floor or a stationary point came first; 64 unusable \
      arguments; 65, 66 a start that cannot be read; 73 output that cannot be written; 130 \
      interrupted, with what was finished kept.
      """)

  @OptionGroup(title: "Model and start") var model: ModelOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(parsing: .unconditional, help: "Stop at this log L, such as -1e6.")
  var untilLogLoss: Double?

  @Option(parsing: .unconditional, help: "Stop at this log t.")
  var untilLogTime: Double?

  @Option(parsing: .unconditional, help: "Stop at this margin ratio, below 1.")
  var untilMarginRatio: Double?

  @Option(
    help: "Record at exactly these physical times, such as 1,10,1e9,log:400; end at the last.")
  var atTimes: NumberList?

  @Option(
    parsing: .unconditional, help: "Record at exactly these log L, falling; end at the last.")
  var atLogLoss: NumberList?

  @Option(help: "Records for each tenfold of ρ², where no times or losses are given.")
  var points = 20

  @Option(help: "Events at these margin ratios.")
  var markMarginRatio: NumberList?

  @Option(help: "Stop after this many gradient evaluations.")
  var maxEvaluations = 1_000_000

  @Option(help: "Relative error allowed in a step; the drifts of the invariants show what it did.")
  var rtol = Flow.Settings().relativeTolerance

  private var settings: Flow.Settings {
    get throws(ModelError) {
      var settings = Flow.Settings()
      settings.untilLogLoss = untilLogLoss
      settings.untilLogTime = untilLogTime
      settings.untilMarginRatio = untilMarginRatio
      settings.logTimes = try atTimes?.logarithms(argument: "at-times") ?? []
      settings.logLosses = try atLogLoss?.numbers(argument: "at-log-loss") ?? []
      settings.markedMarginRatios =
        try markMarginRatio?.numbers(argument: "mark-margin-ratio") ?? []
      settings.recordsPerDecade = points
      settings.maximumEvaluations = maxEvaluations
      settings.relativeTolerance = rtol
      try settings.validate()
      return settings
    }
  }

  func run() throws {
    var status: ExitCode?
    try reportingErrors {
      let settings = try self.settings
      let files = try output.files()
      let (model, start) = try self.model.modelAndStart()
      status = try follow(Flow(model, settings: settings), from: start, files: files)
    }
    if let status { throw status }
  }

  private func follow(_ flow: Flow, from start: Point, files: OutputFiles) throws -> ExitCode? {
    Interrupt.listen()
    var line = ProgressLine(isQuiet: output.quiet)
    let began = ContinuousClock.now
    let run = try flow.run(
      from: start,
      progress: { progress in
        line.show(
          progress.fraction,
          "log L \(significant(progress.logLoss, 4))  ratio \(decimals(progress.marginRatio, 5))"
            + "  \(progress.steps) steps")
      }, isCancelled: { Interrupt.isRequested })
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    line.clear()

    let document = TrajectoryDocument(
      run.trajectory, command: "flow", version: Versions.layerPeel, time: timestamp(),
      seconds: seconds,
      settings: [model.description(of: flow.model), FlowSettingsDescription(flow.settings)])
    let written = Result { try write(run, of: flow, document, to: files) }
    if output.json {
      try emit(document.json)
    } else {
      try emit(FlowSummary(run.trajectory, model: flow.model, seconds: seconds).text + "\n")
    }
    try written.get()
    return statusCode(of: run.trajectory.termination, hadTarget: flow.settings.hasTarget)
  }

  private func write(
    _ run: Flow.Run, of flow: Flow, _ document: TrajectoryDocument, to files: OutputFiles
  ) throws {
    if let file = files.data { try document.write(to: file) }
    if let file = files.point {
      try PointFile.write(
        run.end, labels: flow.model.labels, metadata: fileMetadata(command: "flow"), to: file.path)
    }
    try files.draw(.overview(of: run.trajectory))
  }
}
