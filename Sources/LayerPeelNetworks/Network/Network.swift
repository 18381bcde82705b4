public import LayerPeel

/// A network in float32 that learns by gradient descent with momentum.
///
/// The one owner of its parameters and of everything planned for them: one set of operations for
/// each batch size that it meets, in memory that they share. It computes on all threads that oneDNN
/// takes, in an order that depends on their number alone, so on one machine equal arguments give
/// bitwise equal results.
///
/// *Start:* PyTorch's default for each layer, uniform within `±1/√inputs` for weights and biases; a
/// convolution has as many inputs as its kernel has entries. (Torchvision starts its ResNet-18 from
/// normal numbers instead.)
/// *Batch normalisation:* `ε = 1e-5`, momentum 0.1, biased variance in training and unbiased in the
/// running statistics, which start at mean 0 and variance 1.
public final class Network: Learner {
  /// How it learns, apart from the rate, which comes with every step.
  public struct Descent: Hashable, Sendable {
    /// `μ`.
    public var momentum = 0.9
    /// `λ` of each group; a group that is not named has none.
    public var weightDecay: [ParameterGroup: Double] = [:]

    /// Momentum 0.9 and no weight decay.
    public init() {}
  }

  /// `ε` of batch normalisation.
  static let epsilon: Float = 1e-5
  /// Share of the newest batch in the running statistics.
  static let statisticsMomentum: Float = 0.1
  /// Its shape.
  public let architecture: NetworkArchitecture
  private let parameters: NetworkParameters
  private var descent: MomentumDescent
  private let arena = Arena()
  private let batchSize: Int
  private var passes: [Int: TrainingPass] = [:]
  private lazy var evaluation = EvaluationPass(parameters, batch: batchSize, in: arena)

  /// A fresh network, laid out for training with batches of `batchSize` samples, which is also how
  /// many it evaluates together.
  ///
  /// - Precondition: Not `linear-features`, which has no layers.
  public init(
    _ architecture: NetworkArchitecture, batchSize: Int = 128, descent: Descent = Descent(),
    using generator: inout some RandomNumberGenerator
  ) {
    precondition(batchSize >= 1, "a batch of \(batchSize)")
    precondition(architecture.model != .linearFeatures, "free features are no network")
    (self.architecture, self.batchSize) = (architecture, batchSize)
    parameters = NetworkParameters(architecture, batch: batchSize)
    self.descent = MomentumDescent(
      momentum: Float(descent.momentum), decay: descent.weightDecay)
    parameters.initialize(using: &generator)
  }

  /// What was done to each group of parameters so far.
  public var executed: [ExecutedGroup] { descent.executed }

  /// One step of descent on a batch of samples, as they are.
  public func step(
    on samples: LabelledSamples, rows: some Collection<Int>, rate: Double
  ) throws(ModelError) -> Double {
    var unused = SplitMix64(seed: 0)
    return try step(
      on: samples, rows: Array(rows)[...], rate: rate, augmentation: .none, using: &unused)
  }

  /// One step of descent on a batch of samples.
  public func step(
    on samples: LabelledSamples, rows: ArraySlice<Int>, rate: Double, augmentation: Augmentation,
    using generator: inout SplitMix64
  ) throws(ModelError) -> Double {
    let loss = try gradients(
      on: samples, rows: rows, augmentation: augmentation, using: &generator)
    descent.step(parameters, rate: Float(rate))
    return loss
  }

  /// Fills the gradient of every parameter for a batch of samples; returns its mean loss, in nats.
  package func gradients(
    on samples: LabelledSamples, rows: ArraySlice<Int>, augmentation: Augmentation = .none,
    using generator: inout SplitMix64
  ) throws(ModelError) -> Double {
    try validate(samples)
    let pass = try pass(for: rows.count)
    pass.input.withMutableElements { input in
      for (i, row) in rows.enumerated() {
        let draw = augmentation.draw(using: &generator)
        samples.copy(row, changedBy: draw, to: &input, at: i * architecture.inputs)
      }
    }
    return pass.gradients(labels: rows.map { samples.labels.values[$0] })
  }

  /// Features and logits of samples in evaluation mode, batch after batch in their order.
  ///
  /// - Parameters:
  ///   - samples: What is evaluated.
  ///   - body: Receives the number of the batch's first sample, `features` (`n × d`) and `logits`
  ///     (`n × K`), both row by row; returns whether to go on.
  public func evaluate(
    _ samples: LabelledSamples,
    _ body: (_ first: Int, _ features: Span<Float>, _ logits: Span<Float>) -> Bool
  ) throws(ModelError) {
    try validate(samples)
    for first in stride(from: 0, to: samples.count, by: evaluation.batch) {
      let count = min(evaluation.batch, samples.count - first)
      evaluation.input.withMutableElements { input in
        for i in 0..<count { samples.copy(first + i, to: &input, at: i * architecture.inputs) }
      }
      evaluation.run()  // Rows past `count` hold older samples, whose results nobody reads.
      let goesOn = evaluation.features.withElements { features in
        evaluation.logits.withElements { logits in
          body(
            first, features.extracting(first: count * architecture.dimension),
            logits.extracting(first: count * architecture.classes))
        }
      }
      if !goesOn { return }
    }
  }

  private func pass(for batch: Int) throws(ModelError) -> TrainingPass {
    if let pass = passes[batch] { return pass }
    let least = architecture.normalization == .batch ? 2 : 1
    guard batch >= least else {
      throw .badSetting(
        argument: "batch", value: "\(batch)",
        expected: "at least \(least) samples in every batch, the last of an epoch too")
    }
    let pass = TrainingPass(parameters, batch: batch, in: arena)
    passes[batch] = pass
    return pass
  }

  func validate(_ samples: LabelledSamples) throws(ModelError) {
    guard architecture.takes(samples.shape) else {
      throw .shapeMismatch(
        argument: "inputs", expected: "samples of \(architecture.input)",
        actual: "\(samples.shape)")
    }
    guard samples.labels.classes <= architecture.classes else {
      throw .badSetting(
        argument: "labels", value: "\(samples.labels.classes) classes",
        expected: "at most the network's \(architecture.classes)")
    }
  }
}

extension Network {
  /// The names of everything that defines the network, as in PyTorch and torchvision:
  /// `hidden.0.linear.weight`, `layer1.0.bn1.running_mean`, `classifier.weight`.
  public var parameterNames: [String] { parameters.named.map { $0.name } }

  /// A parameter row by row: matrices of linear layers are `outputs × inputs`, kernels of
  /// convolutions `outputs × inputs × rows × columns`.
  public func parameter(named name: String) throws(ModelError) -> [Float] {
    plainElements(of: try tensor(name))
  }

  /// Replaces a parameter, given row by row.
  public func setParameter(named name: String, to elements: [Float]) throws(ModelError) {
    try replace(try tensor(name), with: elements, name)
  }

  /// The extents of a parameter, as in PyTorch.
  public func shape(ofParameterNamed name: String) throws(ModelError) -> [Int] {
    try tensor(name).extents
  }

  /// The names of the parameters that descent moves.
  public var trainedNames: [String] { parameters.trained.map { $0.name } }

  /// The gradient that ``gradients(on:rows:augmentation:using:)`` left, laid out like the parameter.
  package func gradient(named name: String) throws(ModelError) -> [Float] {
    plainElements(of: try trained(name).gradient)
  }

  /// The velocity that momentum gave to a parameter, laid out like it.
  public func velocity(named name: String) throws(ModelError) -> [Float] {
    plainElements(of: try trained(name).velocity)
  }

  /// Replaces a velocity, given row by row.
  public func setVelocity(named name: String, to elements: [Float]) throws(ModelError) {
    try replace(try trained(name).velocity, with: elements, "velocity of \(name)")
  }

  private func replace(
    _ tensor: Tensor, with elements: [Float], _ argument: String
  ) throws(ModelError) {
    let extents = tensor.extents
    guard elements.count == extents.reduce(1, *) else {
      throw .shapeMismatch(
        argument: argument, expected: extents.map { "\($0)" }.joined(separator: "×"),
        actual: "\(elements.count) numbers")
    }
    setPlainElements(elements, of: tensor)
  }

  private func trained(_ name: String) throws(ModelError) -> Parameter {
    for parameter in parameters.trained where parameter.name == name { return parameter }
    throw .badSetting(
      argument: "parameter", value: name,
      expected: "one of \(trainedNames.joined(separator: ", "))")
  }

  private func tensor(_ name: String) throws(ModelError) -> Tensor {
    for entry in parameters.named where entry.name == name { return entry.tensor }
    throw .badSetting(
      argument: "parameter", value: name,
      expected: "one of \(parameterNames.joined(separator: ", "))")
  }
}
