/// What a parameter is, which decides how much weight decay it gets.
public enum ParameterGroup: String, CaseIterable, Sendable {
  /// Matrices of linear layers, the classifier's too.
  case weights
  /// Biases of linear layers.
  case biases
  /// Scales and shifts of batch normalisation.
  case normalization
}

/// A tensor that is trained, and its gradient.
struct Parameter {
  let name: String
  let shape: [Int]
  let value: Tensor
  let gradient: Tensor
}

/// All parameters of a perceptron, value by value in one storage, group after group.
///
/// Values, gradients and velocities are laid out alike, so that a group is one range of each and is
/// updated by one operation, whatever layers it belongs to. Padding between parameters stays zero.
final class PerceptronParameters {
  /// The parameters of one linear layer and, if it is hidden, of its normalisation.
  struct Layer {
    let inputs: Int
    let outputs: Int
    let weight: Parameter
    let bias: Parameter?
    let normalization: (scale: Parameter, shift: Parameter)?
    /// Statistics for evaluation; not trained.
    let running: (mean: Tensor, variance: Tensor)?
  }

  let layers: [Layer]
  let groups: [(group: ParameterGroup, range: Range<Int>)]
  let values: FloatStorage
  let gradients: FloatStorage
  let velocities: FloatStorage

  /// Zeros everywhere, in the layouts that suit training with batches of `batch` samples.
  init(_ architecture: PerceptronArchitecture, batch: Int) {
    var plan = StoragePlan()
    let shapes = architecture.linearShapes
    let normalized = architecture.normalization == .batch
    let weightLayouts = shapes.map {
      InnerProduct(batch: batch, inputs: $0.inputs, outputs: $0.outputs, bias: false).weightLayout
    }
    let weights = plan.add(.weights, weightLayouts)
    let vectors = shapes.dropLast().map { TensorLayout.vector($0.outputs) }
    let biases = plan.add(.biases, normalized ? [] : vectors)
    let scales = plan.add(.normalization, normalized ? vectors + vectors : [])

    let values = FloatStorage(count: plan.count)
    let gradients = FloatStorage(count: plan.count)
    func parameter(_ name: String, _ shape: [Int], _ slot: StoragePlan.Slot) -> Parameter {
      Parameter(
        name: name, shape: shape, value: Tensor(slot.layout, in: values, at: slot.offset),
        gradient: Tensor(slot.layout, in: gradients, at: slot.offset))
    }
    let hiddenCount = vectors.count
    layers = shapes.indices.map { l in
      let (inputs, outputs) = shapes[l]
      let isHidden = l < hiddenCount
      let name = isHidden ? "hidden.\(l)" : "classifier"
      let norm = "\(name).norm"
      let hasNorm = isHidden && normalized
      return Layer(
        inputs: inputs, outputs: outputs,
        weight: parameter(
          isHidden ? "\(name).linear.weight" : "\(name).weight", [outputs, inputs], weights[l]),
        bias: isHidden && !normalized
          ? parameter("\(name).linear.bias", [outputs], biases[l]) : nil,
        normalization: hasNorm
          ? (
            parameter("\(norm).weight", [outputs], scales[l]),
            parameter("\(norm).bias", [outputs], scales[hiddenCount + l])
          ) : nil,
        running: hasNorm ? (Tensor(.vector(outputs)), Tensor(.vector(outputs))) : nil)
    }
    self.values = values
    self.gradients = gradients
    velocities = FloatStorage(count: plan.count)
    groups = plan.groups
  }

  /// Draws PyTorch's default start: weights and biases uniform within `±1/√inputs`, layer by layer
  /// in the order of a plain matrix; scale 1, shift 0, running mean 0 and variance 1.
  func initialize(using generator: inout some RandomNumberGenerator) {
    for layer in layers {
      let bound = 1 / Float(layer.inputs).squareRoot()
      for parameter in [layer.weight] + (layer.bias.map { [$0] } ?? []) {
        let count = parameter.shape.reduce(1, *)
        parameter.plainValue = (0..<count).map { _ in bound * unitUniform(&generator) }
      }
      layer.normalization?.scale.value.fill(1)
      layer.normalization?.shift.value.fill(0)
      layer.running?.mean.fill(0)
      layer.running?.variance.fill(1)
    }
    let velocity = Tensor(.vector(velocities.count), in: velocities)
    velocity.fill(0)
  }

  /// Every tensor that a saved network needs, by name, in order.
  var named: [(name: String, shape: [Int], tensor: Tensor)] {
    layers.flatMap { layer -> [(String, [Int], Tensor)] in
      var all = [layer.weight]
      if let bias = layer.bias { all.append(bias) }
      if let (scale, shift) = layer.normalization { all += [scale, shift] }
      let trained = all.map { ($0.name, $0.shape, $0.value) }
      guard let running = layer.running, let scale = layer.normalization?.scale else {
        return trained
      }
      let prefix = scale.name.dropLast("weight".count)
      return trained + [
        ("\(prefix)running_mean", [layer.outputs], running.mean),
        ("\(prefix)running_var", [layer.outputs], running.variance),
      ]
    }
  }
}

extension Parameter {
  /// The value as a plain array, row by row.
  var plainValue: [Float] {
    get { plainElements(of: value, shape: shape) }
    nonmutating set { setPlainElements(newValue, of: value, shape: shape) }
  }
}

/// The entries of a vector or matrix in any layout, row by row.
func plainElements(of tensor: Tensor, shape: [Int]) -> [Float] {
  let plain = Tensor(plainLayout(shape))
  Operation.copy(tensor, to: plain).run()
  return plain.elements
}

/// Sets a vector or matrix in any layout from its entries row by row.
func setPlainElements(_ elements: [Float], of tensor: Tensor, shape: [Int]) {
  let plain = Tensor(plainLayout(shape))
  plain.elements = elements
  Operation.copy(plain, to: tensor).run()
}

private func plainLayout(_ shape: [Int]) -> TensorLayout {
  shape.count == 1 ? .vector(shape[0]) : .rows(shape[0], shape[1])
}

/// Uniform in `[-1, 1)`, a multiple of `2^-23`.
private func unitUniform(_ generator: inout some RandomNumberGenerator) -> Float {
  Float(generator.next() >> 40) * 0x1p-23 - 1
}

/// Where each parameter lies; every one begins on a cache line.
private struct StoragePlan {
  struct Slot {
    let layout: TensorLayout
    let offset: Int
  }

  private(set) var groups: [(group: ParameterGroup, range: Range<Int>)] = []
  private(set) var count = 0

  mutating func add(_ group: ParameterGroup, _ layouts: [TensorLayout]) -> [Slot] {
    let start = count
    let slots = layouts.map { layout in
      let slot = Slot(layout: layout, offset: count)
      count += (layout.count + 15) / 16 * 16
      return slot
    }
    if count > start { groups.append((group, start..<count)) }
    return slots
  }
}
