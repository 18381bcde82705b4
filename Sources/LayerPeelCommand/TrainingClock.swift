import LayerPeelNetworks

/// How long a training takes, split into training itself and looking at it.
struct TrainingClock {
  private let began = ContinuousClock.now
  private var last = ContinuousClock.now
  private var trained = Duration.zero
  private var looked = Duration.zero
  private var samples = 0

  /// Called at every progress of a training: time since the one before went into what it reports.
  ///
  /// The first batch's time includes the probe before training, so it is not counted as training.
  mutating func note(_ progress: Training.Progress) {
    let now = ContinuousClock.now
    if progress.batchLoss == nil {
      looked += now - last
    } else if samples > 0 {
      trained += now - last
      counted += progress.samples - samples
    }
    samples = progress.samples
    last = now
  }
  private var counted = 0

  /// Images that training itself went through in a second.
  var imagesPerSecond: Double {
    trained > .zero ? Double(counted) / (trained / .seconds(1)) : 0
  }
  /// Since the clock began.
  var seconds: Double { (ContinuousClock.now - began) / .seconds(1) }

  /// Under keys of `cost`: speed, and the time of all evaluations and probes after epochs.
  var timings: [String: Double] {
    [
      "images_per_second": imagesPerSecond, "training_seconds": trained / .seconds(1),
      "probe_seconds": looked / .seconds(1),
    ]
  }
}
