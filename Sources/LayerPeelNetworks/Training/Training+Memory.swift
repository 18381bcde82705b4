extension Training {
  /// Bytes that a run takes at most beside the samples themselves.
  ///
  /// Parameters with gradients, velocities and the copies that are kept of them; activations of a
  /// batch and their gradients; logits, figures and the features of two probes.
  public func memoryNeeded(samples: Int) -> Double {
    let (count, d) = (Double(samples), Double(architecture.dimension))
    let layers = architecture.layers.flattened
    let free = architecture.model == .linearFeatures ? count * d : 0
    let parameters = layers.reduce(free) { $0 + $1.weights }
    let activations = layers.reduce(Double(architecture.inputs)) { $0 + $1.activations }
    let probes = count * (8 * d + 64 * Double(architecture.classes)) + 80 * d * d
    return 36 * parameters + 12 * Double(settings.batchSize) * activations + probes
  }
}

extension Layer {
  /// Entries of its weight.
  fileprivate var weights: Double {
    switch self {
    case .linear(_, let inputs, let outputs, _): Double(inputs) * Double(outputs)
    case .convolution(_, let shape, _): Double(shape.fanIn) * Double(shape.outputs)
    case .normalization, .rectifier, .pooling, .flattening, .residual: 0
    }
  }

  /// Numbers that it makes of one sample.
  fileprivate var activations: Double {
    switch self {
    case .linear(_, _, let outputs, _): Double(outputs)
    case .convolution(_, let shape, _):
      2 * Double(shape.outputs) * Double(shape.outputRows) * Double(shape.outputColumns)
    case .normalization, .rectifier, .pooling, .flattening, .residual: 0
    }
  }
}
