/// Class means and within-class scatter of features, from two passes over them.
public struct ClassStatistics: Sendable {
  /// The class of each sample.
  public let labels: Labels
  /// `μ_k`, `K × d`.
  public let means: Matrix
  /// `M`, `K × d`: class means minus their unweighted mean `μ_G`.
  public let centredMeans: Matrix
  /// `h_i - μ_{y_i}`, `N × d`.
  public let residuals: Matrix
  /// `v_k`, the mean squared distance of class `k`'s samples from their mean.
  public let variances: [Double]

  /// Statistics of features, `N × d`.
  public init(features: Matrix, labels: Labels) {
    precondition(features.rows == labels.count, "\(features.rows) rows, \(labels.count) labels")
    let (classes, d) = (labels.classes, features.columns)
    var means = Matrix(rows: classes, columns: d)
    for i in 0..<labels.count {
      let k = labels[i] * d
      for j in 0..<d { means.elements[k + j] += features.elements[i * d + j] }
    }
    for k in 0..<classes {
      let n = Double(labels.sizes.counts[k])
      for j in 0..<d { means[k, j] /= n }
    }
    var residuals = features
    var variances = [Double](repeating: 0, count: classes)
    for i in 0..<labels.count {
      let k = labels[i]
      var sum = 0.0
      for j in 0..<d {
        let r = residuals.elements[i * d + j] - means.elements[k * d + j]
        residuals.elements[i * d + j] = r
        sum += r * r
      }
      variances[k] += sum / Double(labels.sizes.counts[k])
    }
    self.labels = labels
    self.means = means
    self.residuals = residuals
    self.variances = variances
    centredMeans = means.centred
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
