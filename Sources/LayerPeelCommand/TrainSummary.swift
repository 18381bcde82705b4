import LayerPeel
import LayerPeelNetworks
import LayerPeelReports

/// What a training did, for people: a row a probe, one sentence, what was executed.
struct TrainSummary {
  private let run: Training.Run
  private let samples: TrainingSamples
  private let clock: TrainingClock

  init(_ run: Training.Run, samples: TrainingSamples, clock: TrainingClock) {
    self.run = run
    self.samples = samples
    self.clock = clock
  }

  var text: String {
    [heading, "", table, "", sentence, run.audit.sentence, costs].joined(separator: "\n")
  }

  private var heading: String {
    "\(samples.train.count) images of \(samples.train.labels.classes) classes, "
      + "features of \(run.end.dimension) dimensions"
  }

  private var table: String {
    let columns: [(String, Quantity, Int32)] = [
      ("train loss", .trainLoss, 3), ("err %", .trainError, 3), ("test %", .testError, 3),
      ("nc1", .nc1Trace, 3), ("nc2", .nc2MeansAngle, 3), ("nc3", .nc3DualityCentered, 3),
      ("ratio", .balancedMarginRatio, 3), ("aligned", .alignmentFeatures, 2),
    ]
    let rows = run.trajectory.records.map { record in
      let epoch = record.coordinate.number
      let isTerminal = run.audit.zeroErrorEpoch.map { epoch >= $0 } ?? false
      return ["\(epoch)\(isTerminal ? " *" : "")"]
        + columns.map { _, quantity, digits in
          let isShare = quantity == .trainError || quantity == .testError
          let number = record.measurement[quantity].number
          return number.map { significant(isShare ? 100 * $0 : $0, digits) } ?? "-"
        }
    }
    return tableText(["epoch"] + columns.map(\.0), rows)
  }

  private var sentence: String {
    let end =
      switch run.trajectory.termination {
      case .diverged: "Training diverged; the last finite epoch was kept. Try a lower --rate.\n"
      case .interrupted: "Interrupted. "
      default: ""
      }
    guard let zero = run.audit.zeroErrorEpoch else {
      return end + "Zero training error was not reached in \(run.audit.epochs) epochs."
    }
    return end + "Training error was first zero at epoch \(zero) (*)."
  }

  private var costs: String {
    "\(run.trajectory.cost.steps) steps at \(Int(clock.imagesPerSecond)) images/s, "
      + "\(durationText(clock.seconds)) in all"
  }
}
