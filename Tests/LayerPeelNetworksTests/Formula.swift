import LayerPeel
import LayerPeelNetworks

/// The numbers of `Tests/Fixtures/networks/formula.py`, bit for bit.
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

  /// Samples of ten random classes: noise half as strong as a pattern of each class.
  static func samples(count: Int, width: Int = 784) throws -> LabelledSamples {
    let labels = raw(30, count).map { Int($0 % 10) }
    let noise = uniform(31, count * width)
    let patterns = uniform(32, 10 * width)
    let inputs = noise.indices.map { i in
      0.5 * noise[i] + patterns[labels[i / width] * width + i % width]
    }
    return try LabelledSamples(inputs: inputs, width: width, labels: Labels(labels))
  }

  /// A stream for a name: its FNV-1a hash of 32 bits.
  static func stream(_ name: String) -> UInt64 {
    UInt64(name.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 })
  }

  /// `2/√inputs` times uniform numbers for matrices and filters, 1 or 0 plus a tenth of them for
  /// vectors.
  static func parameter(_ name: String, shape: [Int]) -> [Float] {
    let count = shape.reduce(1, *)
    let numbers = uniform(stream(name), count)
    guard shape.count == 1 else {
      let bound = 2 / Float(count / shape[0]).squareRoot()
      return numbers.map { $0 * bound }
    }
    let isScale = name.hasSuffix(".weight") || name.hasSuffix(".running_var")
    return numbers.map { isScale ? $0 * 0.1 + 1 : $0 * 0.1 }
  }

  /// Sets every parameter and running statistic.
  static func setParameters(of network: Network) throws {
    for name in network.parameterNames where !name.hasSuffix("num_batches_tracked") {
      let shape = try network.shape(ofParameterNamed: name)
      try network.setParameter(named: name, to: parameter(name, shape: shape))
    }
  }

  /// Images of ten classes in turn, noise half as strong as the pattern of each class.
  static func samples(count: Int, shape: SampleShape, draw: Int) throws -> LabelledSamples {
    let (width, first) = (shape.count, UInt64(30 + 2 * draw))
    let labels = (0..<count).map { $0 % 10 }
    let noise = uniform(first, count * width)
    let patterns = uniform(first + 1, 10 * width)
    let inputs = noise.indices.map { i in
      0.5 * noise[i] + patterns[labels[i / width] * width + i % width]
    }
    return try LabelledSamples(inputs: inputs, shape: shape, labels: Labels(labels))
  }

  /// Inner products with 32 vectors of signs: number `j` takes bit `j` of a stream.
  static func projections(of gradient: [Float], named name: String) -> [Double] {
    var sums = [Double](repeating: 0, count: 32)
    for (number, bits) in zip(gradient, raw(stream("signs \(name)"), gradient.count)) {
      let number = Double(number)
      for j in sums.indices { sums[j] += (bits >> UInt64(j)) & 1 == 0 ? number : -number }
    }
    return sums
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
