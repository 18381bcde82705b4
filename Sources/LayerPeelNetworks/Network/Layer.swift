/// One piece of a network, or several that belong together.
enum Layer: Hashable, Sendable {
  /// `y = x Wᵀ (+ b)` of rows.
  case linear(String, inputs: Int, outputs: Int, hasBias: Bool)
  /// Of images, with as many black pixels around them as keep the extents.
  case convolution(String, ConvolutionShape, hasBias: Bool)
  /// Batch normalisation of each channel, with ReLU after it or not.
  case normalization(String, channels: Int, rectifies: Bool)
  /// `max(0, x)`, of a tensor that nothing else reads.
  case rectifier
  /// One number for each window of images.
  case pooling(Pooling.Kind)
  /// Images of one pixel become rows.
  case flattening
  /// `max(0, body(x) + shortcut(x))`; an empty shortcut gives `x` itself.
  indirect case residual(body: [Layer], shortcut: [Layer])
}

/// A parameter that a layer has: `weight` or `bias` of a name, and what it is for.
struct ParameterDescription: Hashable, Sendable {
  /// What it starts from.
  enum Start: Hashable, Sendable {
    /// Uniform within `±bound`.
    case uniform(bound: Float)
    /// The same number everywhere.
    case constant(Float)
  }

  let name: String
  let group: ParameterGroup
  let start: Start
}

extension Layer {
  /// What it trains, its weight before its bias, apart from what its parts train.
  ///
  /// PyTorch's defaults for single layers: weights and biases uniform within `±1/√inputs`, where a
  /// convolution has as many inputs as its kernel has entries; scale 1 and shift 0. (Torchvision
  /// starts its residual networks otherwise.)
  var parameters: [ParameterDescription] {
    func pair(_ name: String, _ inputs: Int, _ hasBias: Bool) -> [ParameterDescription] {
      let start = ParameterDescription.Start.uniform(bound: 1 / Float(inputs).squareRoot())
      return [ParameterDescription(name: "\(name).weight", group: .weights, start: start)]
        + (hasBias ? [.init(name: "\(name).bias", group: .biases, start: start)] : [])
    }
    return switch self {
    case .linear(let name, let inputs, _, let hasBias): pair(name, inputs, hasBias)
    case .convolution(let name, let shape, let hasBias): pair(name, shape.fanIn, hasBias)
    case .normalization(let name, _, _):
      [
        .init(name: "\(name).weight", group: .normalization, start: .constant(1)),
        .init(name: "\(name).bias", group: .normalization, start: .constant(0)),
      ]
    case .rectifier, .pooling, .flattening, .residual: []
    }
  }
}

extension [Layer] {
  /// All layers, those within others in the order of PyTorch's names.
  var flattened: [Layer] {
    flatMap { layer -> [Layer] in
      guard case .residual(let body, let shortcut) = layer else { return [layer] }
      return body.flattened + shortcut.flattened
    }
  }
}
