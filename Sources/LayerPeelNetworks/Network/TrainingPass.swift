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

  init(_ parameters: NetworkParameters, batch: Int) {
    input = Tensor(.rows(batch, parameters.layers[0].inputs))
    var forward: [Operation] = []
    var backward: [Operation] = []
    var statistics: [RunningStatistics] = []
    var (x, gradient): (Tensor, Tensor?) = (input, nil)
    for layer in parameters.layers {
      let linear = LinearStep(layer, batch: batch, input: x, inputGradient: gradient)
      (x, gradient) = (linear.output, linear.outputGradient)
      forward += linear.forward
      backward = linear.backward + backward
      guard layer.isHidden else { break }
      let activation = ActivationStep(
        layer, batch: batch, input: x, gradient: linear.outputGradient)
      x = activation.output
      forward.append(activation.forward)
      backward = [activation.backward] + backward
      if let new = activation.statistics { statistics.append(new) }
    }
    self.batch = batch
    self.logits = x
    self.logitGradient = gradient!
    self.forward = forward
    self.backward = backward
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

/// A linear layer on its way there and back.
private struct LinearStep {
  let output: Tensor
  let outputGradient: Tensor
  let forward: [Operation]
  let backward: [Operation]

  /// Without a tensor for the inputs' gradient, that is not computed.
  init(
    _ layer: NetworkParameters.Layer, batch: Int, input: Tensor, inputGradient: Tensor?
  ) {
    let product = InnerProduct(
      batch: batch, inputs: layer.inputs, outputs: layer.outputs, bias: layer.bias != nil)
    let outputGradient = Tensor(.rows(batch, layer.outputs))
    output = Tensor(.rows(batch, layer.outputs))
    forward = product.forward(
      input, weight: layer.weight.value, bias: layer.bias?.value, to: output)
    let toWeights = product.toWeights(
      input, gradient: outputGradient, weight: layer.weight.gradient, bias: layer.bias?.gradient)
    let toInputs = inputGradient.map {
      product.toInputs(gradient: outputGradient, weight: layer.weight.value, result: $0)
    }
    backward = toWeights + (toInputs ?? [])
    self.outputGradient = outputGradient
  }
}

/// ReLU, with batch normalisation before it where the layer has one.
private struct ActivationStep {
  let output: Tensor
  let forward: Operation
  let backward: Operation
  let statistics: RunningStatistics?

  /// `gradient` holds the output's gradient before, and the input's after, the way back.
  init(_ layer: NetworkParameters.Layer, batch: Int, input: Tensor, gradient: Tensor) {
    output = Tensor(.rows(batch, layer.outputs))
    guard let (scale, shift) = layer.normalization, let running = layer.running else {
      let rectifier = Rectifier(batch: batch, channels: layer.outputs)
      forward = rectifier.forward(input, to: output)
      backward = rectifier.backward(input, gradient: gradient, result: gradient)
      statistics = nil
      return
    }
    let normalization = Normalization(
      batch: batch, channels: layer.outputs, epsilon: Network.epsilon, usingStatistics: false)
    let (mean, variance) = (Tensor(.vector(layer.outputs)), Tensor(.vector(layer.outputs)))
    let channels = Normalization.Channels(
      scale: scale.value, shift: shift.value, mean: mean, variance: variance)
    forward = normalization.forward(input, channels, to: output)
    backward = normalization.backward(
      input, channels, gradient: gradient, result: gradient, scale: scale.gradient,
      shift: shift.gradient)
    statistics = RunningStatistics(mean: mean, variance: variance, running: running, batch: batch)
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
    let momentum = Network.statisticsMomentum
    new.withElements { new in
      old.withMutableElements { old in
        for i in new.indices { old[i] = (1 - momentum) * old[i] + momentum * (scale * new[i]) }
      }
    }
  }
}
