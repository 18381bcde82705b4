import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// Writes what a training leaves behind while it runs.
final class TrainKeeper {
  private let plan: TrainPlan
  private let data: OutputFile?
  /// Epochs whose last layer is kept.
  let pointEpochs: Set<Int>
  /// Until when the trajectory is not written again: that must not take longer than training.
  private var pause = ContinuousClock.now

  init(_ plan: TrainPlan, points: Set<Int>, data: OutputFile?) {
    (self.plan, self.pointEpochs, self.data) = (plan, points, data)
  }

  /// Keeps the trajectory so far; what cannot be written now is said at the end.
  func keep(_ run: Training.Run, document: (Training.Run) -> TrajectoryDocument) {
    let began = ContinuousClock.now
    guard data != nil || plan.folder != nil, began >= pause else { return }
    let document = document(run)
    if let data { try? document.write(to: data) }
    if let file = try? plan.trajectoryFile { try? document.write(to: file) }
    let now = ContinuousClock.now
    let taken: Duration = now - began
    pause = now + taken * 10
  }

  /// Keeps the last layer of an epoch.
  func savePoint(_ epoch: Int, _ point: Point, _ bias: [Double]?) {
    plan.folder?.keep(
      point, bias: bias, labels: plan.samples.train.labels, epoch: epoch,
      metadata: plan.metadata(epoch: epoch))
  }
}
