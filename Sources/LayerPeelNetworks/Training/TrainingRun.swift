internal import LayerPeel

/// A training while it runs: trains epoch after epoch, probes, and knows when to stop.
final class TrainingRun {
  let training: Training
  let learner: any Learner
  let train: LabelledSamples
  private let test: LabelledSamples?
  let observer: Training.Observer
  let prober: Prober
  private let probedEpochs: Set<Int>
  var generator: SplitMix64
  /// All that has been recorded, and the network after the last finished epoch.
  var state: Training.Checkpoint
  /// Mean loss over the batches of the last finished epoch, each before its step.
  private var epochLoss: Double?
  /// What was executed before this run began, where it goes on from a checkpoint.
  let executedBefore: [ExecutedGroup]

  var settings: Training.Settings { training.settings }

  /// A network at its start, probed before any training, or one that goes on.
  init(
    _ training: Training, train: LabelledSamples, test: LabelledSamples?, start: Training.Start,
    observer: Training.Observer
  ) throws(ModelError) {
    (self.training, self.train, self.test, self.observer) = (training, train, test, observer)
    probedEpochs = training.settings.probedEpochs
    var generator = SplitMix64(seed: training.settings.seed)
    learner = try training.learner(for: train, using: &generator)
    if case .weights(let weights) = start { try learner.take(weights) }
    guard case .checkpoint(let checkpoint) = start else {
      self.generator = generator
      executedBefore = []
      prober = try Prober(learner, samples: train)
      state = Training.Checkpoint(at: generator.state, parameters: try learner.allParameters())
      try begin()
      return
    }
    prober = try Prober(learner, samples: train, reference: checkpoint.probes.reference)
    try learner.take(checkpoint.probes.parameters)
    try prober.remember(learner)
    try learner.take(checkpoint.parameters)
    for velocity in checkpoint.velocities {
      try learner.setVelocity(named: velocity.name, to: velocity.elements)
    }
    self.generator = SplitMix64(seed: checkpoint.generator)
    (state, executedBefore) = (checkpoint, checkpoint.executed)
    report(.probe, samples: state.epochs * train.count)
  }

  /// Trains until there is a reason to stop.
  func finish() throws(ModelError) -> Training.Run {
    var termination: Termination? = state.epochs >= settings.epochs ? .epochs : nil
    if termination == nil, state.epochs == 0 { termination = try save() ? nil : .interrupted }
    while termination == nil {
      termination = try runEpoch()
      if termination == nil { termination = try conclude() }
    }
    // What an unfinished epoch or one that diverged did is forgotten.
    try learner.take(state.parameters)
    return try result(termination!, isEnd: true)
  }

  /// The first probe, of the untrained network.
  private func begin() throws(ModelError) {
    let test = try testQuality()
    guard let probed = try probe(test, epoch: 0) else {
      throw .badSetting(
        argument: "weights", value: "numbers for which the loss is not finite",
        expected: "a network whose outputs are finite on the training set")
    }
    state.value = test?.errorShare
    state.best = Training.Best(epoch: 0, value: state.value)
    if probed.hasNoErrors { state.zeroErrorEpoch = 0 }
    try note(probed)
  }
}

// MARK: - Epochs

extension TrainingRun {
  /// Every sample once, in an order of its own; a termination if that was not finished.
  private func runEpoch() throws(ModelError) -> Termination? {
    let order = Array(0..<train.count).shuffled(using: &generator)
    let rate = settings.rate(in: state.epochs)
    var loss = 0.0
    for first in stride(from: 0, to: order.count, by: settings.batchSize) {
      if observer.isCancelled() { return .interrupted }
      let rows = order[first..<min(first + settings.batchSize, order.count)]
      let mean = try learner.step(
        on: train, rows: rows, rate: rate, augmentation: settings.augmentation, using: &generator)
      state.cost.gradientEvaluations += 1
      state.cost.steps += 1
      guard mean.isFinite else { return .diverged }
      loss += mean * Double(rows.count)
      report(.training, samples: state.epochs * train.count + rows.endIndex, batchLoss: mean)
    }
    epochLoss = loss / Double(order.count)
    return nil
  }

  /// Looks at the network after an epoch, keeps it if it is finite, and probes where that is due;
  /// a termination if training ends here.
  private func conclude() throws(ModelError) -> Termination? {
    let parameters = try learner.allParameters()
    guard parameters.allSatisfy({ $0.isFinite }) else { return .diverged }
    let epoch = state.epochs + 1
    observer.began(.evaluation)
    let begins = try isFirstWithoutError()
    let isProbed = begins || probedEpochs.contains(epoch)
    let test = isProbed || observer.save != nil ? try testQuality() : nil
    guard try isFinite(test) else { return .diverged }
    report(.evaluation, samples: epoch * train.count)
    var probed: Training.ProbedEpoch?
    if isProbed {
      probed = try probe(test, epoch: epoch)
      guard probed != nil else { return .diverged }
    }
    state.epochs = epoch
    state.parameters = parameters
    if begins { state.zeroErrorEpoch = epoch }
    judge(test)
    if let probed { try note(probed) }
    guard try save() else { return .interrupted }
    return epoch == settings.epochs ? .epochs : nil
  }

  private func isFirstWithoutError() throws(ModelError) -> Bool {
    guard state.zeroErrorEpoch == nil else { return false }
    return try learner.firstError(on: train) == nil
  }

  /// Whether the network still gives numbers; where the test set was not judged, to a few samples.
  private func isFinite(_ quality: Quality?) throws(ModelError) -> Bool {
    if let quality { return quality.meanLoss.isFinite }
    return try learner.firstBatchLoss(on: train).isFinite
  }

  private func testQuality() throws(ModelError) -> Quality? {
    guard let test else { return nil }
    return try learner.quality(on: test)
  }

  /// Takes the epoch for the best if it is better than all before.
  private func judge(_ quality: Quality?) {
    state.value = test == nil ? epochLoss : quality?.errorShare
    guard let value = state.value else { return }
    if let best = state.best.value, best <= value { return }
    state.best = Training.Best(epoch: state.epochs, value: value)
  }

  func report(_ activity: Training.Activity, samples: Int, batchLoss: Double? = nil) {
    observer.progress(
      Training.Progress(
        epochs: samples / train.count, samples: samples, activity: activity, batchLoss: batchLoss))
  }
}
