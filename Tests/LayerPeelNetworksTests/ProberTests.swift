import FoundationEssentials
import LayerPeel
import LayerPeelNetworks
import Testing

struct ProberTests {
  static func network(
    seed: UInt64 = 1, hidden: [Int] = [40, 24], steps: Int = 30, on samples: LabelledSamples
  ) throws -> Network {
    var generator = SplitMix64(seed: seed)
    let network = Network(
      try NetworkArchitecture(inputs: samples.width, hidden: hidden, classes: 10), batchSize: 50,
      using: &generator)
    try train(network, steps, on: samples)
    return network
  }

  static func train(_ network: Network, _ steps: Int, on samples: LabelledSamples) throws {
    for step in 0..<steps {
      let first = step % 4 * 50
      _ = try network.step(on: samples, rows: first..<first + 50, rate: 0.05)
    }
  }

  @Test func `a recomputation in double from the exported features agrees`() throws {
    let samples = try Formula.samples(count: 4219, width: 20)  // several blocks, the last not full
    let network = try Self.network(on: samples)
    let prober = try Prober(network, samples: samples)
    let probe = try prober.probe(network, epoch: 0)
    let plain = PlainMetrics(try #require(prober.point()), samples.labels)
    #expect(probe.isFinite && probe.errors > 0 && probe.errors < 4219)
    for (quantity, truth) in plain.values {
      let value = try #require(probe.measurement[quantity].number, "\(quantity)")
      #expect(abs(value - truth) <= 1e-6 * abs(truth), "\(quantity): \(value), not \(truth)")
    }
    var measurer = PointMeasurer(
      try LayerPeeledModel(labels: samples.labels, dimension: 24), start: prober.point()!)
    let inMemory = measurer.measure(prober.point()!)
    for quantity in Quantity.ofPoint where inMemory[quantity].number != nil {
      let (value, truth) = (probe.measurement[quantity].number!, inMemory[quantity].number!)
      #expect(abs(value - truth) <= 1e-12 * (1 + abs(truth)), "\(quantity): \(value), \(truth)")
    }
  }

  @Test func `alignment is exact over all images, whatever the batches`() throws {
    let samples = try Formula.samples(count: 430, width: 20)
    let network = try Self.network(steps: 4, on: samples)
    let prober = try Prober(network, samples: samples)
    let first = try prober.probe(network, epoch: 0)
    for quantity in Quantity.alignment {
      #expect(first.measurement[quantity].reason == "no probe before this one")
    }
    let earlier = try #require(prober.point())
    try Self.train(network, 8, on: samples)
    let m = try prober.probe(network, epoch: 1).measurement
    let later = try #require(prober.point())
    let gradient = SurrogateAlignmentTests.gradient(
      try LayerPeeledModel(labels: samples.labels, dimension: 24), earlier)
    let change = later - earlier
    let cosine =
      -Matrix.dot(change.features, gradient.features)
      / (change.features.norm * gradient.features.norm)
    #expect(abs(try #require(m[.alignmentFeatures].number) - cosine) <= 1e-12)
    let weights =
      -Matrix.dot(change.classifier, gradient.classifier)
      / (change.classifier.norm * gradient.classifier.norm)
    #expect(abs(try #require(m[.alignmentClassifier].number) - weights) <= 1e-12)
  }

  @Test func `a resumed prober goes on bit for bit`() throws {
    let samples = try Formula.samples(count: 430, width: 20)
    let network = try Self.network(on: samples)
    let whole = try Prober(network, samples: samples)
    #expect(whole.reference == nil)
    _ = try whole.probe(network, epoch: 0)
    try Self.train(network, 5, on: samples)
    _ = try whole.probe(network, epoch: 1)
    let reference = try #require(whole.reference)
    let names = network.parameterNames
    let earlier = try names.map { try network.parameter(named: $0) }
    try Self.train(network, 5, on: samples)
    let expected = try whole.probe(network, epoch: 2)

    let resumed = try Prober(network, samples: samples, reference: reference)
    let restored = try Self.network(seed: 9, steps: 0, on: samples)
    for (name, values) in zip(names, earlier) { try restored.setParameter(named: name, to: values) }
    try resumed.remember(restored)
    let probe = try resumed.probe(network, epoch: 2)
    #expect(probe.measurement == expected.measurement)
    #expect(probe.snapshot == expected.snapshot && probe.errors == expected.errors)
    #expect(resumed.reference == whole.reference && resumed.point() == whole.point())

    let fresh = try Prober(network, samples: samples)
    #expect(try fresh.probe(network, epoch: 2).measurement != expected.measurement)
    let narrow = try Self.network(hidden: [12], steps: 0, on: samples)
    #expect(throws: ModelError.self) { try resumed.probe(narrow, epoch: 3) }
    #expect(throws: ModelError.self) {
      try Prober(narrow, samples: samples, reference: reference)
    }
  }

  @Test func `what is not finite is not measured, and changes nothing`() throws {
    let samples = try Formula.samples(count: 430, width: 20)
    let network = try Self.network(on: samples)
    let prober = try Prober(network, samples: samples)
    let first = try prober.probe(network, epoch: 0)
    let kept = (prober.point(), prober.reference)
    let name = "classifier.weight"
    let weight = try network.parameter(named: name)
    try network.setParameter(named: name, to: [.infinity] + weight.dropFirst())
    let bad = try prober.probe(network, epoch: 1)
    #expect(!bad.isFinite && bad.snapshot == nil)
    #expect(prober.point() == kept.0 && prober.reference == kept.1)
    #expect(throws: ModelError.self) { try prober.remember(network) }
    try network.setParameter(named: name, to: weight)
    let again = try prober.probe(network, epoch: 0)
    for quantity in Epoch.quantities where !Quantity.alignment.contains(quantity) {
      #expect(again.measurement[quantity] == first.measurement[quantity], "\(quantity)")
    }
    #expect(again.measurement[.alignmentFeatures].reason == "the features did not change")
  }
}

struct HardFeatureTests {
  /// Multiples of 2^-9 below 1, which stay exact in float32 beside 1e4.
  private static func features(_ labels: [Int], d: Int) -> [Float] {
    let noise = Formula.raw(71, labels.count * d).map { Float($0 % 64) / 512 }
    return noise.indices.map { i in
      noise[i] + (i % d == labels[i / d] ? 0.5 : 0)
    }
  }

  private static func probe(
    _ features: [Float], _ labels: [Int], d: Int, bias: [Float]? = nil
  ) throws -> Probe {
    let classes = labels.max()! + 1
    let learner = try StoredLayer(
      features: features, weight: Formula.uniform(72, classes * d), bias: bias, classes: classes)
    let samples = try StoredLayer.samples(labels)
    return try Prober(learner, samples: samples).probe(learner, epoch: 0)
  }

  @Test func `an offset of 1e4 costs the metrics of features no digits`() throws {
    let labels = (0..<500).map { $0 * $0 % 4 == 0 ? 0 : $0 % 3 + 1 }
    let features = Self.features(labels, d: 6)
    let near = try Self.probe(features, labels, d: 6).measurement
    let far = try Self.probe(features.map { $0 + 10_000 }, labels, d: 6).measurement
    let quantities: [Quantity] = [
      .nc1Trace, .nc1Ratio, .nc1Within, .cdnv, .nc2MeansNorm, .nc2MeansAngle, .nc2MeansEtf,
    ]
    for quantity in quantities {
      let (a, b) = try (#require(near[quantity].number), #require(far[quantity].number))
      // Means of some hundred numbers near 1e4 are right to 1e-12 · √500, distances are near 0.1.
      #expect(abs(a - b) <= 1e-9 * a, "\(quantity): \(a), \(b)")
    }
  }

  @Test func `a class of one sample has no scatter and spoils nothing`() throws {
    let labels = [0] + (0..<70).map { 1 + $0 % 2 }
    let m = try Self.probe(Self.features(labels, d: 5), labels, d: 5).measurement
    for quantity in Quantity.metrics { #expect(m[quantity].number != nil, "\(quantity)") }
    #expect(m[.nonnegativeMarginRatioCeiling].reason == "not known for classes of different sizes")
    let single = try Self.probe(Self.features([0, 1, 2], d: 5), [0, 1, 2], d: 5).measurement
    #expect(single[.nc1Ratio] == .value(0) && single[.nc1Trace] == .value(0))
    let ceiling = try #require(single[.nonnegativeMarginRatioCeiling].number)
    #expect(abs(ceiling * ceiling - 2.0 / 3) <= 2 * .ulpOfOne)
  }

  @Test func `a bias decides margins, errors and disagreement with the nearest mean`() throws {
    let labels = (0..<60).map { $0 % 3 }
    let features = Self.features(labels, d: 5)
    let bias: [Float] = [100, 0, 0]
    let probe = try Self.probe(features, labels, d: 5, bias: bias)
    let m = probe.measurement
    #expect(probe.errors == 40 && m[.trainError] == .value(2.0 / 3))
    #expect(try #require(m[.leastMargin].number) < -90)
    let without = try Self.probe(features, labels, d: 5).measurement
    #expect(try #require(m[.nc4Mismatch].number) > 0.6)
    #expect(m[.nc1Trace] == without[.nc1Trace] && m[.nc3Duality] == without[.nc3Duality])
    // A sample more of norm 1 each, and the bias.
    let (a, b) = try (#require(m[.logNorm].number), #require(without[.logNorm].number))
    let difference = Double.exp(2 * a) - Double.exp(2 * b)
    #expect(abs(difference - 60 - 10_000) <= 1e-9 * 10_000)
  }

  @Test func `the first error is found, and nothing after it is evaluated`() throws {
    let labels = (0..<60).map { $0 % 3 }
    var features = [Float](repeating: 0, count: 180)
    for i in labels.indices { features[3 * i + labels[i]] = 1 }
    let identity: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    let samples = try StoredLayer.samples(labels)
    let perfect = try StoredLayer(features: features, weight: identity, classes: 3)
    #expect(try perfect.firstError(on: samples) == nil && perfect.batches == 9)
    features[3 * 17 + labels[17]] = 0  // a tie
    features[3 * 40 + labels[40]] = -1
    let flawed = try StoredLayer(features: features, weight: identity, classes: 3)
    #expect(try flawed.firstError(on: samples) == 17 && flawed.batches == 3)
    #expect(try flawed.quality(on: samples).errors == 2)
  }
}

/// Metrics of a point by plain loops in double, straight from their definitions.
private struct PlainMetrics {
  var values: [Quantity: Double] = [:]

  init(_ point: Point, _ labels: Labels) {
    let (n, d, classes) = (labels.count, point.dimension, labels.classes)
    let h = (0..<n).map { Array(point.features.row($0)) }
    let w = (0..<classes).map { Array(point.classifier.row($0)) }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    func minus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }
    let means = (0..<classes).map { k in
      let members = (0..<n).filter { labels[$0] == k }
      return (0..<d).map { j in members.reduce(0) { $0 + h[$1][j] } / Double(members.count) }
    }
    let centre = (0..<d).map { j in means.reduce(0) { $0 + $1[j] } / Double(classes) }
    let within = (0..<n).map {
      dot(minus(h[$0], means[labels[$0]]), minus(h[$0], means[labels[$0]]))
    }
    let total = (0..<n).map { dot(minus(h[$0], centre), minus(h[$0], centre)) }
    let centred = means.map { minus($0, centre) }
    let between = centred.reduce(0) { $0 + dot($1, $1) } / Double(classes)
    values[.nc1Ratio] = within.reduce(0, +) / Double(n) / between
    values[.nc1Within] =
      within.reduce(0) { $0 + $1.squareRoot() } / total.reduce(0) { $0 + $1.squareRoot() }
    let norms = centred.map { dot($0, $0).squareRoot() }
    let mean = norms.reduce(0, +) / Double(classes)
    values[.nc2MeansNorm] =
      (norms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(classes)).squareRoot() / mean
    var (angles, losses, least) = (0.0, 0.0, Double.infinity)
    for i in 0..<classes {
      for j in 0..<i {
        angles += abs(dot(centred[i], centred[j]) / norms[i] / norms[j] + 1 / Double(classes - 1))
      }
    }
    values[.nc2MeansAngle] = angles / Double(classes * (classes - 1) / 2)
    var mismatches = 0
    for i in 0..<n {
      let logits = w.map { dot($0, h[i]) }
      let own = logits[labels[i]]
      losses += Double.log(logits.reduce(0) { $0 + Double.exp($1 - own) })
      for k in 0..<classes where k != labels[i] { least = min(least, own - logits[k]) }
      let chosen = (0..<classes).max { logits[$0] < logits[$1] }
      let distances = means.map { dot(minus(h[i], $0), minus(h[i], $0)) }
      let nearest = (0..<classes).min { distances[$0] < distances[$1] }
      mismatches += chosen == nearest ? 0 : 1
    }
    values[.trainLoss] = losses / Double(n)
    values[.leastMargin] = least
    values[.nc4Mismatch] = Double(mismatches) / Double(n)
    let squares = (h + w).reduce(0) { $0 + dot($1, $1) }
    values[.gamma] = least / squares
  }
}
