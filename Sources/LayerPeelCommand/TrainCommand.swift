import ArgumentParser
import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// `layerpeel train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network without weight decay, measuring its last layer as it goes.",
    discussion: """
      Real images, single precision, on the CPU. Before training and at log-spaced epochs the last \
      layer over the whole training set is measured like a point of the flow: margins, certificate, \
      the metrics of neural collapse, and whether the features moved as the layer-peeled model \
      says. Each probe adds a row to a table; the end states what weight decay was executed.

      Where nothing is said, mlp trains 200 epochs at a cosine rate from 0.01, resnet18 and vgg13 \
      40 epochs from 0.1, linear-features 200 epochs at a constant rate of 10.

      Examples:
        layerpeel train --per-class 1000
        layerpeel train --data mnist --data-dir ~/mnist --epochs 20 --out mnist.csv
        layerpeel train --model resnet18 --width 16 --per-class 1000 --run runs/a
        layerpeel train --resume runs/a               after whatever stopped it
        layerpeel train --labels shuffled --per-class 200 --epochs 100
        layerpeel train --per-class 1000 --figure run.html
        layerpeel train --epochs 5 --save-point net.safetensors
        layerpeel flow --init net.safetensors        where the model would go then
        layerpeel train --forecast 10,first-zero     and whether the network goes there

      --figure also takes .html: one page with the curves of collapse and of alignment, and the \
      simplex as it forms, which turns if plotly.js is in the data home.

      --run keeps last.safetensors and best.safetensors (by test error) under PyTorch's names, and \
      a checkpoint after every epoch: a run that was stopped, even by kill -9, goes on with \
      --resume and ends with the same weights, bit for bit. The test set is judged at every probe, \
      and with --run after every epoch, as the best is known by it.

      Exit status: 0 done; 3 training diverged (finished epochs are kept); 64 unusable arguments; \
      65 unreadable data or a damaged run; 66 no such data set or run; 73 output that cannot be \
      written, or a folder that holds a run or is in use; 130 interrupted, with what was finished \
      kept.
      """)

  @OptionGroup var threadOption: ThreadOption
  @OptionGroup(title: "Network, data and training") var options: TrainOptions
  @OptionGroup(title: "Runs") var runs: RunOptions
  @OptionGroup(title: "Forecasts") var forecasts: ForecastOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    var status: ExitCode?
    try reportingErrors {
      let files = try output.files(alsoDrawn: ["html"])
      try runs.check(isRun: runs.run != nil || runs.resume != nil)
      let plan = try plan()
      status = try train(plan, files: files)
    }
    if let status { throw status }
  }

  /// What is to be done, and the folder in which it is kept.
  private func plan() throws -> TrainPlan {
    let home = DataHome(environment: ProcessInfo.processInfo.environment)
    if let resume = runs.resume {
      guard runs.run == nil else {
        throw ModelError.badSetting(
          argument: "run", value: "--resume beside it", expected: "one of --run and --resume")
      }
      let folder = try RunFolder.open(resume)
      try options.check(against: folder.recipe)
      var recipe = folder.recipe
      recipe.dataFolder = options.dataDir ?? recipe.dataFolder
      var plan = try TrainPlan(recipe, home: home)
      try plan.goOn(in: folder, threads: threadOption.use(as: folder.recipe.threads))
      return plan
    }
    var recipe = try options.recipe(threads: threadOption.use())
    recipe.settings.alsoProbed = Set(forecasts.epochs).sorted()
    recipe.savedPoints = try runs.savedPoints
    var plan = try TrainPlan(recipe, home: home, hasOwnBatch: options.batch != nil)
    _ = try (forecasts.watch(plan), runs.pointEpochs(of: plan))
    try plan.begin(in: runs.run)
    return plan
  }

  private func train(_ plan: TrainPlan, files: OutputFiles) throws -> ExitCode? {
    var watch = try forecasts.watch(plan)
    Interrupt.listen()
    let show = TrainShow(plan, isQuiet: output.quiet, isJSON: output.json)
    let keeper = TrainKeeper(plan, points: try runs.pointEpochs(of: plan), data: files.data)
    try show.begin()
    var observer = Training.Observer()
    observer.wantsEnd = files.point != nil || watch != nil
    observer.wantsPointsOfProbes = watch != nil
    (observer.progress, observer.began) = (show.note, show.announce)
    observer.isCancelled = { Interrupt.isRequested }
    observer.probed = { run in
      show.show(run)
      if let end = run.end { watch?.note(run, point: end) }
      keeper.keep(run, document: show.document)
    }
    observer.save = plan.folder?.keep
    (observer.pointEpochs, observer.point) = (keeper.pointEpochs, keeper.savePoint)
    let run: Training.Run
    do throws(ModelError) {
      run = try plan.training.run(
        on: plan.samples.train, test: plan.test, from: plan.start, observer: observer)
    } catch {
      plan.folder?.discardIfNotBegun()
      throw error
    }
    if let end = run.end { watch?.note(run, point: end, isOver: true) }
    // Before the forecasts, which may fail or be stopped; and what files cannot take is still said.
    let written = Result { try write(run, plan, document: show.document(of: run), files: files) }
    try show.end(run)
    try written.get()
    if let watch { try forecast(from: watch, after: run, plan, show: show, files: files) }
    try show.endForecasts(run)
    if let failure = plan.folder?.failure { throw failure }
    return statusCode(of: show.wasCut ? .interrupted : run.trajectory.termination, hadTarget: true)
  }

  /// Follows the model from each start that was met, and adds what that gave to what was written.
  private func forecast(
    from watch: ForecastWatch, after run: Training.Run, _ plan: TrainPlan, show: TrainShow,
    files: OutputFiles
  ) throws {
    forecasts.sayWhatNeverCame(watch)
    do {
      try forecasts.run(watch, labels: plan.samples.train.labels, isQuiet: output.quiet) {
        show.forecasts.append($0)
      }
    } catch {
      try show.endForecasts(run)
      throw error
    }
    show.wasCut =
      show.forecasts.count < watch.starts.count
      || show.forecasts.last?.trajectory.termination == .interrupted
    try write(show.document(of: run), plan, files: files)
    if files.isPage { try files.draw(page(run, plan, forecasts: show.forecasts)) }
  }

  private func write(_ document: TrajectoryDocument, _ plan: TrainPlan, files: OutputFiles) throws {
    if let file = files.data { try document.write(to: file) }
    if let file = try plan.trajectoryFile { try document.write(to: file) }
  }

  /// Everything that was asked for.
  private func write(
    _ run: Training.Run, _ plan: TrainPlan, document: TrajectoryDocument, files: OutputFiles
  ) throws {
    try write(document, plan, files: files)
    if let file = files.point, let end = run.end {
      try PointFile.write(
        end, bias: run.endBias, labels: plan.samples.train.labels, precision: .single,
        metadata: plan.metadata(epoch: run.audit.epochs), to: file.path)
    }
    if let path = runs.saveWeights {
      try WeightsFile.write(
        run.parameters, steps: run.trajectory.cost.steps,
        metadata: plan.metadata(epoch: run.audit.epochs), to: path)
    }
    if files.isPage {
      try files.draw(page(run, plan))
    } else {
      try files.draw(.trainingOverview(title: title(of: run), of: run.trajectory))
    }
  }

  private func title(of run: Training.Run) -> String {
    "Training \(run.audit.hadWeightDecay ? "with" : "without") weight decay"
  }

  /// All that there is to see of a run.
  private func page(
    _ run: Training.Run, _ plan: TrainPlan, forecasts: [Forecast.Outcome] = []
  ) -> TrainingPage {
    let audit = run.audit
    let end = TrainSummary.end(of: run, in: plan.folder).map { " \($0)" } ?? ""
    return TrainingPage(
      title: title(of: run),
      introduction: """
        \(plan.training.architecture.model.rawValue) on \(plan.samples.train.count) images of \
        \(plan.images.name.rawValue), \(audit.epochs) of \(plan.training.settings.epochs) epochs, \
        seed \(plan.recipe.settings.seed), by layerpeel \(Versions.layerPeel).\(end) \
        \(audit.terminalPhase) \(audit.sentence) \(audit.regularization)
        """,
      trajectory: run.trajectory, snapshots: run.snapshots, classNames: plan.images.classNames,
      forecasts: forecasts.map {
        (ForecastSummary($0).words, ReportTable.forecast($0, network: "The network"))
      })
  }
}

/// Where a run is kept, and what of it.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the run in this new folder: checkpoints, weights, records.", valueName: "dir")
  )
  var run: String?

  @Option(
    help: ArgumentHelp(
      "Go on with the run in this folder, with its own settings, to the same end.",
      valueName: "dir"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Epochs whose last layer goes into the run's folder, as point-E.safetensors.",
      valueName: "epochs"))
  var savePoints: NumberList?

  @Option(
    help: ArgumentHelp(
      "Write the last weights as a PyTorch state dict, in .safetensors.", valueName: "file"))
  var saveWeights: String?

  /// Finds out what can be known before any work.
  func check(isRun: Bool) throws {
    if let saveWeights { _ = try OutputFile(path: saveWeights, formats: ["safetensors"]) }
    guard savePoints == nil || isRun else {
      throw ModelError.badSetting(
        argument: "save-points", value: "no folder for them",
        expected: "--run or --resume beside it")
    }
  }

  /// The epochs that `--save-points` names.
  var savedPoints: [Int] {
    get throws { try savePoints?.integers(argument: "save-points") ?? [] }
  }

  /// The epochs of the points to be saved: those the run was begun with, and those asked for now.
  func pointEpochs(of plan: TrainPlan) throws -> Set<Int> {
    let epochs = try savedPoints
    let last = plan.training.settings.epochs
    if let bad = epochs.first(where: { !(0...last).contains($0) }) {
      throw ModelError.badSetting(
        argument: "save-points", value: "\(bad)", expected: "epochs from 0 to \(last)")
    }
    let done = plan.epochsDone
    if done > 0, let bad = epochs.first(where: { $0 <= done }) {
      throw ModelError.badSetting(
        argument: "save-points", value: "\(bad)",
        expected: "epochs after \(done), from which the run goes on")
    }
    return Set(epochs + plan.recipe.savedPoints)
  }
}
