import LayerPeel
import LayerPeelNetworks
import LayerPeelReports

/// What a training did, for people, below its table.
struct TrainSummary {
  private let run: Training.Run
  private let clock: TrainingClock
  private let goesOn: Bool
  private let folder: RunFolder?

  /// The summary of a run.
  ///
  /// - Parameters:
  ///   - run: What was done.
  ///   - clock: The time that took.
  ///   - goesOn: Whether this process went on with it.
  ///   - folder: Where it is kept, if it is.
  init(_ run: Training.Run, clock: TrainingClock, goesOn: Bool, folder: RunFolder?) {
    (self.run, self.clock) = (run, clock)
    (self.goesOn, self.folder) = (goesOn, folder)
  }

  /// A sentence each about its end, the terminal phase, what was executed, and what it took.
  var text: String {
    let audit = run.audit
    let end = [TrainSummary.end(of: run, in: folder)].compactMap { $0 }
    return (end + [audit.terminalPhase, audit.sentence, audit.regularization, costs])
      .map { wrapped($0) }.joined(separator: "\n")
  }

  /// A sentence about an end before the last epoch; nil for a run to its end.
  static func end(of run: Training.Run, in folder: RunFolder?) -> String? {
    let epochs = run.audit.epochs
    switch run.trajectory.termination {
    case .diverged:
      return "Training diverged in epoch \(epochs + 1); epoch \(epochs), the last finite one, was "
        + "kept. Try a lower --rate."
    case .interrupted:
      guard let folder else {
        return "Interrupted in epoch \(epochs + 1); without --run it cannot go on."
      }
      return folder.failure == nil
        ? "Interrupted in epoch \(epochs + 1); --resume \(folder.path) goes on."
        : "Stopped after epoch \(epochs), which could not be kept."
    default: return nil
    }
  }

  private var costs: String {
    let parts = Training.Activity.allCases.compactMap { activity -> String? in
      let seconds = clock.seconds(of: activity)
      guard seconds > 0 else { return nil }
      return "\(durationText(seconds)) \(words(for: activity))"
    }
    let speed =
      clock.imagesPerSecond > 0
      ? " at \(Int(clock.imagesPerSecond)) images/s" : goesOn ? ", all of them taken before" : ""
    return "\(run.trajectory.cost.steps) steps\(speed)"
      + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
      + "; \(durationText(clock.seconds)) " + (goesOn ? "since it went on." : "in all.")
  }

  private func words(for activity: Training.Activity) -> String {
    switch activity {
    case .training: "training"
    case .evaluation: "evaluating"
    case .probe: "in probes"
    case .saving: "saving"
    }
  }
}
