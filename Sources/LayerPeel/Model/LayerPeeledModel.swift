/// Cross-entropy of free features under a linear classifier, with nothing else in it.
///
///     L(W, H) = Σ_i log(1 + Σ_{j≠y_i} exp(-m_ij)),    m_ij = (w_{y_i} - w_j)·h_i
///
/// The *sum* over samples, in nats, so that `L < log 2` means that every sample is on its side;
/// the mean is `L / N`. No bias, constraint or regulariser.
///
/// > Source: Ji et al., ICLR 2022, [arXiv:2110.02796](https://arxiv.org/abs/2110.02796).
public struct LayerPeeledModel: Hashable, Sendable {
  /// The class of each sample.
  public let labels: Labels
  /// `d`.
  public let dimension: Int

  /// A model of given labels and dimension.
  public init(labels: Labels, dimension: Int) throws(ModelError) {
    guard dimension >= 1 else { throw .dimensionTooSmall(dimension) }
    let rows = labels.count + labels.classes
    let unknowns = rows.multipliedReportingOverflow(by: dimension)
    guard !unknowns.overflow, dimension <= Int32.max, unknowns.partialValue < Int.max / 1024 else {
      throw .tooLarge(needed: 8 * Double(rows) * Double(dimension), available: .infinity)
    }
    self.labels = labels
    self.dimension = dimension
  }

  /// A model whose samples stand class after class.
  public init(sizes: ClassSizes, dimension: Int) throws(ModelError) {
    try self.init(labels: Labels(sorted: sizes), dimension: dimension)
  }

  /// How many samples each class has.
  public var sizes: ClassSizes { labels.sizes }
  /// Number of entries of `W` and `H` together.
  public var unknowns: Int { (labels.classes + labels.count) * dimension }

  /// Whether a point has the shapes of this model, only finite entries, and a finite `ρ²`.
  public func validate(_ point: Point) throws(ModelError) {
    try validate(point.classifier, rows: labels.classes, argument: "W")
    try validate(point.features, rows: labels.count, argument: "H")
    let norm = point.norm
    let isOrigin = {
      [point.classifier, point.features].allSatisfy { $0.elements.allSatisfy { $0 == 0 } }
    }
    guard (1e-150...1e70).contains(norm) || isOrigin() else {
      throw .badSetting(
        argument: "W and H",
        value: norm.isFinite && norm > 0 ? "\(norm)" : "one whose square no double holds",
        expected: "a norm between 1e-150 and 1e70, so that doubles hold what is made of it")
    }
  }

  private func validate(_ matrix: Matrix, rows: Int, argument: String) throws(ModelError) {
    guard matrix.rows == rows, matrix.columns == dimension else {
      throw .shapeMismatch(
        argument: argument, expected: "a \(rows)×\(dimension) matrix",
        actual: "\(matrix.rows)×\(matrix.columns)")
    }
    if let i = matrix.elements.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(argument: argument, row: i / dimension, column: i % dimension)
    }
  }
}
