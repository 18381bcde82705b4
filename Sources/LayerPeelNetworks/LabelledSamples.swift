public import LayerPeel

/// What a network is trained on or judged by: float32 inputs, row by row, and their classes.
public struct LabelledSamples: Sendable {
  /// `N × width`, row after row.
  public let inputs: [Float]
  /// Numbers in one sample.
  public let width: Int
  /// `y_i`.
  public let labels: Labels

  /// Samples of given parts.
  ///
  /// - Throws: `ModelError.shapeMismatch` unless there are
  ///   `labels.count * width` inputs, `ModelError.notFinite`.
  public init(inputs: [Float], width: Int, labels: Labels) throws(ModelError) {
    let expected = labels.count.multipliedReportingOverflow(by: width)
    guard width >= 1, !expected.overflow, inputs.count == expected.partialValue else {
      throw .shapeMismatch(
        argument: "inputs", expected: "\(labels.count)×\(width) numbers",
        actual: "\(inputs.count)")
    }
    if let bad = inputs.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(argument: "inputs", row: bad / width, column: bad % width)
    }
    self.inputs = inputs
    self.width = width
    self.labels = labels
  }

  /// `N`.
  public var count: Int { labels.count }

  /// The same inputs with their labels dealt anew: every class keeps its size, nothing its meaning.
  public func shufflingLabels(
    using generator: inout some RandomNumberGenerator
  ) throws(ModelError) -> LabelledSamples {
    let shuffled = labels.values.map(Int.init).shuffled(using: &generator)
    return try LabelledSamples(inputs: inputs, width: width, labels: Labels(shuffled))
  }
}
