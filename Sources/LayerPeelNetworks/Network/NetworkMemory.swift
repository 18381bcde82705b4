extension NetworkArchitecture {
  /// An upper estimate of the memory that a network takes while it is trained and evaluated, in
  /// bytes: its parameters with gradients and velocities, and the activations of one batch.
  ///
  /// What the way back needs stays: what every layer gives, and a byte a number for the masks of
  /// ReLU and maxima. Four more of the largest pass by, with what a convolution works in. Channels
  /// come in blocks of 16.
  ///
  /// - Parameters:
  ///   - batch: Samples in one training batch, where there are as many.
  ///   - samples: Samples to train on.
  public func memoryNeeded(batch: Int, samples: Int) -> Double {
    let (layers, batch) = (self.layers.flattened, Double(min(batch, samples)))
    let weights = layers.map(\.weightCount)
    var (activations, largest, current) = (Double(inputs), Double(inputs), Double(inputs))
    for layer in layers {
      current = layer.activationCount ?? current
      activations += 1.25 * current
      largest = max(largest, current)
    }
    let passing = 4 * largest + layers.map(\.transformedCount).max()!
    let numbers =
      3 * weights.reduce(0, +) + 8 * weights.max()! + batch * (activations + passing)
    return 4 * numbers + Self.programBytes
  }

  /// Code that oneDNN generates, the program and its libraries.
  private static let programBytes = 64e6
}

extension Layer {
  private static func blocked(_ channels: Int) -> Double { Double((channels + 15) / 16 * 16) }

  /// Numbers in its weight, its blocks filled up.
  fileprivate var weightCount: Double {
    switch self {
    case .linear(_, let inputs, let outputs, _): Self.blocked(inputs) * Self.blocked(outputs)
    case .convolution(_, let shape, _):
      Self.blocked(shape.inputs) * Self.blocked(shape.outputs)
        * Double(shape.kernel * shape.kernel)
    case .normalization, .rectifier, .pooling, .flattening, .residual: 0
    }
  }

  /// Numbers that it gives for one sample; nil where as many as it receives, or fewer.
  fileprivate var activationCount: Double? {
    switch self {
    case .linear(_, _, let outputs, _): Self.blocked(outputs)
    case .convolution(_, let shape, _):
      Self.blocked(shape.outputs) * Double(shape.outputRows * shape.outputColumns)
    case .normalization, .rectifier, .pooling, .flattening, .residual: nil
    }
  }

  /// Numbers that Winograd's algorithm works in for one sample: 36 for each 4×4 that come in and go
  /// out.
  fileprivate var transformedCount: Double {
    guard case .convolution(_, let shape, _) = self, shape.kernel == 3, shape.stride == 1 else {
      return 0
    }
    let tiles = Double((shape.rows + 3) / 4 * ((shape.columns + 3) / 4))
    return 36 * tiles * (Self.blocked(shape.inputs) + Self.blocked(shape.outputs))
  }
}
