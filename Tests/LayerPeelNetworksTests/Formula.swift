import LayerPeel
import LayerPeelNetworks

/// The numbers of `Tests/Fixtures/networks/mlp_losses.py`, bit for bit.
enum Formula {
  static func raw(_ stream: UInt64, _ count: Int) -> [UInt64] {
    var state = stream << 32
    return (0..<count).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  static func uniform(_ stream: UInt64, _ count: Int) -> [Float] {
    raw(stream, count).map { Float($0 >> 40) * 0x1p-23 - 1 }
  }

  /// Samples of ten classes: noise half as strong as a pattern of each class.
  static func samples(count: Int, width: Int = 784) throws -> LabelledSamples {
    let labels = raw(30, count).map { Int($0 % 10) }
    let noise = uniform(31, count * width)
    let patterns = uniform(32, 10 * width)
    let inputs = noise.indices.map { i in
      0.5 * noise[i] + patterns[labels[i / width] * width + i % width]
    }
    return try LabelledSamples(inputs: inputs, width: width, labels: Labels(labels))
  }

  /// Sets the weights and biases of a perceptron to the formula's.
  static func setWeights(of network: Network) throws {
    let widths = [network.architecture.inputs] + network.architecture.hidden
    for (layer, inputs) in widths.enumerated() {
      let isClassifier = layer == widths.count - 1
      let outputs = isClassifier ? network.architecture.classes : widths[layer + 1]
      let bound = 1 / Float(inputs).squareRoot()
      let weight = uniform(UInt64(1 + layer), inputs * outputs).map { bound * $0 }
      let name = isClassifier ? "classifier" : "hidden.\(layer).linear"
      try network.setParameter(named: "\(name).weight", to: weight)
      if !isClassifier, network.architecture.normalization == .none {
        let bias = uniform(UInt64(11 + layer), outputs).map { bound * $0 }
        try network.setParameter(named: "\(name).bias", to: bias)
      }
    }
  }
}

/// A generator for whatever a test overwrites or does not care about.
struct TestGenerator: RandomNumberGenerator {
  private var values: ArraySlice<UInt64>
  private let seed: UInt64
  private var page: UInt64 = 0

  init(seed: UInt64) {
    self.seed = seed
    values = []
  }

  mutating func next() -> UInt64 {
    if values.isEmpty {
      page += 1
      values = Formula.raw(1000 * seed + page, 4096)[...]
    }
    return values.removeFirst()
  }
}
