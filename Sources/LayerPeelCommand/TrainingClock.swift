import LayerPeelNetworks

/// How long a training takes, by what it does.
struct TrainingClock {
  private let began = ContinuousClock.now
  private var last = ContinuousClock.now
  private var durations: [Training.Activity: Duration] = [:]
  private var latest: [Training.Activity: Duration] = [:]
  /// Samples that were trained on, at the last progress and by this process.
  private var samples: Int
  private var counted = 0

  /// A clock of a training that has seen so many samples before.
  init(samples: Int = 0) { self.samples = samples }

  /// Called at every progress of a training: time since the one before went into what it reports.
  mutating func note(_ progress: Training.Progress) {
    let now = ContinuousClock.now
    latest[progress.activity] = now - last
    durations[progress.activity, default: .zero] += now - last
    counted += progress.samples - samples
    samples = progress.samples
    last = now
  }

  /// Whether one kind of work keeps people waiting, by what it took last; unknown work may.
  func isSlow(_ activity: Training.Activity) -> Bool {
    latest[activity].map { $0 > .milliseconds(200) } ?? true
  }

  /// What one kind of work took.
  func seconds(of activity: Training.Activity) -> Double {
    (durations[activity] ?? .zero) / .seconds(1)
  }

  /// Images that training itself went through in a second.
  var imagesPerSecond: Double {
    let seconds = seconds(of: .training)
    return seconds > 0 ? Double(counted) / seconds : 0
  }

  /// Since the clock began.
  var seconds: Double { (ContinuousClock.now - began) / .seconds(1) }

  /// Under keys of `cost`: speed, and the time of each kind of work.
  var timings: [String: Double] {
    var timings = ["images_per_second": imagesPerSecond]
    for activity in Training.Activity.allCases {
      timings["\(activity.rawValue)_seconds"] = seconds(of: activity)
    }
    return timings
  }
}
