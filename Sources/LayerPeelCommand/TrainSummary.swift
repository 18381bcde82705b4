import LayerPeel
import LayerPeelNetworks

/// What a training did, for people, below its table.
struct TrainSummary {
  private let run: Training.Run
  private let clock: TrainingClock
  private let goesOn: Bool

  /// The summary of a run, which this process may have gone on with.
  init(_ run: Training.Run, clock: TrainingClock, goesOn: Bool) {
    self.run = run
    self.clock = clock
    self.goesOn = goesOn
  }

  /// A sentence each about its end, the terminal phase, what was executed, and what it took.
  var text: String {
    let audit = run.audit
    return (end + [audit.terminalPhase, audit.sentence, audit.regularization, costs])
      .map { wrapped($0) }.joined(separator: "\n")
  }

  private var end: [String] {
    switch run.trajectory.termination {
    case .diverged:
      [
        "Training diverged in epoch \(run.audit.epochs + 1); epoch \(run.audit.epochs), the last "
          + "finite one, was kept. Try a lower --rate."
      ]
    case .interrupted: ["Interrupted in epoch \(run.audit.epochs + 1)."]
    default: []
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
      ? " at \(Int(clock.imagesPerSecond)) images/s" : ", all of them taken before"
    return "\(run.trajectory.cost.steps) steps\(speed)"
      + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
      + "; \(durationText(clock.seconds)) " + (goesOn ? "since it went on." : "in all.")
  }

  private func words(for activity: Training.Activity) -> String {
    switch activity {
    case .training: "training"
    case .evaluation: "looking for errors"
    case .probe: "in probes"
    case .saving: "saving"
    }
  }
}
