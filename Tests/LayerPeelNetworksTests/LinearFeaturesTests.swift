import LayerPeel
import LayerPeelNetworks
import Testing

struct LinearFeaturesTests {
  static func learner(
    _ labels: Labels, d: Int = 8, momentum: Double = 0, decay: Double = 0, bias: Bool = false
  ) throws -> LinearFeatures {
    var descent = Network.Descent()
    descent.momentum = momentum
    for group in ParameterGroup.allCases { descent.weightDecay[group] = decay }
    var generator = SplitMix64(seed: 5)
    return try LinearFeatures(
      NetworkArchitecture.linearFeatures(dimension: d, classes: labels.classes, bias: bias),
      labels: labels, descent: descent, using: &generator)
  }

  static func step(
    _ learner: LinearFeatures, _ samples: LabelledSamples, _ rows: [Int], rate: Double
  ) throws -> Double {
    var generator = SplitMix64(seed: 0)
    return try learner.step(
      on: samples, rows: rows[...], rate: rate, augmentation: .none, using: &generator)
  }

  static func point(_ learner: LinearFeatures, d: Int = 8) throws -> Point {
    func matrix(_ name: String) throws -> Matrix {
      let values = try learner.parameter(named: name).map(Double.init)
      return Matrix(rows: values.count / d, columns: d, elements: values)
    }
    return Point(
      classifier: try matrix("classifier.weight"), features: try matrix("features.weight"))
  }

  @Test func `a step is one of the model in double, to the rounding of its parameters`() throws {
    let samples = try Formula.samples(count: 210, width: 3)
    let learner = try Self.learner(samples.labels)
    let start = try Self.point(learner)
    let model = try LayerPeeledModel(labels: samples.labels, dimension: 8)
    let loss = try Self.step(learner, samples, Array(0..<210), rate: 0.5)
    let end = try Self.point(learner)
    let exact = model.logLoss(at: start)
    #expect(abs(loss - Double.exp(exact.value) / 210) <= 1e-12 * loss)
    let expected = start + (-0.5 * loss) * exact.gradient
    for (a, b) in zip(end.flat, expected.flat) {
      // Gradient, step and sum are each rounded once to 24 bits.
      #expect(abs(a - b) <= 3 * Double(Float.ulpOfOne) * max(1, abs(b)))
    }
    #expect(learner.executed.map { $0.group } == [.features, .weights])
  }

  @Test(arguments: [1e-1, 1e-3])
  func `alignment is one for small full-batch steps of plain descent`(_ rate: Double) throws {
    let samples = try Formula.samples(count: 210, width: 3)
    let learner = try Self.learner(samples.labels)
    let prober = try Prober(learner, samples: samples)
    _ = try prober.probe(learner, epoch: 0)
    let start = try Self.point(learner)
    let rows = Array(0..<210)
    // The mean loss's step is the model's divided by N.
    let loss = try Self.step(learner, samples, rows, rate: 210 * rate)
    let m = try prober.probe(learner, epoch: 1).measurement
    let gradient = try LayerPeeledModel(labels: samples.labels, dimension: 8).logLoss(at: start)
    // Every entry of the change is off by an ulp of the parameter at most, which turns the change
    // by the ratio of the norms at most; the cosine falls by half its square.
    func epsilon(_ values: Matrix, _ slope: Matrix) -> Double {
      let off = Double(Float.ulpOfOne) * (values.norm + 210 * rate * loss * slope.norm)
      let turn = off / (210 * rate * loss * slope.norm)
      return turn * turn / 2 + 1e-14
    }
    let features = epsilon(start.features, gradient.gradient.features)
    #expect(features < 1e-6, "the bound proves something")
    #expect(try #require(m[.alignmentFeatures].number) >= 1 - features)
    #expect(
      try #require(m[.alignmentClassifier].number)
        >= 1 - epsilon(start.classifier, gradient.gradient.classifier))
    #expect(m[.nonnegativeMarginRatioCeiling].reason == "free features may be negative")
  }

  @Test func `momentum moves the features outside a batch, as dense gradients do`() throws {
    let samples = try Formula.samples(count: 40, width: 3)
    let learner = try Self.learner(samples.labels, momentum: 0.5, decay: 0.25, bias: true)
    func features() throws -> [Float] { try learner.parameter(named: "features.weight") }
    let start = try features()
    _ = try Self.step(learner, samples, [3, 7], rate: 0.5)
    let first = try features()
    let velocity = try learner.velocity(named: "features.weight")
    _ = try Self.step(learner, samples, [5], rate: 0.5)
    let second = try features()
    for j in 0..<8 {
      // Sample 0 was in no batch: v = 0 + λ h, then v = μ v + λ h.
      #expect(abs(first[j] - (start[j] - 0.5 * 0.25 * start[j])) <= 2 * .ulpOfOne)
      let v = 0.5 * velocity[24 + j] + 0.25 * first[24 + j]
      #expect(abs(second[24 + j] - (first[24 + j] - 0.5 * v)) <= 2 * .ulpOfOne)
    }
    #expect(learner.executed.map { $0.group } == [.features, .weights, .biases])
    #expect(learner.executed.allSatisfy { $0.steps == 2 && $0.weightDecay == 0.25 })
  }

  @Test func `a bias's gradient is that of the loss`() throws {
    let samples = try Formula.samples(count: 40, width: 3)
    let learner = try Self.learner(samples.labels, bias: true)
    func loss(_ bias: [Float]) throws -> Double {
      try learner.setParameter(named: "classifier.bias", to: bias)
      return try learner.quality(on: samples).meanLoss
    }
    let zero = [Float](repeating: 0, count: 10)
    let slopes = try (0..<10).map { k in
      let (up, down) = (
        (0..<10).map { $0 == k ? Float(0.01) : 0 }, (0..<10).map { $0 == k ? Float(-0.01) : 0 }
      )
      return try (loss(up) - loss(down)) / 0.02
    }
    _ = try loss(zero)
    _ = try Self.step(learner, samples, Array(0..<40), rate: 1)
    for (k, b) in try learner.parameter(named: "classifier.bias").enumerated() {
      // A central difference over 0.01 is off by its square, logits by a float's rounding over 0.01.
      #expect(abs(Double(b) + slopes[k]) <= 1e-4)
    }
  }

  @Test func `it starts with entries of variance 1 over d, and trains past every error`() throws {
    let samples = try Formula.samples(count: 400, width: 3)
    let learner = try Self.learner(samples.labels, d: 32, momentum: 0.9)
    let start = try learner.parameter(named: "features.weight").map(Double.init)
    let variance = start.reduce(0) { $0 + $1 * $1 } / Double(start.count)
    // 12,800 numbers: a relative standard error of √(2/12800), four of them.
    #expect(abs(32 * variance - 1) <= 4 * (2.0 / 12_800).squareRoot())
    #expect(try learner.firstError(on: samples) != nil)
    for step in 0..<300 {
      let first = step % 4 * 100
      _ = try Self.step(learner, samples, Array(first..<first + 100), rate: 2)
    }
    #expect(try learner.firstError(on: samples) == nil)
  }

  @Test func `other samples are refused, as they have no features`() throws {
    let samples = try Formula.samples(count: 40, width: 3)
    let learner = try Self.learner(samples.labels)
    let other = try Formula.samples(count: 41, width: 3)
    #expect(throws: ModelError.self) { try learner.quality(on: other) }
    #expect(throws: ModelError.self) { try Self.step(learner, samples, [], rate: 1) }
    #expect(throws: ModelError.self) { try learner.parameter(named: "classifier.bias") }
    #expect(throws: ModelError.self) {
      try learner.setParameter(named: "classifier.weight", to: [1])
    }
  }
}
