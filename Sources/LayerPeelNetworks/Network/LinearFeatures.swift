internal import CKernels
internal import Glibc
public import LayerPeel

/// The layer-peeled model itself as a learner in float32: one free feature vector for each training
/// sample, and a linear classifier.
///
/// The control of every comparison with it: gradient descent on `W` and `H` with the mean loss of a
/// batch. As with dense gradients in PyTorch, a step moves every row of `H` that has momentum or
/// weight decay, those outside the batch too. There are no features for other samples.
///
/// *Start:* independent Gaussian entries of variance `1/d`, `W` first; a bias starts at 0.
/// *Arithmetic:* a step's gradient is formed in double and rounded once.
/// *Memory:* three numbers of four bytes for each entry of `H`.
public final class LinearFeatures: Learner {
  /// Its shape.
  public let architecture: NetworkArchitecture
  /// What was done to each group of parameters so far.
  public private(set) var executed: [ExecutedGroup] = []
  private let labels: Labels
  private let descent: Network.Descent
  private var parameters: [FreeParameter]

  /// Features for `labels.count` samples.
  ///
  /// - Parameters:
  ///   - architecture: That of `linear-features`.
  ///   - labels: `y_i`, of the only samples that it can be trained on and judged by.
  ///   - descent: How it learns.
  ///   - generator: What the start is drawn from.
  /// - Throws: `ModelError` for labels of other classes, or too many features to count.
  public init(
    _ architecture: NetworkArchitecture, labels: Labels,
    descent: Network.Descent = Network.Descent(), using generator: inout some RandomNumberGenerator
  ) throws(ModelError) {
    precondition(architecture.model == .linearFeatures, "another model's architecture")
    guard labels.classes == architecture.classes else {
      throw .badSetting(
        argument: "classes", value: "\(architecture.classes)",
        expected: "the \(labels.classes) classes of the labels")
    }
    let (classes, d) = (architecture.classes, architecture.dimension)
    _ = try LayerPeeledModel(labels: labels, dimension: d)
    (self.architecture, self.labels, self.descent) = (architecture, labels, descent)
    let deviation = 1 / Double(d).squareRoot()
    let classifier = gaussian(classes * d, deviation, &generator)
    parameters = [
      FreeParameter(
        "features.weight", .features, [labels.count, d],
        gaussian(labels.count * d, deviation, &generator)),
      FreeParameter("classifier.weight", .weights, [classes, d], classifier),
    ]
    if architecture.hasClassifierBias {
      parameters.append(
        FreeParameter(
          "classifier.bias", .biases, [classes], Array(repeating: 0, count: classes)))
    }
  }

  /// One step of descent on a batch of samples; nothing is augmented, as nothing is seen.
  public func step(
    on samples: LabelledSamples, rows: ArraySlice<Int>, rate: Double, augmentation: Augmentation,
    using generator: inout SplitMix64
  ) throws(ModelError) -> Double {
    let loss = try gradients(on: samples, rows: rows)
    if executed.isEmpty { executed = parameters.map { ExecutedGroup(group: $0.group) } }
    for p in parameters.indices {
      let decay = descent.weightDecay[parameters[p].group] ?? 0
      parameters[p].descend(
        momentum: Float(descent.momentum), rate: Float(rate), decay: Float(decay))
      executed[p].steps += 1
      executed[p].weightDecay = max(executed[p].weightDecay, decay)
    }
    for row in rows {
      for j in row * architecture.dimension..<(row + 1) * architecture.dimension {
        parameters[0].gradients[j] = 0
      }
    }
    return loss
  }

  /// Fills the gradients, those of features outside the batch staying 0; returns the mean loss.
  private func gradients(
    on samples: LabelledSamples, rows: ArraySlice<Int>
  ) throws(ModelError) -> Double {
    try validate(samples)
    guard !rows.isEmpty else {
      throw .badSetting(argument: "batch", value: "0", expected: "at least one sample")
    }
    let (d, classifier) = (architecture.dimension, classifier)
    var features = Matrix(rows: rows.count, columns: d)
    for (i, row) in rows.enumerated() {
      for j in 0..<d { features[i, j] = Double(parameters[0].values[row * d + j]) }
    }
    let (logLoss, _, ratios) = CrossEntropy.ratios(
      logits: logits(classifier, features), labels: rows.map { labels.values[$0] })
    let loss = exp(logLoss) / Double(rows.count)
    let slopes = ratios.transposed * classifier
    for (i, row) in rows.enumerated() {
      for j in 0..<d { parameters[0].gradients[row * d + j] += Float(loss * slopes[i, j]) }
    }
    parameters[1].gradients = (ratios * features).elements.map { Float(loss * $0) }
    if architecture.hasClassifierBias {
      parameters[2].gradients = (0..<ratios.rows).map {
        Float(loss * ratios.row($0).reduce(0, +))
      }
    }
    return loss
  }

  /// Features and logits of its own samples, batch after batch in their order.
  ///
  /// - Throws: `ModelError` for any others.
  public func evaluate(
    _ samples: LabelledSamples,
    _ body: (_ first: Int, _ features: Span<Float>, _ logits: Span<Float>) -> Bool
  ) throws(ModelError) {
    try validate(samples)
    let (d, classifier) = (architecture.dimension, classifier)
    let features = parameters[0].values
    for first in stride(from: 0, to: labels.count, by: 1024) {
      let range = first * d..<min(first + 1024, labels.count) * d
      let block = Matrix(
        rows: range.count / d, columns: d, elements: features[range].map(Double.init))
      let logits = logits(classifier, block)
      let byRow = (0..<block.rows).flatMap { i in
        (0..<logits.rows).map { Float(logits[$0, i]) }
      }
      if !body(first, features.span.extracting(range), byRow.span) { return }
    }
  }

  /// `W`, in double.
  private var classifier: Matrix {
    Matrix(
      rows: architecture.classes, columns: architecture.dimension,
      elements: parameters[1].values.map(Double.init))
  }

  /// `K × n`, the bias included.
  private func logits(_ classifier: Matrix, _ features: Matrix) -> Matrix {
    var logits = classifier * features.transposed
    guard architecture.hasClassifierBias else { return logits }
    for k in 0..<logits.rows {
      let bias = Double(parameters[2].values[k])
      for i in 0..<logits.columns { logits[k, i] += bias }
    }
    return logits
  }

  private func validate(_ samples: LabelledSamples) throws(ModelError) {
    guard samples.labels == labels else {
      throw .badSetting(
        argument: "samples", value: "other samples", expected: Self.absenceOfOthers)
    }
  }

  /// Why samples other than those of the training cannot be judged.
  static let absenceOfOthers = "the training samples, as free features belong to them alone"
}

extension LinearFeatures {
  /// `features.weight`, `classifier.weight` and, where there is one, `classifier.bias`.
  public var parameterNames: [String] { parameters.map { $0.name } }
  /// All of them.
  public var trainedNames: [String] { parameterNames }

  /// The extents of a parameter.
  public func shape(ofParameterNamed name: String) throws(ModelError) -> [Int] {
    parameters[try index(name)].shape
  }

  /// A parameter row by row.
  public func parameter(named name: String) throws(ModelError) -> [Float] {
    parameters[try index(name)].values
  }

  /// Replaces a parameter, given row by row.
  public func setParameter(named name: String, to elements: [Float]) throws(ModelError) {
    let i = try index(name, elements, of: name)
    parameters[i].values = elements
  }

  /// The velocity that momentum gave to a parameter, laid out like it.
  public func velocity(named name: String) throws(ModelError) -> [Float] {
    parameters[try index(name)].velocities
  }

  /// Replaces a velocity, given row by row.
  public func setVelocity(named name: String, to elements: [Float]) throws(ModelError) {
    let i = try index(name, elements, of: "velocity of \(name)")
    parameters[i].velocities = elements
  }

  private func index(_ name: String) throws(ModelError) -> Int {
    for i in parameters.indices where parameters[i].name == name { return i }
    throw .badSetting(
      argument: "parameter", value: name,
      expected: "one of \(parameterNames.joined(separator: ", "))")
  }

  private func index(
    _ name: String, _ elements: [Float], of argument: String
  ) throws(ModelError) -> Int {
    let i = try index(name)
    guard elements.count == parameters[i].values.count else {
      throw .shapeMismatch(
        argument: argument, expected: parameters[i].shape.map { "\($0)" }.joined(separator: "×"),
        actual: "\(elements.count) numbers")
    }
    return i
  }
}

/// A parameter with its gradient and its velocity.
private struct FreeParameter {
  let name: String
  let group: ParameterGroup
  let shape: [Int]
  var values: [Float]
  var gradients: [Float]
  var velocities: [Float]

  init(_ name: String, _ group: ParameterGroup, _ shape: [Int], _ values: [Float]) {
    (self.name, self.group, self.shape, self.values) = (name, group, shape, values)
    gradients = Array(repeating: 0, count: values.count)
    velocities = gradients
  }

  /// `v ← μ v + (g + λ w)`, `w ← w - η v`, on all rows.
  mutating func descend(momentum: Float, rate: Float, decay: Float) {
    layerpeel_momentum_step_threaded(
      values.count, &values, &velocities, gradients, momentum, rate, decay)
  }
}

/// Independent Gaussian numbers.
private func gaussian(
  _ count: Int, _ deviation: Double, _ generator: inout some RandomNumberGenerator
) -> [Float] {
  var numbers: [Float] = []
  numbers.reserveCapacity(count + 1)
  while numbers.count < count {
    let (a, b) = generator.gaussianPair()
    numbers.append(Float(deviation * a))
    numbers.append(Float(deviation * b))
  }
  if numbers.count > count { numbers.removeLast() }
  return numbers
}
