/// What a parameter is, which decides how much weight decay it gets.
public enum ParameterGroup: String, CaseIterable, Sendable {
  /// Matrices of linear layers, the classifier's too.
  case weights
  /// Biases of linear layers.
  case biases
  /// Scales and shifts of batch normalisation.
  case normalization
  /// Free features, one row a training sample.
  case features
}

/// A tensor that is trained, its gradient, and the velocity that momentum gives it.
struct Parameter {
  let name: String
  let shape: [Int]
  let value: Tensor
  let gradient: Tensor
  let velocity: Tensor
}

/// All parameters of a perceptron, value by value in one storage, group after group.
///
/// Values, gradients and velocities are laid out alike, so that a group is one range of each and is
/// updated by one operation, whatever layers it belongs to. Padding between parameters stays zero.
final class NetworkParameters {
  /// The parameters of one linear layer and, if it is hidden, of its normalisation.
  struct Layer {
    let inputs: Int
    let outputs: Int
    /// Whether normalisation, if any, and ReLU follow.
    let isHidden: Bool
    let weight: Parameter
    var bias: Parameter?
    var normalization: (scale: Parameter, shift: Parameter)?
    /// Statistics for evaluation; not trained.
    var running: (mean: Tensor, variance: Tensor)?
  }

  let layers: [Layer]
  let groups: [(group: ParameterGroup, range: Range<Int>)]
  let values: FloatStorage
  let gradients: FloatStorage
  let velocities: FloatStorage

  /// Zeros everywhere, in the layouts that suit training with batches of `batch` samples.
  init(_ architecture: NetworkArchitecture, batch: Int) {
    let shapes = architecture.linearShapes
    let isNormalized = architecture.normalization == .batch
    let vectors = shapes.dropLast().map { TensorLayout.vector($0.outputs) }
    var plan = StoragePlan()
    let weights = plan.add(
      .weights,
      shapes.map {
        InnerProduct(batch: batch, inputs: $0.inputs, outputs: $0.outputs, bias: false).weightLayout
      })
    let biases = plan.add(.biases, isNormalized ? [] : vectors)
    let scales = plan.add(.normalization, isNormalized ? vectors : [])
    let shifts = plan.add(.normalization, isNormalized ? vectors : [])

    let (values, gradients) = (FloatStorage(count: plan.count), FloatStorage(count: plan.count))
    let velocities = FloatStorage(count: plan.count)
    func parameter(_ name: String, _ shape: [Int], _ slot: StoragePlan.Slot) -> Parameter {
      Parameter(
        name: name, shape: shape, value: Tensor(slot.layout, in: values, at: slot.offset),
        gradient: Tensor(slot.layout, in: gradients, at: slot.offset),
        velocity: Tensor(slot.layout, in: velocities, at: slot.offset))
    }
    layers = shapes.indices.map { l in
      let (inputs, outputs) = shapes[l]
      guard l < vectors.count else {
        let weight = parameter("classifier.weight", [outputs, inputs], weights[l])
        return Layer(inputs: inputs, outputs: outputs, isHidden: false, weight: weight)
      }
      let name = "hidden.\(l)"
      var layer = Layer(
        inputs: inputs, outputs: outputs, isHidden: true,
        weight: parameter("\(name).linear.weight", [outputs, inputs], weights[l]))
      if isNormalized {
        layer.normalization = (
          parameter("\(name).norm.weight", [outputs], scales[l]),
          parameter("\(name).norm.bias", [outputs], shifts[l])
        )
        layer.running = (Tensor(.vector(outputs)), Tensor(.vector(outputs)))
      } else {
        layer.bias = parameter("\(name).linear.bias", [outputs], biases[l])
      }
      return layer
    }
    (self.values, self.gradients, self.velocities) = (values, gradients, velocities)
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
  }

  /// Every parameter that descent moves.
  var trained: [Parameter] {
    layers.flatMap { layer in
      [layer.weight, layer.bias, layer.normalization?.scale, layer.normalization?.shift]
        .compactMap { $0 }
    }
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
    if let last = groups.last, last.group == group {
      groups[groups.count - 1].range = last.range.lowerBound..<count
    } else if count > start {
      groups.append((group, start..<count))
    }
    return slots
  }
}
