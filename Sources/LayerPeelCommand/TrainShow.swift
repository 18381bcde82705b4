import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// What people and programs see of a training while it runs, and at its end.
final class TrainShow {
  private let plan: TrainPlan
  private let isJSON: Bool
  private var line: ProgressLine
  private var clock: TrainingClock
  /// Samples trained on so far, over all epochs.
  private var samples: Int
  private let table: TrainTable
  /// What forecasts came to, once they were followed.
  var forecasts: [Forecast.Outcome] = []
  /// Whether forecasts were stopped before their end.
  var wasCut = false
  /// Standard output takes no more: nothing further is written to it, and that is said at the end.
  private var failure: FileError?

  init(_ plan: TrainPlan, isQuiet: Bool, isJSON: Bool) {
    (self.plan, self.isJSON) = (plan, isJSON)
    line = ProgressLine(isQuiet: isQuiet)
    samples = plan.epochsDone * plan.samples.train.count
    clock = TrainingClock(samples: samples)
    table = TrainTable()
  }

  /// The heading, and the rows of what a run did before it goes on.
  func begin() throws(FileError) {
    guard !isJSON else { return }
    let (train, dimension) = (plan.samples.train, plan.training.architecture.dimension)
    try emit(
      "\(train.count) images of \(train.labels.classes) classes, features of \(dimension) "
        + "\(dimension == 1 ? "dimension" : "dimensions")\n\n\(table.heading)\n")
    guard case .checkpoint(let checkpoint) = plan.start else { return }
    for record in checkpoint.records {
      try emit(table.row(record, zeroErrorEpoch: checkpoint.zeroErrorEpoch) + "\n")
    }
  }

  /// Shows how far training is.
  func note(_ progress: Training.Progress) {
    clock.note(progress)
    samples = progress.samples
    line.show(share, "\(place)  \(Int(clock.imagesPerSecond)) images/s")
  }

  /// Shows what the line stands still for.
  func announce(_ activity: Training.Activity) {
    let words = activity == .probe ? "probing" : "evaluating"
    line.show(share, "\(place)  \(words)", now: clock.isSlow(activity))
  }

  /// The share that is done of the epochs that were left.
  private var share: Double? {
    let (done, epochs) = (plan.epochsDone, plan.training.settings.epochs)
    let count = plan.samples.train.count
    return epochs > done ? Double(samples - done * count) / Double((epochs - done) * count) : nil
  }

  private var place: String {
    "epoch \(samples / plan.samples.train.count)/\(plan.training.settings.epochs)"
  }

  /// Adds the row of a probe.
  func show(_ run: Training.Run) {
    guard !isJSON, failure == nil, let record = run.trajectory.records.last else { return }
    line.clear()
    do throws(FileError) {
      try emit(table.row(record, zeroErrorEpoch: run.audit.zeroErrorEpoch) + "\n")
    } catch { failure = error }
  }

  /// What there is to say at the end.
  func end(_ run: Training.Run) throws(FileError) {
    line.clear()
    if let failure { throw failure }
    guard !isJSON else { return }
    let goesOn = plan.epochsDone > 0
    try emit(
      "\n"
        + TrainSummary(
          run, clock: clock, goesOn: goesOn, folder: plan.folder
        ).text + "\n")
  }

  /// What forecasts came to; for programs, everything in one object.
  func endForecasts(_ run: Training.Run) throws(FileError) {
    if isJSON {
      try emit(document(of: run).json)
    } else {
      for forecast in forecasts { try emit("\n" + ForecastSummary(forecast).text + "\n") }
    }
  }

  /// The trajectory as it is written.
  func document(of run: Training.Run) -> TrajectoryDocument {
    TrajectoryDocument(
      run.trajectory, command: "train", version: Versions.layerPeel, time: timestamp(),
      seconds: clock.seconds, timings: clock.timings,
      settings: [
        TrainingSettingsDescription(plan.training, threads: plan.recipe.threads),
        TrainingRunDescription(
          plan.recipe, images: plan.images, samples: plan.samples, audit: run.audit),
      ], sections: ["forecasts": forecasts.map { ForecastDocument($0) }])
  }
}
