/// One training step's way through a network, for batches of one size, planned once.
///
/// Activations and gradients lie in an arena, parameters elsewhere: passes for several batch sizes
/// share both.
final class TrainingPass {
  let batch: Int
  /// `batch` samples one after another, to be filled before a step.
  let input: Tensor
  private let logits: Tensor
  private let logitGradient: Tensor
  private let tape: TrainingTape

  init(_ parameters: NetworkParameters, batch: Int, in arena: Arena) {
    input = .planned(parameters.layers[0].inputLayout(batch: batch))
    tape = TrainingTape(parameters, batch: batch)
    let steps = tape.append(parameters.layers, to: input, needsInputGradient: false)
    logits = steps.output
    logitGradient = .planned(logits.layout)
    _ = steps.back(TrainingTape.Gradient(tensor: logitGradient, isShared: false))
    arena.place(
      tape.forward + tape.backward, lasting: [input, logits, logitGradient])
    self.batch = batch
  }

  /// Fills every gradient for the batch in ``input``, and returns its mean loss.
  func gradients(labels: [Int32]) -> Double {
    precondition(labels.count == batch, "\(labels.count) labels for a batch of \(batch)")
    for operation in tape.forward { operation.run() }
    let loss = logits.withElements { logits in
      logitGradient.withMutableElements { gradient in
        softmaxCrossEntropy(
          logits: logits, labels: labels.span, scale: 1 / Double(batch), gradient: &gradient)
      }
    }
    for operation in tape.backward { operation.run() }
    for layer in tape.statistics { layer.update() }
    return loss / Double(batch)
  }
}

/// How a layer's statistics for evaluation follow those of its batches.
///
///     running ← 0.9 running + 0.1 batch
///
/// the variance with `n - 1` in its denominator, as in PyTorch; normalisation itself uses `n`, the
/// number of samples times that of pixels.
struct RunningStatistics {
  let mean: Tensor
  let variance: Tensor
  let running: NetworkParameters.Statistics
  let count: Int

  func update() {
    let unbiased = Float(count) / Float(count - 1)
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
