/// A network in evaluation mode, for batches of one size, planned once.
final class EvaluationPass {
  let batch: Int
  /// `batch` samples one after another, to be filled before a run.
  let input: Tensor
  /// `batch × d`, the classifier's input.
  private(set) var features: Tensor
  /// `batch × K`.
  private(set) var logits: Tensor
  private let parameters: NetworkParameters
  private var operations: [Operation] = []

  init(_ parameters: NetworkParameters, batch: Int, in arena: Arena) {
    input = .planned(parameters.layers[0].inputLayout(batch: batch))
    (self.batch, self.parameters) = (batch, parameters)
    (features, logits) = (input, input)
    for layer in parameters.layers {
      features = logits
      logits = append(layer, to: features)
    }
    arena.place(operations, lasting: [input, features, logits])
  }

  /// Fills ``features`` and ``logits`` for the batch in ``input``.
  func run() {
    for operation in operations { operation.run() }
  }

  private func append(_ layers: [Layer], to input: Tensor) -> Tensor {
    layers.reduce(input) { append($1, to: $0) }
  }

  /// Plans one layer; those that keep a tensor's extents work in its memory.
  private func append(_ layer: Layer, to x: Tensor) -> Tensor {
    switch layer {
    case .linear(let name, let inputs, let outputs, let hasBias):
      return append(
        InnerProduct(batch: batch, inputs: inputs, outputs: outputs, bias: hasBias), name,
        hasBias: hasBias, to: x)
    case .convolution(let name, let shape, let hasBias):
      return append(Convolution(shape, batch: batch, bias: hasBias), name, hasBias: hasBias, to: x)
    case .normalization(let name, _, let rectifies):
      let normalization = Normalization(
        of: x, epsilon: Network.epsilon, rectifying: rectifies, usingStatistics: true)
      let running = parameters.statistics(of: name)
      let channels = Normalization.Channels(
        scale: parameters["\(name).weight"].value, shift: parameters["\(name).bias"].value,
        mean: running.mean, variance: running.variance)
      operations.append(normalization.forward(x, channels, to: x))
      return x
    case .rectifier:
      operations.append(Rectifier(x).forward(x))
      return x
    case .pooling(let kind):
      let pooling = Pooling(kind, of: x, training: false)
      let y = Tensor.planned(pooling.outputLayout)
      operations.append(pooling.forward(x, to: y))
      return y
    case .flattening:
      let (copies, plain) = x.copied(to: .plain(x.extents))
      operations += copies
      return plain.seen(as: .rows(batch, x.extents[1]))
    case .residual(let body, let shortcut):
      let (sum, other) = (append(body, to: x), append(shortcut, to: x))
      operations += Operation.add(other, to: sum, rectifying: true)
      return sum
    }
  }

  private func append(
    _ product: some WeightedProduct, _ name: String, hasBias: Bool, to x: Tensor
  ) -> Tensor {
    let y = Tensor.planned(product.outputLayout)
    operations += product.forward(
      x, weight: parameters["\(name).weight"].value,
      bias: hasBias ? parameters["\(name).bias"].value : nil, to: y)
    return y
  }
}

extension Layer {
  /// The plain layout of a batch that this layer is the first to receive.
  func inputLayout(batch: Int) -> TensorLayout {
    switch self {
    case .linear(_, let inputs, _, _): .rows(batch, inputs)
    case .convolution(_, let shape, _):
      .plain([batch, shape.inputs, shape.rows, shape.columns])
    case .normalization, .rectifier, .pooling, .flattening, .residual:
      preconditionFailure("no network begins with \(self)")
    }
  }
}
