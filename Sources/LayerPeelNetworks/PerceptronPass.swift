/// One training step's way through a perceptron, for batches of one size, planned once.
///
/// Activations and gradients live here, parameters elsewhere: passes for several batch sizes share
/// them.
final class TrainingPass {
  let batch: Int
  /// `batch × inputs`, to be filled before a step.
  let input: Tensor
  private let logits: Tensor
  private let logitGradient: Tensor
  private let forward: [Operation]
  private let backward: [Operation]
  private let statistics: [RunningStatistics]

  init(_ parameters: PerceptronParameters, batch: Int) {
    self.batch = batch
    let layers = parameters.layers
    input = Tensor(.rows(batch, layers[0].inputs))
    var forward: [Operation] = []
    var backward: [[Operation]] = []
    var statistics: [RunningStatistics] = []
    var x = input
    var xGradient: Tensor?
    for (l, layer) in layers.enumerated() {
      let product = InnerProduct(
        batch: batch, inputs: layer.inputs, outputs: layer.outputs, bias: layer.bias != nil)
      let z = Tensor(.rows(batch, layer.outputs))
      let zGradient = Tensor(.rows(batch, layer.outputs))
      forward += product.forward(x, weight: layer.weight.value, bias: layer.bias?.value, to: z)
      // Weights first: their update can wait, and the inputs' gradient is hot for the next layer.
      var back = product.toWeights(
        x, gradient: zGradient, weight: layer.weight.gradient, bias: layer.bias?.gradient)
      if let xGradient {
        back += product.toInputs(
          gradient: zGradient, weight: layer.weight.value, result: xGradient)
      }
      x = z
      xGradient = zGradient
      if let (scale, shift) = layer.normalization, let running = layer.running {
        let normalization = Normalization(
          batch: batch, channels: layer.outputs, epsilon: Perceptron.epsilon,
          usingStatistics: false)
        let (mean, variance) = (Tensor(.vector(layer.outputs)), Tensor(.vector(layer.outputs)))
        let channels = Normalization.Channels(
          scale: scale.value, shift: shift.value, mean: mean, variance: variance)
        let y = Tensor(.rows(batch, layer.outputs))
        forward.append(normalization.forward(z, channels, to: y))
        back.insert(
          normalization.backward(
            z, channels, gradient: zGradient, result: zGradient, scale: scale.gradient,
            shift: shift.gradient), at: 0)
        statistics.append(
          RunningStatistics(mean: mean, variance: variance, running: running, batch: batch))
        x = y
      } else if l < layers.count - 1 {
        let rectifier = Rectifier(batch: batch, channels: layer.outputs)
        let y = Tensor(.rows(batch, layer.outputs))
        forward.append(rectifier.forward(z, to: y))
        back.insert(rectifier.backward(z, gradient: zGradient, result: zGradient), at: 0)
        x = y
      }
      backward.append(back)
    }
    self.logits = x
    self.logitGradient = xGradient!
    self.forward = forward
    self.backward = backward.reversed().flatMap { $0 }
    self.statistics = statistics
  }

  /// Fills every gradient for the batch in ``input``, and returns its mean loss.
  func gradients(labels: [Int32]) -> Double {
    precondition(labels.count == batch, "\(labels.count) labels for a batch of \(batch)")
    for operation in forward { operation.run() }
    let loss = logits.withElements { logits in
      logitGradient.withMutableElements { gradient in
        softmaxCrossEntropy(
          logits: logits, labels: labels.span, scale: 1 / Double(batch), gradient: &gradient)
      }
    }
    for operation in backward { operation.run() }
    for layer in statistics { layer.update() }
    return loss / Double(batch)
  }
}

/// A perceptron in evaluation mode, for batches of one size, planned once.
final class EvaluationPass {
  let batch: Int
  /// `batch × inputs`, to be filled before a run.
  let input: Tensor
  /// `batch × d`.
  let features: Tensor
  /// `batch × K`.
  let logits: Tensor
  private let operations: [Operation]

  init(_ parameters: PerceptronParameters, batch: Int) {
    self.batch = batch
    input = Tensor(.rows(batch, parameters.layers[0].inputs))
    var operations: [Operation] = []
    var x = input
    var features = input
    for (l, layer) in parameters.layers.enumerated() {
      let product = InnerProduct(
        batch: batch, inputs: layer.inputs, outputs: layer.outputs, bias: layer.bias != nil)
      let z = Tensor(.rows(batch, layer.outputs))
      operations += product.forward(x, weight: layer.weight.value, bias: layer.bias?.value, to: z)
      if l == parameters.layers.count - 1 {
        features = x
        x = z
        break
      }
      let y = Tensor(.rows(batch, layer.outputs))
      if let (scale, shift) = layer.normalization, let running = layer.running {
        let normalization = Normalization(
          batch: batch, channels: layer.outputs, epsilon: Perceptron.epsilon, usingStatistics: true)
        let channels = Normalization.Channels(
          scale: scale.value, shift: shift.value, mean: running.mean, variance: running.variance)
        operations.append(normalization.forward(z, channels, to: y))
      } else {
        operations.append(Rectifier(batch: batch, channels: layer.outputs).forward(z, to: y))
      }
      x = y
    }
    self.features = features
    logits = x
    self.operations = operations
  }

  /// Fills ``features`` and ``logits`` for the batch in ``input``.
  func run() {
    for operation in operations { operation.run() }
  }
}

/// How a layer's statistics for evaluation follow those of its batches.
///
///     running ← 0.9 running + 0.1 batch
///
/// the variance with `n - 1` in its denominator, as in PyTorch; normalisation itself uses `n`.
private struct RunningStatistics {
  let mean: Tensor
  let variance: Tensor
  let running: (mean: Tensor, variance: Tensor)
  let batch: Int

  func update() {
    let unbiased = Float(batch) / Float(batch - 1)
    blend(mean, into: running.mean, scale: 1)
    blend(variance, into: running.variance, scale: unbiased)
  }

  private func blend(_ new: Tensor, into old: Tensor, scale: Float) {
    let momentum = Perceptron.statisticsMomentum
    new.withElements { new in
      old.withMutableElements { old in
        for i in new.indices { old[i] = (1 - momentum) * old[i] + momentum * (scale * new[i]) }
      }
    }
  }
}
