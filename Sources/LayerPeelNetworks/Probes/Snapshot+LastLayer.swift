internal import LayerPeel

extension Snapshot {
  /// Most features of one class, and of all classes, that a snapshot keeps.
  private static let (perClass, inAll) = (20, 400)

  /// What a last layer looks like.
  ///
  /// - Parameters:
  ///   - layer: The last layer.
  ///   - statistics: Those of its features.
  ///   - epoch: After which epoch.
  ///   - previous: The directions of the snapshot before, if there was one.
  init(of layer: LastLayer, _ statistics: ClassStatistics, epoch: Int, after previous: Matrix?) {
    let directions = Self.directions(statistics, after: previous)
    let samples = Self.samples(layer.labels)
    let centre = statistics.means.columnSums.map { $0 / Double(statistics.means.rows) }
    var features = Matrix(rows: samples.count, columns: layer.classifier.columns)
    var buffer: [Double] = []
    for (row, i) in samples.enumerated() {
      layer.features.withRows(i..<i + 1, using: &buffer) { h in
        for j in 0..<features.columns { features[row, j] = h[j] - centre[j] }
      }
    }
    let means = statistics.centredMeans * directions.transposed
    let size = Matrix.dot(statistics.centredMeans, statistics.centredMeans)
    self.init(
      epoch: epoch, directions: directions, means: means,
      classifier: layer.classifier * directions.transposed,
      features: features * directions.transposed, labels: samples.map { layer.labels[$0] },
      share: size > 0 ? Matrix.dot(means, means) / size : 0)
  }

  /// The first samples of each class: the same ones in every snapshot of a run.
  private static func samples(_ labels: Labels) -> [Int] {
    let most = min(perClass, max(1, inAll / labels.classes))
    var taken = [Int](repeating: 0, count: labels.classes)
    var samples: [Int] = []
    for i in 0..<labels.count where taken[labels[i]] < most && samples.count < inAll {
      taken[labels[i]] += 1
      samples.append(i)
    }
    return samples
  }

  private static func directions(_ statistics: ClassStatistics, after previous: Matrix?) -> Matrix {
    let (svd, d) = (ThinSVD(statistics.centredMeans), statistics.means.columns)
    let rank = min(3, statistics.singularValues.count)
    let leading = Matrix(
      rows: rank, columns: d, elements: Array(svd.right.elements[..<(rank * d)]))
    let turned = previous.map { leading.turned(towards: $0) } ?? leading.withLargestEntriesPositive
    return Matrix(
      rows: 3, columns: d,
      elements: turned.elements + Array(repeating: 0, count: (3 - rank) * d))
  }
}

extension Matrix {
  /// `Q A` with the orthogonal `Q` that brings it closest to the first rows of a target: of
  /// `T Aᵀ = U S Vᵀ` it is `U Vᵀ`.
  ///
  /// > Source: Schönemann, Psychometrika 1966.
  fileprivate func turned(towards target: Matrix) -> Matrix {
    guard rows > 0 else { return self }
    let goal = Matrix(
      rows: rows, columns: columns, elements: Array(target.elements[..<(rows * columns)]))
    let svd = ThinSVD(goal * transposed)
    return svd.left * svd.right * self
  }

  /// Each row with the sign that makes its entry of largest size positive.
  fileprivate var withLargestEntriesPositive: Matrix {
    var result = self
    for i in 0..<rows {
      let largest = row(i).max { abs($0) < abs($1) } ?? 0
      if largest < 0 { for j in 0..<columns { result[i, j] = -self[i, j] } }
    }
    return result
  }
}
