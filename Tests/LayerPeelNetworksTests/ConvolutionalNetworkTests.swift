import LayerPeel
import LayerPeelNetworks
import Testing

/// ResNet-18 and VGG-13 so narrow that plain loops can follow them.
struct ConvolutionalNetworkTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let model: NetworkArchitecture.Model
    let width: Int
    let normalization: NetworkArchitecture.Normalization
    var bias = false

    var testDescription: String { "\(model.rawValue), width \(width), \(normalization.rawValue)" }

    /// Odd extents on purpose: strides leave a remainder, kernels hang over the edge.
    var shape: SampleShape {
      model == .vgg13
        ? SampleShape(channels: 1, rows: 32, columns: 32)
        : SampleShape(channels: 3, rows: 9, columns: 8)
    }

    var architecture: NetworkArchitecture {
      get throws {
        model == .vgg13
          ? try .vgg13(
            shape, width: width, classes: 10, normalization: normalization, bias: bias)
          : try .resNet18(
            shape, width: width, classes: 10, normalization: normalization, bias: bias)
      }
    }

    func network(batch: Int, seed: UInt64 = 1) throws -> Network {
      var generator = TestGenerator(seed: seed)
      return Network(try architecture, batchSize: batch, using: &generator)
    }

    func samples(_ count: Int) throws -> LabelledSamples {
      try LabelledSamples(
        inputs: Formula.uniform(31, count * shape.count), shape: shape,
        labels: Labels((0..<count).map { $0 % 10 }))
    }
  }

  static let cases = [
    Case(model: .resnet18, width: 3, normalization: .batch),
    Case(model: .resnet18, width: 16, normalization: .batch, bias: true),
    Case(model: .resnet18, width: 3, normalization: .none),
    Case(model: .vgg13, width: 2, normalization: .batch),
    Case(model: .vgg13, width: 2, normalization: .none, bias: true),
  ]

  @Test(arguments: cases)
  func `evaluation is what plain loops say`(_ example: Case) throws {
    let network = try example.network(batch: 4)
    let samples = try example.samples(6)
    for _ in 0..<3 { _ = try network.step(on: samples, rows: 0..<4, rate: 0.01) }
    let expected = try PlainConvolutions(network, isTraining: false).logits(samples, rows: 0..<6)
    // Some twenty layers of single precision, each with sums of up to 1152 products.
    let tolerance = 1e-4 * max(1, expected.map(abs).max()!)
    var seen = 0
    try network.evaluate(samples) { first, _, logits in
      for i in logits.indices {
        #expect(abs(Double(logits[i]) - expected[first * 10 + i]) <= tolerance)
        seen += 1
      }
      return true
    }
    #expect(seen == 60)
  }

  @Test(arguments: cases)
  func `gradients are the slopes of the loss by plain loops`(_ example: Case) throws {
    let network = try example.network(batch: 4)
    let samples = try example.samples(4)
    var unused = SplitMix64(seed: 0)
    let loss = try network.gradients(on: samples, rows: [0, 1, 2, 3], using: &unused)
    var plain = try PlainConvolutions(network, isTraining: true)
    let expected = plain.loss(samples, rows: 0..<4)
    #expect(abs(loss - expected) <= 1e-5 * expected)
    for (index, name) in network.trainedNames.enumerated() {
      let gradient = try network.gradient(named: name).map(Double.init)
      let length = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let random = Formula.uniform(UInt64(70 + index), gradient.count).map(Double.init)
      for direction in [gradient, random] {
        let size = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard size > 0 else { continue }
        let start = plain.parameters[name]!
        // Central differences err by the square of the step, and by the few kinks of ReLU and of
        // maxima that lie within it: the project's bound for a layer's gradient leaves room.
        let step = 1e-6
        func along(_ sign: Double) -> Double {
          plain.parameters[name] = start.indices.map {
            start[$0] + sign * step / size * direction[$0]
          }
          return plain.loss(samples, rows: 0..<4)
        }
        let slope = (along(1) - along(-1)) / (2 * step)
        plain.parameters[name] = start
        let stated = start.indices.reduce(0) { $0 + gradient[$1] * direction[$1] } / size
        #expect(abs(slope - stated) <= 1e-3 * length + 1e-7, "\(name): \(stated), not \(slope)")
      }
    }
  }

  @Test(arguments: cases)
  func `parameters come back as they were set`(_ example: Case) throws {
    let network = try example.network(batch: 4)
    for (i, name) in network.parameterNames.enumerated() {
      let shape = try network.shape(ofParameterNamed: name)
      let elements = Formula.uniform(UInt64(50 + i), shape.reduce(1, *))
      try network.setParameter(named: name, to: elements)
      #expect(try network.parameter(named: name) == elements, "\(name)")
    }
    for (i, name) in network.trainedNames.enumerated() {
      let elements = Formula.uniform(
        UInt64(150 + i), try network.shape(ofParameterNamed: name).reduce(1, *))
      try network.setVelocity(named: name, to: elements)
      #expect(try network.velocity(named: name) == elements, "velocity of \(name)")
    }
  }

  @Test func `names are torchvision's`() throws {
    let residual = try Case(model: .resnet18, width: 3, normalization: .batch).network(batch: 4)
    #expect(
      residual.parameterNames.prefix(7) == [
        "conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
        "layer1.0.conv1.weight", "layer1.0.bn1.weight",
      ])
    #expect(residual.parameterNames.contains("layer4.0.downsample.1.running_var"))
    #expect(residual.parameterNames.last == "fc.weight")
    #expect(try residual.shape(ofParameterNamed: "layer2.0.conv1.weight") == [6, 3, 3, 3])
    let plain = try Case(model: .vgg13, width: 2, normalization: .none, bias: true)
      .network(batch: 4)
    #expect(
      plain.parameterNames.filter { $0.hasSuffix("weight") } == [
        0, 2, 5, 7, 10, 12, 15, 17, 20, 22,
      ].map { "features.\($0).weight" } + ["classifier.weight"])
    #expect(plain.parameterNames.last == "classifier.bias")
  }

  /// Batches of another size plan another pass in the memory that all passes share.
  @Test(arguments: cases)
  func `results do not depend on what was planned or run in between`(_ example: Case) throws {
    let samples = try example.samples(24)
    func train(disturbed: Bool) throws -> [[Float]] {
      let network = try example.network(batch: 8)
      for step in 0..<6 {
        if disturbed {
          var unused = SplitMix64(seed: 0)
          let statistics = network.parameterNames.filter { $0.contains("running") }
          let kept = try statistics.map { try network.parameter(named: $0) }
          _ = try network.gradients(
            on: samples, rows: ArraySlice(0..<(step % 2 == 0 ? 23 : 3)), using: &unused)
          for (name, value) in zip(statistics, kept) {
            try network.setParameter(named: name, to: value)
          }
          try network.evaluate(samples) { _, _, _ in true }
        }
        _ = try network.step(on: samples, rows: step * 2..<step * 2 + 8, rate: 0.02)
      }
      return try network.parameterNames.map { try network.parameter(named: $0) }
    }
    let quiet = try train(disturbed: false)
    #expect(quiet == (try train(disturbed: false)))
    #expect(quiet == (try train(disturbed: true)))
  }
}

struct MemoryPlanTests {
  @Test(arguments: 0..<20) func `no two buffers in use together overlap`(_ seed: Int) {
    var generator = SplitMix64(seed: UInt64(seed))
    var plan = MemoryPlan()
    var buffers: [(size: Int, first: Int, last: Int)] = []
    for _ in 0..<40 {
      let first = Int.random(in: 0..<60, using: &generator)
      let last = first + Int.random(in: 0..<20, using: &generator)
      let size = Int.random(in: 1..<1000, using: &generator)
      let buffer = plan.add(size: size)
      plan.use(buffer, at: last)
      plan.use(buffer, at: first)
      buffers.append((size, first, last))
    }
    let (offsets, size) = plan.offsets()
    for a in buffers.indices {
      #expect(offsets[a] % 16 == 0 && offsets[a] + buffers[a].size <= size)
      for b in 0..<a
      where buffers[a].first <= buffers[b].last && buffers[b].first <= buffers[a].last {
        #expect(
          offsets[a] + buffers[a].size <= offsets[b] || offsets[b] + buffers[b].size <= offsets[a])
      }
    }
    // Never less than what is in use at one time, and here never twice as much.
    let least = (0..<80).map { time in
      buffers.reduce(0) { $0 + ($1.first <= time && time <= $1.last ? $1.size : 0) }
    }.max()!
    #expect(size >= least && size <= 2 * least)
  }
}
