/// The operations of a training step, written down layer by layer: forth, then back.
final class TrainingTape {
  /// The gradient with respect to what a layer gave.
  struct Gradient {
    let tensor: Tensor
    /// Whether somebody else reads it later, so that its memory must not be overwritten.
    let isShared: Bool

    /// Where a gradient of the same extents may go.
    var successor: Tensor { isShared ? .planned(tensor.layout) : tensor }
  }

  /// What a layer gives, and how to go back through it.
  struct Step {
    let output: Tensor
    /// Writes down the way back; returns the gradient with respect to the layer's input, or nil if
    /// nobody needs it.
    let back: (Gradient) -> Tensor?
  }

  private(set) var forward: [Operation] = []
  private(set) var backward: [Operation] = []
  private(set) var statistics: [RunningStatistics] = []
  private let parameters: NetworkParameters
  private let batch: Int

  init(_ parameters: NetworkParameters, batch: Int) {
    (self.parameters, self.batch) = (parameters, batch)
  }

  /// Writes down layers one after another.
  func append(_ layers: [Layer], to input: Tensor, needsInputGradient: Bool) -> Step {
    var (steps, x) = ([Step](), input)
    for (i, layer) in layers.enumerated() {
      steps.append(append(layer, to: x, needsInputGradient: needsInputGradient || i > 0))
      x = steps[i].output
    }
    return Step(output: x) { gradient in
      var result: Gradient? = gradient
      for step in steps.reversed() {
        result = step.back(result!).map { Gradient(tensor: $0, isShared: false) }
      }
      return result?.tensor
    }
  }

  private func append(_ layer: Layer, to x: Tensor, needsInputGradient: Bool) -> Step {
    switch layer {
    case .linear(let name, let inputs, let outputs, let hasBias):
      product(
        InnerProduct(batch: batch, inputs: inputs, outputs: outputs, bias: hasBias), name,
        hasBias: hasBias, x, needsInputGradient)
    case .convolution(let name, let shape, let hasBias):
      product(
        Convolution(shape, batch: batch, bias: hasBias), name, hasBias: hasBias, x,
        needsInputGradient)
    case .normalization(let name, _, let rectifies): normalization(name, rectifies, x)
    case .rectifier: rectifier(x)
    case .pooling(let kind): pooling(kind, x)
    case .flattening: flattening(x)
    case .residual(let body, let shortcut): residual(body, shortcut, x)
    }
  }

  private func product(
    _ product: some WeightedProduct, _ name: String, hasBias: Bool, _ x: Tensor,
    _ needsInputGradient: Bool
  ) -> Step {
    let weight = parameters["\(name).weight"]
    let bias = hasBias ? parameters["\(name).bias"] : nil
    let y = Tensor.planned(product.outputLayout)
    forward += product.forward(x, weight: weight.value, bias: bias?.value, to: y)
    return Step(output: y) { [self] gradient in
      backward += product.toWeights(
        x, gradient: gradient.tensor, weight: weight.gradient, bias: bias?.gradient)
      guard needsInputGradient else { return nil }
      let (operations, result) = product.toInputs(gradient: gradient.tensor, weight: weight.value)
      backward += operations
      return result
    }
  }

  private func normalization(_ name: String, _ rectifies: Bool, _ x: Tensor) -> Step {
    let normalization = Normalization(
      of: x, epsilon: Network.epsilon, rectifying: rectifies, usingStatistics: false)
    let (scale, shift) = (parameters["\(name).weight"], parameters["\(name).bias"])
    let (mean, variance) = (Tensor(scale.value.layout), Tensor(scale.value.layout))
    let channels = Normalization.Channels(
      scale: scale.value, shift: shift.value, mean: mean, variance: variance)
    let y = Tensor.planned(x.layout)
    forward.append(normalization.forward(x, channels, to: y))
    let extents = x.extents
    statistics.append(
      RunningStatistics(
        mean: mean, variance: variance, running: parameters.statistics(of: name),
        count: extents.reduce(1, *) / extents[1]))
    return Step(output: y) { [self] gradient in
      let (copies, moved) = gradient.tensor.copied(to: x.layout)
      let source = Gradient(tensor: moved, isShared: gradient.isShared && copies.isEmpty)
      let result = source.successor
      backward += copies
      backward.append(
        normalization.backward(
          x, channels, gradient: moved, result: result, scale: scale.gradient,
          shift: shift.gradient))
      return result
    }
  }

  private func rectifier(_ x: Tensor) -> Step {
    forward.append(Rectifier(x).forward(x))
    return Step(output: x) { [self] gradient in rectifierBack(x, gradient) }
  }

  private func rectifierBack(_ output: Tensor, _ gradient: Gradient) -> Tensor {
    let (copies, moved) = gradient.tensor.copied(to: output.layout)
    let source = Gradient(tensor: moved, isShared: gradient.isShared && copies.isEmpty)
    let result = source.successor
    backward += copies
    backward.append(
      Rectifier(output).backward(output: output, gradient: moved, result: result))
    return result
  }

  private func pooling(_ kind: Pooling.Kind, _ x: Tensor) -> Step {
    let pooling = Pooling(kind, of: x, training: true)
    let y = Tensor.planned(pooling.outputLayout)
    forward.append(pooling.forward(x, to: y))
    return Step(output: y) { [self] gradient in
      let (operations, result) = pooling.backward(gradient: gradient.tensor)
      backward += operations
      return result
    }
  }

  private func flattening(_ x: Tensor) -> Step {
    let images = TensorLayout.plain(x.extents)
    let (copies, plain) = x.copied(to: images)
    forward += copies
    return Step(output: plain.seen(as: .rows(batch, x.extents[1]))) { gradient in
      gradient.tensor.seen(as: images)
    }
  }

  /// The sum's gradient goes both ways; what comes back is added up.
  private func residual(_ body: [Layer], _ shortcut: [Layer], _ x: Tensor) -> Step {
    let long = append(body, to: x, needsInputGradient: true)
    let short = append(shortcut, to: x, needsInputGradient: true)
    forward += Operation.add(short.output, to: long.output, rectifying: true)
    return Step(output: long.output) { [self] gradient in
      let sum = rectifierBack(long.output, gradient)
      let result = long.back(Gradient(tensor: sum, isShared: true))!
      let other = short.back(Gradient(tensor: sum, isShared: false))!
      backward += Operation.add(other, to: result)
      return result
    }
  }
}
