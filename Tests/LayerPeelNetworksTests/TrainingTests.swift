import LayerPeel
import LayerPeelNetworks
import Testing

struct TrainingTests {
  static func training(
    epochs: Int = 12, change: (inout Training.Settings) -> Void = { _ in }
  ) throws -> Training {
    var settings = Training.Settings()
    settings.epochs = epochs
    settings.batchSize = 64
    settings.rate = 0.1
    settings.seed = 7
    change(&settings)
    let architecture = try NetworkArchitecture(inputs: 20, hidden: [48, 16], classes: 10)
    return Training(architecture, settings: settings)
  }

  @Test func `records stand before training, at log-spaced epochs, at zero error and at the end`()
    throws
  {
    let samples = try Formula.samples(count: 300, width: 20)
    let run = try Self.training(epochs: 30).run(on: samples, test: samples)
    let epochs = run.trajectory.records.map { $0.coordinate.number }
    let zero = try #require(run.audit.zeroErrorEpoch)
    #expect(epochs == Self.expectedEpochs(including: zero))
    #expect(run.trajectory.termination == .epochs)
    #expect(run.trajectory.events.map { $0.name } == [.terminalPhase])
    #expect(run.trajectory.events.map { $0.coordinate.number } == [zero])
    for record in run.trajectory.records {
      let error = try #require(record.measurement[.trainError].number)
      #expect(record.coordinate.number < zero ? error > 0 : true)
      #expect(record.coordinate.number != zero || error == 0)
      // The test set here is the training set, seen through float32 logits.
      let losses = [Quantity.trainLoss, .testLoss].compactMap { record.measurement[$0].number }
      #expect(abs(losses[0] - losses[1]) <= 1e-5 * max(1, losses[0]))
    }
  }

  private static func expectedEpochs(including zero: Int) -> [Int] {
    Set([0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, zero]).sorted()
  }

  @Test func `every record has every quantity or its reason, and the loss falls`() throws {
    let samples = try Formula.samples(count: 300, width: 20)
    let run = try Self.training().run(on: samples)
    let first = run.trajectory.records[0].measurement
    for quantity in Quantity.alignment {
      #expect(first[quantity].reason == "no probe before this one")
    }
    #expect(first[.testError].reason == "no test set")
    for record in run.trajectory.records {
      for quantity in Epoch.quantities {
        #expect(record.measurement[quantity].reason != "not measured here", "\(quantity)")
      }
      let quantiles = Quantity.marginQuantiles.compactMap { record.measurement[$0].number }
      #expect(quantiles.count == 7 && quantiles == quantiles.sorted())
      #expect(record.measurement[.leastMargin].number == quantiles[0])
    }
    let losses = run.trajectory.records.compactMap { $0.measurement[.trainLoss].number }
    #expect(losses[losses.count - 1] < 0.1 * losses[0])
  }

  @Test func `the last point is that of the last record`() throws {
    let samples = try Formula.samples(count: 150, width: 20)
    let training = try Self.training(epochs: 3)
    let run = try training.run(on: samples)
    let model = try LayerPeeledModel(labels: samples.labels, dimension: 16)
    let end = try #require(run.end)
    #expect(run.trajectory.last[.logLoss].number == model.logLoss(at: end).value)
    #expect(run.end?.features.rows == 150 && run.end?.classifier.rows == 10)
  }

  @Test func `equal arguments give equal runs, another seed another`() throws {
    let samples = try Formula.samples(count: 150, width: 20)
    let runs = try [7, 7, 8].map { seed in
      try Self.training(epochs: 4) { $0.seed = seed }.run(on: samples)
    }
    #expect(runs[0].end == runs[1].end)
    #expect(
      runs[0].trajectory.records.map { $0.measurement }
        == runs[1].trajectory.records.map { $0.measurement })
    #expect(runs[0].end != runs[2].end)
  }

  @Test func `an interrupt keeps what was finished`() throws {
    let samples = try Formula.samples(count: 300, width: 20)
    var batches = 0
    let run = try Self.training().run(
      on: samples, progress: { if $0.batchLoss != nil { batches += 1 } },
      isCancelled: { batches == 13 })  // five batches an epoch: in the third
    #expect(run.trajectory.termination == .interrupted)
    #expect(run.trajectory.records.map { $0.coordinate.number } == [0, 1, 2])
    #expect(run.audit.epochs == 2 && run.trajectory.cost.steps == 13)
  }

  @Test func `divergence is an answer, with the last finite state`() throws {
    let samples = try Formula.samples(count: 300, width: 20)
    let architecture = try NetworkArchitecture(
      inputs: 20, hidden: [48, 16], classes: 10, normalization: .none)
    var settings = Training.Settings()
    settings.rate = 1e8
    let run = try Training(architecture, settings: settings).run(on: samples)
    #expect(run.trajectory.termination == .diverged)
    #expect(!run.trajectory.records.isEmpty)
    let model = try LayerPeeledModel(labels: samples.labels, dimension: 16)
    let end = try #require(run.end)
    #expect(throws: Never.self) { try model.validate(end) }
  }

  @Test func `the audit says what was executed`() throws {
    let samples = try Formula.samples(count: 150, width: 20)
    let free = try Self.training(epochs: 2).run(on: samples).audit
    #expect(free.sentence == "No parameter group had weight decay (weights, normalization).")
    #expect(free.groups.allSatisfy { $0.steps == 6 } && !free.hadWeightDecay)
    let decayed = try Self.training(epochs: 2) { $0.weightDecay = 0.25 }.run(on: samples).audit
    #expect(decayed.hadWeightDecay && decayed.groups.allSatisfy { $0.weightDecay == 0.25 })
    // No float32, and still what was given.
    let usual = try Self.training(epochs: 1) { $0.weightDecay = 5e-4 }.run(on: samples).audit
    #expect(usual.groups.map { $0.weightDecay } == [5e-4, 5e-4])
  }

  @Test func `a cosine rate starts at the rate and ends near nothing`() {
    var settings = Training.Settings()
    (settings.epochs, settings.rate) = (10, 0.5)
    #expect(settings.rate(in: 0) == 0.5)
    #expect(abs(settings.rate(in: 5) - 0.25) <= .ulpOfOne)
    settings.schedule = .constant
    #expect(settings.rate(in: 9) == 0.5)
  }

  @Test func `a stepped rate is divided by ten after each third, or where told`() {
    var settings = Training.Settings()
    (settings.epochs, settings.rate, settings.schedule) = (350, 0.5, .step)
    #expect([116, 117, 232, 233].map(settings.rate) == [0.5, 0.05, 0.05, 0.005])
    settings.milestones = [2]
    #expect([1, 2, 349].map(settings.rate) == [0.5, 0.05, 0.05])
  }

  @Test(arguments: [(1, [0.5]), (2, [0.5, 0.05]), (3, [0.5, 0.05, 0.005])])
  func `of few epochs the first has the whole rate, and the rate falls once at a time`(
    _ epochs: Int, _ rates: [Double]
  ) {
    var settings = Training.Settings()
    (settings.epochs, settings.rate, settings.schedule) = (epochs, 0.5, .step)
    #expect((0..<epochs).map(settings.rate) == rates)
  }

  @Test(
    arguments: [
      { $0.epochs = 0 }, { $0.batchSize = 0 }, { $0.rate = 0 }, { $0.rate = .nan },
      { $0.momentum = 1 }, { $0.weightDecay = -1 }, { $0.probesPerDecade = 0 },
      { $0.batchSize = 149 },  // leaves one sample
      { $0.batchSize = 151 }, { $0.milestones = [3] }, { $0.groupDecay[.weights] = -1 },
      { ($0.schedule, $0.milestones) = (.step, [5, 3]) }, { $0.augmentation.shift = 65 },
    ] as [@Sendable (inout Training.Settings) -> Void])
  func `settings out of range are refused`(
    _ change: @Sendable (inout Training.Settings) -> Void
  ) throws {
    let samples = try Formula.samples(count: 150, width: 20)
    let training = try Self.training(change: change)
    #expect(throws: ModelError.self) { try training.run(on: samples) }
  }
}
