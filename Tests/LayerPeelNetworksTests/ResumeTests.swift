import LayerPeel
import LayerPeelNetworks
import Testing

/// A training that goes on from a checkpoint, beside the one that never stopped.
struct ResumeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var model = NetworkArchitecture.Model.mlp
    let change: @Sendable (inout Training.Settings) -> Void

    init(
      _ name: String, _ model: NetworkArchitecture.Model = .mlp,
      _ change: @escaping @Sendable (inout Training.Settings) -> Void
    ) {
      (testDescription, self.model, self.change) = (name, model, change)
    }
  }

  static let cases = [
    Case("momentum, cosine") { $0.probesEveryEpoch = true },
    Case("plain descent, constant rate") { ($0.momentum, $0.schedule) = (0, .constant) },
    Case("augmentation, weight decay, steps") {
      ($0.augmentation, $0.schedule) = (Augmentation(shift: 1, mirrors: true), .step)
      $0.groupDecay[.weights] = 1e-3
    },
    Case("convolutions", .resnet18) { $0.augmentation = Augmentation(shift: 2, mirrors: true) },
    Case("free features", .linearFeatures) { ($0.rate, $0.probesPerDecade) = (1, 3) },
  ]

  private static func samples(of model: NetworkArchitecture.Model) throws -> LabelledSamples {
    let count = 96
    let labels = try Labels(Formula.raw(5, count).indices.map { $0 % 4 })
    guard model != .linearFeatures else {
      return try LabelledSamples(inputs: (0..<count).map(Float.init), width: 1, labels: labels)
    }
    let size = model == .resnet18 ? 8 : 6
    let bytes = Formula.raw(6, count * size * size).enumerated().map { i, bits in
      UInt8(bits >> 57) &+ UInt8(40 * (i / (size * size) % 4))
    }
    return try LabelledSamples(
      images: bytes, shape: SampleShape(channels: 1, rows: size, columns: size),
      scaling: PixelScaling(standardizing: bytes), labels: labels)
  }

  private static func training(
    _ example: Case, on samples: LabelledSamples
  ) throws -> Training {
    var settings = Training.Settings()
    (settings.epochs, settings.batchSize, settings.rate) = (6, 40, 0.05)
    example.change(&settings)
    let architecture: NetworkArchitecture =
      switch example.model {
      case .mlp: try NetworkArchitecture(inputs: samples.width, hidden: [16, 8], classes: 4)
      case .linearFeatures: try .linearFeatures(dimension: 6, classes: 4, bias: true)
      default: try .resNet18(samples.shape, width: 2, classes: 4)
      }
    return Training(architecture, settings: settings)
  }

  @Test(arguments: cases)
  func `a training goes on bit for bit from any epoch`(_ example: Case) throws {
    let samples = try Self.samples(of: example.model)
    let training = try Self.training(example, on: samples)
    let test = example.model == .linearFeatures ? nil : samples
    var checkpoints: [Training.Checkpoint] = []
    var observer = Training.Observer()
    observer.save = {
      checkpoints.append($0); return true
    }
    let whole = try training.run(on: samples, test: test, observer: observer)
    #expect(checkpoints.map(\.epochs) == Array(0...6))
    for checkpoint in checkpoints {
      var ends: [Training.Checkpoint] = []
      observer.save = {
        ends.append($0); return true
      }
      let resumed = try training.run(
        on: samples, test: test, from: .checkpoint(checkpoint), observer: observer)
      try expectEqual(resumed, whole, "from epoch \(checkpoint.epochs)")
      if let last = ends.last { #expect(last.velocities == checkpoints[6].velocities) }
    }
  }

  private func expectEqual(
    _ a: Training.Run, _ b: Training.Run, _ comment: Comment
  ) throws {
    #expect(a.parameters == b.parameters, comment)
    #expect(a.end == b.end && a.endBias == b.endBias, comment)
    #expect(a.audit == b.audit && a.best == b.best && a.snapshots == b.snapshots, comment)
    #expect(a.trajectory.cost == b.trajectory.cost, comment)
    #expect(a.trajectory.termination == b.trajectory.termination)
    #expect(a.trajectory.records.count == b.trajectory.records.count, comment)
    for (x, y) in zip(a.trajectory.records, b.trajectory.records) {
      #expect(x.coordinate == y.coordinate, comment)
      for quantity in Epoch.quantities {
        #expect(x.measurement[quantity] == y.measurement[quantity], "\(quantity) \(comment)")
      }
    }
    #expect(a.trajectory.events.map(\.coordinate) == b.trajectory.events.map(\.coordinate))
  }

  @Test func `an interrupted training goes on from its last whole epoch`() throws {
    let samples = try Self.samples(of: .mlp)
    let training = try Self.training(Self.cases[0], on: samples)
    let whole = try training.run(on: samples, observer: Training.Observer())
    for batches in [0, 2, 4, 11] {
      var (kept, seen) = (Training.Checkpoint?.none, 0)
      var observer = Training.Observer()
      observer.save = {
        kept = $0; return true
      }
      observer.progress = { if $0.batchLoss != nil { seen += 1 } }
      observer.isCancelled = { seen == batches }
      let stopped = try training.run(on: samples, observer: observer)
      #expect(stopped.trajectory.termination == .interrupted)
      let checkpoint = try #require(kept)
      #expect(checkpoint.epochs == batches / 3)
      #expect(stopped.parameters == checkpoint.parameters)
      let resumed = try training.run(
        on: samples, from: .checkpoint(checkpoint), observer: Training.Observer())
      try expectEqual(resumed, whole, "after \(batches) batches")
    }
  }

  @Test func `weights without training error begin in the terminal phase`() throws {
    let samples = try Formula.samples(count: 300, width: 20)
    let training = try TrainingTests.training(epochs: 30)
    var observer = Training.Observer()
    var (weights, isKept) = ([ParameterValues](), false)
    observer.save = { checkpoint in
      if checkpoint.zeroErrorEpoch != nil, !isKept {
        (weights, isKept) = (checkpoint.parameters, true)
      }
      return true
    }
    _ = try training.run(on: samples, observer: observer)
    try #require(isKept, "no epoch was without error")
    let second = try training.run(
      on: samples, from: .weights(weights), observer: Training.Observer())
    #expect(second.trajectory.records[0].measurement[.trainError].number == 0)
    #expect(second.audit.zeroErrorEpoch == 0)
    #expect(second.trajectory.events.map(\.coordinate.number) == [0])
    #expect(second.trajectory.events.map(\.name) == [.terminalPhase])
  }

  @Test func `an observer that cannot keep a checkpoint ends the training`() throws {
    let samples = try Self.samples(of: .mlp)
    var observer = Training.Observer()
    observer.save = { $0.epochs < 2 }
    let run = try Self.training(Self.cases[0], on: samples).run(on: samples, observer: observer)
    #expect(run.trajectory.termination == .interrupted && run.audit.epochs == 2)
  }

  @Test func `the best epoch has the least test error, the earlier of equals`() throws {
    let samples = try Self.samples(of: .mlp)
    var values: [Double?] = []
    var observer = Training.Observer()
    observer.save = {
      values.append($0.value); return true
    }
    let run = try Self.training(Self.cases[0], on: samples).run(
      on: samples, test: samples, observer: observer)
    let least = try #require(values.compactMap { $0 }.min())
    #expect(
      run.best == Training.Best(epoch: try #require(values.firstIndex(of: least)), value: least))
  }

  @Test func `without checkpoints the test set is judged at probes only`() throws {
    let samples = try Self.samples(of: .mlp)
    var training = try Self.training(Self.cases[1], on: samples)
    (training.settings.epochs, training.settings.probesPerDecade) = (9, 1)
    var (values, epoch) = ([Double?](), 0)
    var observer = Training.Observer()
    observer.save = {
      values.append($0.value); return true
    }
    let kept = try training.run(on: samples, test: samples, observer: observer)
    #expect(values.count == 10 && values.allSatisfy { $0 != nil })

    observer.save = nil
    var announced: [Training.Activity] = []
    observer.began = { announced.append($0) }
    observer.progress = { epoch = $0.epochs }
    let alone = try training.run(on: samples, test: samples, observer: observer)
    #expect(epoch == 9)
    #expect(announced.count { $0 == .evaluation } == 9)
    #expect(announced.count { $0 == .probe } == alone.trajectory.records.count)
    #expect(alone.parameters == kept.parameters)
    let errors = alone.trajectory.records.map { $0.measurement[.testError].number }
    #expect(errors == kept.trajectory.records.map { $0.measurement[.testError].number })
    let best = try #require(errors.compactMap { $0 }.min())
    #expect(alone.best.value == best)
    #expect(alone.trajectory.records.contains { $0.coordinate.number == alone.best.epoch })
  }
}
