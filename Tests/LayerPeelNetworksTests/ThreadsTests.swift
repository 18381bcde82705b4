import LayerPeel
import LayerPeelNetworks
import Testing

/// What must not depend on how many threads there are, and what must not on how they are scheduled.
///
/// The rest of the tests run on one thread; the number is the calling thread's own.
struct ThreadsTests {
  private func on<Result>(_ threads: Int, _ work: () throws -> Result) rethrows -> Result {
    let before = NetworkThreads.available
    NetworkThreads.use(threads)
    defer { NetworkThreads.use(before) }
    #expect(NetworkThreads.available == threads)
    return try work()
  }

  /// More samples than one share of a probe's pass has, and a number that no share divides.
  private static let count = 4219

  private func freeFeatures() throws -> (learner: LinearFeatures, samples: LabelledSamples) {
    let labels = try Labels((0..<Self.count).map { ($0 * $0 + $0 / 7) % 5 })
    let samples = try LabelledSamples(
      inputs: (0..<Self.count).map(Float.init), width: 1, labels: labels)
    return (try LinearFeaturesTests.learner(labels, d: 40, momentum: 0.9), samples)
  }

  @Test func `free features move and are measured alike on one thread and on three`() throws {
    func run() throws -> (probes: [Probe], features: [Float]) {
      let (learner, samples) = try freeFeatures()
      let prober = try Prober(learner, samples: samples)
      let probes = try (0..<3).map { epoch in
        _ = try LinearFeaturesTests.step(learner, samples, Array(0..<Self.count), rate: 20)
        return try prober.probe(learner, epoch: epoch)
      }
      return (probes, try learner.parameter(named: "features.weight"))
    }
    let (one, three) = (try on(1, run), try on(3, run))
    #expect(one.features == three.features)
    #expect(one.features.contains { abs($0) > 1e-3 })
    for (a, b) in zip(one.probes, three.probes) {
      #expect(a.measurement == b.measurement && a.snapshot == b.snapshot && a.errors == b.errors)
    }
    #expect(try #require(one.probes[2].measurement[.alignmentFeatures].number) > 0)
  }

  @Test func `every part of a large layer is updated, on three threads`() throws {
    // 90,000 weights: an update in parts, none of which has as many.
    let samples = try Formula.samples(count: 60, width: 300)
    var generator = SplitMix64(seed: 4)
    let network = Network(
      try NetworkArchitecture(inputs: 300, hidden: [300, 8], classes: 10, normalization: .none),
      batchSize: 60, using: &generator)
    let name = try #require(network.trainedNames.first)
    let before = try network.parameter(named: name)
    #expect(before.count == 90_000)
    let rate: Float = 0.5
    try on(3) {
      _ = try network.step(
        on: samples, rows: Array(0..<60)[...], rate: Double(rate), augmentation: .none,
        using: &generator)
    }
    // After one step from rest the velocity is the gradient; the product may be fused or not.
    let (after, velocity) = (
      try network.parameter(named: name), try network.velocity(named: name)
    )
    for i in before.indices {
      let (twice, once) = (
        before[i] - rate * velocity[i], before[i].addingProduct(-rate, velocity[i])
      )
      #expect(after[i] == twice || after[i] == once, "weight \(i)")
    }
    for first in stride(from: 0, to: 90_000, by: 3000) {
      #expect(velocity[first..<first + 3000].contains { $0 != 0 }, "weights from \(first) on")
    }
  }

  @Test func `a network that is trained twice on two threads ends the same, and so resumed`() throws
  {
    let bytes = Formula.raw(2, 1200 * 64).map { UInt8($0 >> 56) }
    let samples = try LabelledSamples(
      images: bytes, shape: SampleShape(channels: 1, rows: 8, columns: 8),
      scaling: PixelScaling(standardizing: bytes),
      labels: Labels((0..<1200).map { Int(bytes[64 * $0]) % 4 }))
    var settings = Training.Settings()
    (settings.epochs, settings.batchSize) = (3, 100)
    let training = Training(
      try NetworkArchitecture(inputs: 64, hidden: [256, 256, 24], classes: 4), settings: settings)
    func run(from start: Training.Start = .fresh) throws -> [Training.Checkpoint] {
      var checkpoints: [Training.Checkpoint] = []
      var observer = Training.Observer()
      observer.save = {
        checkpoints.append($0)
        return true
      }
      _ = try training.run(on: samples, test: samples, from: start, observer: observer)
      return checkpoints
    }
    try on(2) {
      let (first, second) = (try run(), try run())
      let resumed = try run(from: .checkpoint(first[1]))
      for other in [second, resumed] {
        let (a, b) = (try #require(first.last), try #require(other.last))
        #expect(a.parameters == b.parameters && a.velocities == b.velocities)
        #expect(a.records.map(\.measurement) == b.records.map(\.measurement))
      }
    }
  }
}
