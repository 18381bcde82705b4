import FoundationEssentials
import LayerPeel
import LayerPeelNetworks
import Testing

struct NetworkTests {
  struct Reference: Decodable {
    let losses: [Double]
    let evaluated: Double
  }

  static func references() throws -> [String: Reference] {
    var path = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    path = "/\(path)/Fixtures/networks/mlp_losses.json"
    let data = try Data(contentsOf: URL(filePath: path))
    return try JSONDecoder().decode([String: Reference].self, from: data)
  }

  @Test(arguments: NetworkArchitecture.Normalization.allCases)
  func `twenty losses agree with PyTorch in float64`(
    _ normalization: NetworkArchitecture.Normalization
  ) throws {
    let reference = try #require(try Self.references()[normalization.rawValue])
    var generator = TestGenerator(seed: 1)
    let network = Network(
      try NetworkArchitecture(inputs: 784, classes: 10, normalization: normalization),
      using: &generator)
    try Formula.setWeights(of: network)
    let samples = try Formula.samples(count: 512)
    // Single precision against double: rounding of 6e-8 a product, which twenty steps at rate 0.1
    // amplify some thousandfold. The bound is the project's for agreement with PyTorch.
    let tolerance = 1e-3
    for (step, expected) in reference.losses.enumerated() {
      let first = step % 4 * 128
      let loss = try network.step(on: samples, rows: first..<first + 128, rate: 0.1)
      #expect(abs(loss - expected) <= tolerance * expected, "step \(step): \(loss)")
    }
    let evaluated = try network.quality(on: samples).meanLoss
    #expect(abs(evaluated - reference.evaluated) <= tolerance * reference.evaluated, "\(evaluated)")
  }

  @Test(arguments: NetworkArchitecture.Normalization.allCases)
  func `evaluation is what the formulas say`(
    _ normalization: NetworkArchitecture.Normalization
  ) throws {
    let architecture = try NetworkArchitecture(
      inputs: 5, hidden: [7, 4], classes: 10, normalization: normalization)
    var generator = TestGenerator(seed: 2)
    let network = Network(architecture, batchSize: 20, using: &generator)
    let samples = try Formula.samples(count: 300, width: 5)
    for _ in 0..<10 { _ = try network.step(on: samples, rows: 0..<20, rate: 0.1) }

    let expected = try PlainNetwork(network).logits(of: samples)
    try network.evaluate(samples) { first, _, logits in
      for i in logits.indices {
        // Three layers of at most 8 products, entries of order 1 to 10 and single precision.
        #expect(abs(Double(logits[i]) - expected[first * 10 + i]) <= 1e-5)
      }
      return true
    }
  }

  @Test func `equal arguments give bitwise equal networks`() throws {
    let samples = try Formula.samples(count: 300, width: 40)
    func train() throws -> [[Float]] {
      var generator = TestGenerator(seed: 3)
      let network = Network(
        try NetworkArchitecture(inputs: 40, hidden: [96, 32], classes: 10), batchSize: 64,
        using: &generator)
      for step in 0..<30 {
        let first = step % 4 * 64
        _ = try network.step(on: samples, rows: first..<first + 64, rate: 0.05)
      }
      return try network.parameterNames.map { try network.parameter(named: $0) }
    }
    #expect(try train() == train())
  }

  @Test func `parameters come back as they were set, in any layout`() throws {
    var generator = TestGenerator(seed: 4)
    let network = Network(
      try NetworkArchitecture(inputs: 784, hidden: [100, 30], classes: 10), using: &generator)
    for (i, name) in network.parameterNames.enumerated() {
      let count = try network.parameter(named: name).count
      let elements = Formula.uniform(UInt64(50 + i), count)
      try network.setParameter(named: name, to: elements)
      #expect(try network.parameter(named: name) == elements, "\(name)")
    }
  }

  @Test func `the decay that is reported is the decay that was executed`() throws {
    let samples = try Formula.samples(count: 64, width: 6)
    let architecture = try NetworkArchitecture(inputs: 6, hidden: [8, 4], classes: 10)
    var free = TestGenerator(seed: 5)
    let without = Network(architecture, batchSize: 64, using: &free)
    var decayed = TestGenerator(seed: 5)
    var descent = Network.Descent()
    descent.weightDecay[.weights] = 0.25
    let with = Network(architecture, batchSize: 64, descent: descent, using: &decayed)
    let start = try with.parameter(named: "classifier.weight")
    #expect(without.executed.isEmpty)

    for network in [without, with] {
      _ = try network.step(on: samples, rows: 0..<64, rate: 0.5)
    }
    #expect(without.executed.map { $0.group } == [.weights, .normalization])
    #expect(without.executed.allSatisfy { $0.steps == 1 && $0.weightDecay == 0 })
    #expect(with.executed.map { $0.weightDecay } == [0.25, 0])
    let (a, b) = try (
      without.parameter(named: "classifier.weight"), with.parameter(named: "classifier.weight")
    )
    for i in start.indices {
      // w ← w - η (g + λ w): the two differ by η λ w, to a few roundings of numbers below 1.
      #expect(abs(a[i] - b[i] - 0.5 * 0.25 * start[i]) <= 4 * .ulpOfOne)
    }
  }

  @Test func `what cannot be trained is refused`() throws {
    let samples = try Formula.samples(count: 64, width: 6)
    var generator = TestGenerator(seed: 6)
    let network = Network(
      try NetworkArchitecture(inputs: 6, hidden: [4], classes: 10), using: &generator)
    #expect(throws: ModelError.self) { try network.step(on: samples, rows: [3], rate: 0.1) }
    #expect(throws: ModelError.self) { try network.step(on: samples, rows: [], rate: 0.1) }
    let wide = try Formula.samples(count: 64, width: 7)
    #expect(throws: ModelError.self) { try network.step(on: wide, rows: 0..<8, rate: 0.1) }
    #expect(throws: ModelError.self) { try network.parameter(named: "classifier.bias") }
    #expect(throws: ModelError.self) { try NetworkArchitecture(inputs: 0, classes: 10) }
    #expect(throws: ModelError.self) { try NetworkArchitecture(inputs: 4, classes: 1) }
    #expect(throws: ModelError.self) {
      try NetworkArchitecture(inputs: 4, hidden: [], classes: 2)
    }
  }
}

/// A perceptron in evaluation mode, in double and by plain loops.
struct PlainNetwork {
  private let network: Network

  init(_ network: Network) { self.network = network }

  func logits(of samples: LabelledSamples) throws -> [Double] {
    var x = (0..<samples.count).flatMap { samples.input($0).map(Double.init) }
    for layer in network.architecture.hidden.indices {
      x = try product(x, weight: "hidden.\(layer).linear.weight")
      if network.architecture.normalization == .none {
        let bias = try parameter("hidden.\(layer).linear.bias")
        x = x.indices.map { max(0, x[$0] + bias[$0 % bias.count]) }
      } else {
        let (scale, shift) = try (
          parameter("hidden.\(layer).norm.weight"), parameter("hidden.\(layer).norm.bias")
        )
        let mean = try parameter("hidden.\(layer).norm.running_mean")
        let variance = try parameter("hidden.\(layer).norm.running_var")
        x = x.indices.map { i in
          let c = i % mean.count
          return max(
            0, scale[c] * (x[i] - mean[c]) / (variance[c] + 1e-5).squareRoot() + shift[c])
        }
      }
    }
    return try product(x, weight: "classifier.weight")
  }

  private func parameter(_ name: String) throws -> [Double] {
    try network.parameter(named: name).map(Double.init)
  }

  private func product(_ x: [Double], weight name: String) throws -> [Double] {
    let weight = try parameter(name)
    let widths = [network.architecture.inputs] + network.architecture.hidden
    let inputs =
      name == "classifier.weight"
      ? network.architecture.dimension : widths[Int(name.split(separator: ".")[1])!]
    let outputs = weight.count / inputs
    return (0..<x.count / inputs).flatMap { row in
      (0..<outputs).map { o in
        (0..<inputs).reduce(0) { $0 + x[row * inputs + $1] * weight[o * inputs + $1] }
      }
    }
  }
}
