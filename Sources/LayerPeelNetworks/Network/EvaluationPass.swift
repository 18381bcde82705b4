/// A perceptron in evaluation mode, for batches of one size, planned once.
final class EvaluationPass {
  let batch: Int
  /// `batch × inputs`, to be filled before a run.
  let input: Tensor
  /// `batch × d`, the classifier's input.
  let features: Tensor
  /// `batch × K`.
  let logits: Tensor
  private let operations: [Operation]

  init(_ parameters: NetworkParameters, batch: Int) {
    input = Tensor(.rows(batch, parameters.layers[0].inputs))
    var operations: [Operation] = []
    var (x, features) = (input, input)
    for layer in parameters.layers {
      let product = InnerProduct(
        batch: batch, inputs: layer.inputs, outputs: layer.outputs, bias: layer.bias != nil)
      let z = Tensor(.rows(batch, layer.outputs))
      operations += product.forward(x, weight: layer.weight.value, bias: layer.bias?.value, to: z)
      (features, x) = (x, z)
      guard layer.isHidden else { break }
      x = Tensor(.rows(batch, layer.outputs))
      operations.append(Self.activation(layer, batch: batch, input: z, output: x))
    }
    self.batch = batch
    self.features = features
    logits = x
    self.operations = operations
  }

  private static func activation(
    _ layer: NetworkParameters.Layer, batch: Int, input: Tensor, output: Tensor
  ) -> Operation {
    guard let (scale, shift) = layer.normalization, let running = layer.running else {
      return Rectifier(batch: batch, channels: layer.outputs).forward(input, to: output)
    }
    let normalization = Normalization(
      batch: batch, channels: layer.outputs, epsilon: Network.epsilon, usingStatistics: true)
    let channels = Normalization.Channels(
      scale: scale.value, shift: shift.value, mean: running.mean, variance: running.variance)
    return normalization.forward(input, channels, to: output)
  }

  /// Fills ``features`` and ``logits`` for the batch in ``input``.
  func run() {
    for operation in operations { operation.run() }
  }
}
