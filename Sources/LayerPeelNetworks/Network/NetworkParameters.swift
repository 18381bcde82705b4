/// What a parameter is, which decides how much weight decay it gets.
public enum ParameterGroup: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
  /// Matrices of linear layers, the classifier's too, and kernels of convolutions.
  case weights
  /// Biases of linear layers and convolutions.
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
  let start: ParameterDescription.Start
  let value: Tensor
  let gradient: Tensor
  let velocity: Tensor
}

/// All parameters of a network, value by value in one storage, group after group.
///
/// Values, gradients and velocities are laid out alike, so that a group is one range of each and is
/// updated by one operation, whatever layers it belongs to. Padding between parameters, and within
/// blocks that they do not fill, stays zero.
final class NetworkParameters {
  /// What evaluation normalises with; not trained.
  struct Statistics {
    let mean: Tensor
    let variance: Tensor
  }

  /// What the network consists of.
  let layers: [Layer]
  /// Every parameter that descent moves, in PyTorch's order.
  let trained: [Parameter]
  let groups: [(group: ParameterGroup, range: Range<Int>)]
  let values: FloatStorage
  let gradients: FloatStorage
  let velocities: FloatStorage
  private let byName: [String: Parameter]
  private let statistics: [String: Statistics]

  /// Zeros everywhere, in the layouts that suit training with batches of `batch` samples.
  init(_ architecture: NetworkArchitecture, batch: Int) {
    layers = architecture.layers
    var plan = StoragePlan()
    let parts = layers.flattened.flatMap { layer in
      zip(layer.parameters, layer.layouts(batch: batch)).map { ($0, $1) }
    }
    for group in ParameterGroup.allCases {
      for (part, layout) in parts where part.group == group { plan.add(part, layout) }
    }
    let (values, gradients) = (FloatStorage(count: plan.count), FloatStorage(count: plan.count))
    let velocities = FloatStorage(count: plan.count)
    trained = parts.map { part, layout in
      let offset = plan.offsets[part.name]!
      return Parameter(
        name: part.name, shape: layout.extents, start: part.start,
        value: Tensor(layout, in: values, at: offset),
        gradient: Tensor(layout, in: gradients, at: offset),
        velocity: Tensor(layout, in: velocities, at: offset))
    }
    byName = Dictionary(uniqueKeysWithValues: trained.map { ($0.name, $0) })
    var statistics: [String: Statistics] = [:]
    for case .normalization(let name, let channels, _) in layers.flattened {
      statistics[name] = Statistics(
        mean: Tensor(.vector(channels)), variance: Tensor(.vector(channels)))
    }
    self.statistics = statistics
    (self.values, self.gradients, self.velocities) = (values, gradients, velocities)
    groups = plan.groups
  }

  /// A parameter that a layer has.
  subscript(name: String) -> Parameter { byName[name]! }

  /// The statistics of a normalisation.
  func statistics(of name: String) -> Statistics { statistics[name]! }

  /// Draws the start that ``Layer/parameters`` describes, parameter by parameter, each in the order
  /// of its plain layout; running mean 0 and variance 1.
  func initialize(using generator: inout some RandomNumberGenerator) {
    for parameter in trained {
      switch parameter.start {
      case .constant(let number): parameter.value.fill(number)
      case .uniform(let bound):
        let count = parameter.shape.reduce(1, *)
        setPlainElements(
          (0..<count).map { _ in bound * unitUniform(&generator) }, of: parameter.value)
      }
    }
    for entry in statistics.values {
      entry.mean.fill(0)
      entry.variance.fill(1)
    }
  }

  /// Every tensor that a saved network needs, by name, in PyTorch's order.
  var named: [(name: String, tensor: Tensor)] {
    layers.flattened.flatMap { layer -> [(String, Tensor)] in
      let trained = layer.parameters.map { ($0.name, self[$0.name].value) }
      guard case .normalization(let name, _, _) = layer else { return trained }
      let running = statistics(of: name)
      return trained + [
        ("\(name).running_mean", running.mean), ("\(name).running_var", running.variance),
      ]
    }
  }
}

extension Layer {
  /// The layouts of its parameters in which training with batches of `batch` samples is fastest.
  fileprivate func layouts(batch: Int) -> [TensorLayout] {
    switch self {
    case .linear(_, let inputs, let outputs, let hasBias):
      let product = InnerProduct(batch: batch, inputs: inputs, outputs: outputs, bias: hasBias)
      return [product.weightLayout, .vector(outputs)]
    case .convolution(_, let shape, let hasBias):
      return [
        Convolution(shape, batch: batch, bias: hasBias).weightLayout, .vector(shape.outputs),
      ]
    case .normalization(_, let channels, _): return [.vector(channels), .vector(channels)]
    case .rectifier, .pooling, .flattening, .residual: return []
    }
  }
}

/// Uniform in `[-1, 1)`, a multiple of `2^-23`.
private func unitUniform(_ generator: inout some RandomNumberGenerator) -> Float {
  Float(generator.next() >> 40) * 0x1p-23 - 1
}

/// Where each parameter lies; every one begins on a cache line.
private struct StoragePlan {
  private(set) var groups: [(group: ParameterGroup, range: Range<Int>)] = []
  private(set) var offsets: [String: Int] = [:]
  private(set) var count = 0

  mutating func add(_ parameter: ParameterDescription, _ layout: TensorLayout) {
    offsets[parameter.name] = count
    let start = count
    count += (layout.count + 15) / 16 * 16
    if groups.last?.group == parameter.group {
      groups[groups.count - 1].range = groups[groups.count - 1].range.lowerBound..<count
    } else {
      groups.append((parameter.group, start..<count))
    }
  }
}
