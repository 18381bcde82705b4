internal import LayerPeel

/// A training while it runs: trains epoch after epoch, probes, and knows when to stop.
final class TrainingRun {
  private let settings: Training.Settings
  private let network: Network
  private let train: LabelledSamples
  private let test: LabelledSamples?
  private var generator: SplitMix64
  private let prober: Prober
  private var trainError = 1.0
  private var epochs = 0
  private var zeroErrorEpoch: Int?
  private var records: [Trajectory<Epoch>.Record] = []
  private var events: [Trajectory<Epoch>.Event] = []
  private var snapshots: [Snapshot] = []
  private var cost = Cost()

  /// A fresh network, probed before any training.
  init(_ training: Training, train: LabelledSamples, test: LabelledSamples?) throws(ModelError) {
    settings = training.settings
    generator = SplitMix64(seed: settings.seed)
    var descent = Network.Descent()
    descent.momentum = settings.momentum
    for group in ParameterGroup.allCases { descent.weightDecay[group] = settings.weightDecay }
    network = Network(
      training.architecture, batchSize: min(settings.batchSize, train.count), descent: descent,
      using: &generator)
    (self.train, self.test) = (train, test)
    prober = try Prober(network, samples: train)
    trainError = try network.quality(on: train).errorShare
    try conclude()
  }

  /// Trains until there is a reason to stop.
  func finish(
    probed: (Training.Run) -> Void, progress: (Training.Progress) -> Void,
    isCancelled: () -> Bool
  ) throws(ModelError) -> Training.Run {
    var termination: Termination?
    while termination == nil {
      termination = try runEpoch(progress: progress, isCancelled: isCancelled)
      if termination != nil { break }
      let known = records.count
      termination = try evaluate(progress: progress)
      if termination == nil, records.count > known { probed(result(.interrupted)) }
    }
    return result(termination!)
  }

  /// What there is so far, ended for a reason.
  private func result(_ termination: Termination) -> Training.Run {
    let audit = Training.Audit(
      groups: network.executed, normalization: network.architecture.normalization,
      momentum: settings.momentum, batchSize: min(settings.batchSize, train.count),
      epochs: epochs, zeroErrorEpoch: zeroErrorEpoch)
    return Training.Run(
      trajectory: Trajectory(
        settings: settings, records: records, events: events, termination: termination,
        cost: cost),
      end: prober.point()!, audit: audit, snapshots: snapshots)
  }

  /// Every sample once, in an order of its own; a termination if that was not finished.
  private func runEpoch(
    progress: (Training.Progress) -> Void, isCancelled: () -> Bool
  ) throws(ModelError) -> Termination? {
    let order = Array(0..<train.count).shuffled(using: &generator)
    let rate = settings.rate(in: epochs)
    for first in stride(from: 0, to: order.count, by: settings.batchSize) {
      if isCancelled() { return .interrupted }
      let rows = order[first..<min(first + settings.batchSize, order.count)]
      let loss = try network.step(on: train, rows: rows, rate: rate)
      cost.gradientEvaluations += 1
      cost.steps += 1
      guard loss.isFinite else { return .diverged }
      progress(
        Training.Progress(
          epochs: epochs, samples: epochs * train.count + rows.endIndex, batchLoss: loss,
          trainError: nil))
    }
    return nil
  }

  /// Looks at the whole training set after an epoch; a termination if that was the last.
  private func evaluate(progress: (Training.Progress) -> Void) throws(ModelError) -> Termination? {
    let quality = try network.quality(on: train)
    guard quality.meanLoss.isFinite else { return .diverged }
    trainError = quality.errorShare
    epochs += 1
    guard try conclude() else { return .diverged }
    progress(
      Training.Progress(
        epochs: epochs, samples: epochs * train.count, batchLoss: nil, trainError: trainError))
    return epochs == settings.epochs ? .epochs : nil
  }

  /// Notes the beginning of the terminal phase, and probes where a probe is due; whether all was
  /// finite.
  @discardableResult
  private func conclude() throws(ModelError) -> Bool {
    let begins = zeroErrorEpoch == nil && trainError == 0
    if begins { zeroErrorEpoch = epochs }
    guard begins || settings.probedEpochs.contains(epochs) else { return true }
    let probe = try prober.probe(network, epoch: epochs)
    guard probe.isFinite else { return false }
    if let snapshot = probe.snapshot { snapshots.append(snapshot) }
    var measurement = probe.measurement
    measurement.merge(try testQuality())
    records.append(.init(Epoch(epochs), measurement))
    if begins, let logLoss = measurement[.logLoss].number {
      events.append(.init(.terminalPhase, at: Epoch(epochs), logLoss: logLoss))
    }
    return true
  }

  private func testQuality() throws(ModelError) -> Measurement {
    var m = Measurement()
    guard let test else {
      for key in [.testLoss, .testError] as [Quantity] { m[key] = .absent(because: "no test set") }
      return m
    }
    let quality = try network.quality(on: test)
    m[.testLoss] = Reading(quality.meanLoss, otherwise: "the test loss is not finite")
    m[.testError] = .value(quality.errorShare)
    return m
  }
}
