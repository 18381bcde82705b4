/// Class means and within-class scatter of features, from two passes over them.
public struct ClassStatistics: Sendable {
  /// The class of each sample.
  public let labels: Labels
  /// `μ_k`, `K × d`.
  public let means: Matrix
  /// `M`, `K × d`: class means minus their unweighted mean `μ_G`.
  public let centredMeans: Matrix
  /// `v_k`, the mean squared distance of class `k`'s samples from their mean.
  public let variances: [Double]
  /// `Σ_i ‖h_i - μ_{y_i}‖²`, `N tr Σ_W`.
  package let withinSquares: Double
  /// `Σ_i ‖h_i - μ_{y_i}‖`.
  package let withinDistance: Double
  /// `Σ_i ‖h_i - μ_G‖`.
  package let totalDistance: Double
  /// Singular values of `M` that count, in falling order.
  package let singularValues: [Double]
  /// `Σ_i ⟨h_i - μ_{y_i}, v_k⟩²` along the right singular vector of each of those.
  package let spanSquares: [Double]
  /// The class whose mean is nearest to each sample.
  package let nearest: [Int32]
}

extension ClassStatistics {
  /// Statistics of features, `N × d`.
  public init(features: Matrix, labels: Labels) {
    self.init(FeaturesInMemory(features), labels: labels)
  }

  /// Statistics of features that are read block by block.
  package init(_ features: some FeatureBlocks, labels: Labels) {
    precondition(features.count == labels.count, "\(features.count) rows, \(labels.count) labels")
    var sums = ClassSums(labels: labels, dimension: features.dimension)
    var buffer: [Double] = []
    for range in features.blocks {
      features.withRows(range, using: &buffer) { sums.add($0, range) }
    }
    var scatter = ClassScatter(labels: labels, means: sums.means)
    for range in features.blocks {
      features.withRows(range, using: &buffer) { scatter.add($0, range) }
    }
    self = scatter.statistics
  }
}

extension Matrix {
  /// Rows minus their mean.
  package var centred: Matrix {
    let mean = columnSums.map { $0 / Double(rows) }
    return Matrix(rows: rows, columns: columns) { self[$0, $1] - mean[$1] }
  }

  /// The Euclidean norm of each row.
  package var rowNorms: [Double] {
    (0..<rows).map { i in row(i).reduce(0) { $0 + $1 * $1 }.squareRoot() }
  }
}
