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
  private let table: TrainTable
  /// Standard output was closed: nobody reads on.
  private var failure: FileError?

  init(_ plan: TrainPlan, isQuiet: Bool, isJSON: Bool) {
    (self.plan, self.isJSON) = (plan, isJSON)
    line = ProgressLine(isQuiet: isQuiet)
    clock = TrainingClock(samples: plan.epochsDone * plan.samples.train.count)
    table = TrainTable()
  }

  /// The heading, and the rows of what a run did before it goes on.
  func begin() throws(FileError) {
    guard !isJSON else { return }
    let (train, dimension) = (plan.samples.train, plan.training.architecture.dimension)
    try emit(
      "\(train.count) images of \(train.labels.classes) classes, features of \(dimension) "
        + "dimensions\n\n\(table.heading)\n")
    guard case .checkpoint(let checkpoint) = plan.start else { return }
    for record in checkpoint.records {
      try emit(table.row(record, zeroErrorEpoch: checkpoint.zeroErrorEpoch) + "\n")
    }
  }

  /// Shows how far training is.
  func note(_ progress: Training.Progress) {
    clock.note(progress)
    let count = plan.samples.train.count
    let (done, epochs) = (plan.epochsDone, plan.training.settings.epochs)
    let left = Double((epochs - done) * count)
    line.show(
      left > 0 ? Double(progress.samples - done * count) / left : nil,
      "epoch \(progress.epochs)/\(epochs)  \(Int(clock.imagesPerSecond)) images/s")
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
    if isJSON {
      try emit(document(of: run).json)
    } else {
      try emit("\n" + TrainSummary(run, clock: clock).text + "\n")
    }
  }

  /// The trajectory as it is written.
  func document(of run: Training.Run) -> TrajectoryDocument {
    TrajectoryDocument(
      run.trajectory, command: "train", version: Versions.layerPeel, time: timestamp(),
      seconds: clock.seconds, timings: clock.timings,
      settings: [
        TrainingSettingsDescription(plan.training, threads: plan.recipe.threads),
        TrainingRunDescription(images: plan.images, samples: plan.samples, audit: run.audit),
      ])
  }
}
