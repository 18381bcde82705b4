public import LayerPeel

/// A multilayer perceptron in float32 that learns by gradient descent with momentum.
///
/// The one owner of its parameters and of everything planned for them: one set of buffers and
/// operations for each batch size that it meets, allocated once. It computes on all threads that
/// oneDNN takes, in an order that depends on their number alone, so on one machine equal arguments
/// give bitwise equal results.
///
/// *Start:* PyTorch's default, uniform within `±1/√inputs` for weights and biases.
/// *Batch normalisation:* `ε = 1e-5`, momentum 0.1, biased variance in training and unbiased in the
/// running statistics, which start at mean 0 and variance 1.
public final class Perceptron {
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
  /// Samples that are evaluated together.
  private static let evaluationBatch = 256

  /// Its shape.
  public let architecture: PerceptronArchitecture
  private let parameters: PerceptronParameters
  private var descent: MomentumDescent
  private var passes: [Int: TrainingPass] = [:]
  private lazy var evaluation = EvaluationPass(parameters, batch: Self.evaluationBatch)

  /// A fresh perceptron, laid out for training with batches of `batchSize` samples.
  public init(
    _ architecture: PerceptronArchitecture, batchSize: Int = 128, descent: Descent = Descent(),
    using generator: inout some RandomNumberGenerator
  ) {
    precondition(batchSize >= 1, "a batch of \(batchSize)")
    self.architecture = architecture
    parameters = PerceptronParameters(architecture, batch: batchSize)
    self.descent = MomentumDescent(
      momentum: Float(descent.momentum), decay: descent.weightDecay.mapValues { Float($0) })
    parameters.initialize(using: &generator)
  }

  /// What was done to each group of parameters so far.
  public var executed: [ExecutedGroup] { descent.executed }

  /// One step on a batch of samples.
  ///
  /// - Parameters:
  ///   - samples: Where the batch comes from.
  ///   - rows: Which samples, in order.
  ///   - rate: `η`.
  /// - Returns: The mean loss of the batch before the step, in nats.
  /// - Throws: `ModelError` for samples of another width, labels beyond the classes, no rows, or a
  ///   single row with batch normalisation, whose variance would be 0.
  public func step(
    on samples: LabelledSamples, rows: some Collection<Int>, rate: Double
  ) throws(ModelError) -> Double {
    try validate(samples)
    let pass = try pass(for: rows.count)
    for (i, row) in rows.enumerated() {
      pass.input.setRow(i, toRow: row, of: samples.inputs, length: architecture.inputs)
    }
    let loss = pass.gradients(labels: rows.map { samples.labels.values[$0] })
    descent.step(parameters, rate: Float(rate))
    return loss
  }

  /// Features and logits of every sample in evaluation mode, batch after batch in their order.
  ///
  /// - Parameters:
  ///   - inputs: `N × inputs`, row by row.
  ///   - body: Receives the number of the batch's first sample, `features` (`n × d`) and `logits`
  ///     (`n × K`), both row by row.
  public func evaluate(
    _ inputs: [Float],
    body: (_ first: Int, _ features: Span<Float>, _ logits: Span<Float>) -> Void
  ) throws(ModelError) {
    guard inputs.count % architecture.inputs == 0 else {
      throw .shapeMismatch(
        argument: "inputs", expected: "rows of \(architecture.inputs)", actual: "\(inputs.count)")
    }
    let samples = inputs.count / architecture.inputs
    for first in stride(from: 0, to: samples, by: evaluation.batch) {
      let count = min(evaluation.batch, samples - first)
      for i in 0..<count {
        evaluation.input.setRow(i, toRow: first + i, of: inputs, length: architecture.inputs)
      }
      evaluation.run()  // Rows past `count` hold older samples, whose results nobody reads.
      evaluation.features.withElements { features in
        evaluation.logits.withElements { logits in
          body(
            first, features.extracting(first: count * architecture.dimension),
            logits.extracting(first: count * architecture.classes))
        }
      }
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
    let pass = TrainingPass(parameters, batch: batch)
    passes[batch] = pass
    return pass
  }

  func validate(_ samples: LabelledSamples) throws(ModelError) {
    guard samples.width == architecture.inputs else {
      throw .shapeMismatch(
        argument: "inputs", expected: "samples of \(architecture.inputs) numbers",
        actual: "\(samples.width)")
    }
    guard samples.labels.classes <= architecture.classes else {
      throw .badSetting(
        argument: "labels", value: "\(samples.labels.classes) classes",
        expected: "at most the network's \(architecture.classes)")
    }
  }
}

extension Perceptron {
  /// The names of everything that defines the network, as in PyTorch: `hidden.0.linear.weight`,
  /// `hidden.0.norm.running_mean`, `classifier.weight`.
  public var parameterNames: [String] { parameters.named.map { $0.name } }

  /// A parameter row by row: matrices of linear layers are `outputs × inputs`.
  public func parameter(named name: String) throws(ModelError) -> [Float] {
    let entry = try entry(name)
    return plainElements(of: entry.tensor, shape: entry.shape)
  }

  /// Replaces a parameter, given row by row.
  public func setParameter(named name: String, to elements: [Float]) throws(ModelError) {
    let entry = try entry(name)
    guard elements.count == entry.shape.reduce(1, *) else {
      throw .shapeMismatch(
        argument: name, expected: entry.shape.map { "\($0)" }.joined(separator: "×"),
        actual: "\(elements.count) numbers")
    }
    setPlainElements(elements, of: entry.tensor, shape: entry.shape)
  }

  /// `W`, `K × d`, row by row.
  var classifierElements: [Float] {
    parameters.layers[parameters.layers.count - 1].weight.plainValue
  }

  private func entry(
    _ name: String
  ) throws(ModelError) -> (name: String, shape: [Int], tensor: Tensor) {
    for entry in parameters.named where entry.name == name { return entry }
    throw .badSetting(
      argument: "parameter", value: name,
      expected: "one of \(parameters.named.map { $0.name }.joined(separator: ", "))")
  }
}
