/// The constraints within a limit, and the samples that have any.
struct ActiveConstraints {
  let samples: [Int]
  private let labels: Labels
  private let isActive: [Bool]
  private let shape: (rows: Int, columns: Int)

  init(_ margins: Matrix, labels: Labels, within limit: Double) {
    var isNeeded = [Bool](repeating: false, count: labels.count)
    var isWithin = [Bool](repeating: false, count: margins.elements.count)
    for j in 0..<margins.rows {
      for i in 0..<margins.columns where margins[j, i] <= limit && j != labels[i] {
        isWithin[j * margins.columns + i] = true
        isNeeded[i] = true
      }
    }
    let samples = isNeeded.indices.filter { isNeeded[$0] }
    self.samples = samples
    self.labels = labels
    shape = (margins.rows, margins.columns)
    isActive = (0..<margins.rows).flatMap { j in
      samples.map { isWithin[j * margins.columns + $0] }
    }
  }

  /// How many constraints there are.
  var count: Int { isActive.count { $0 } }

  /// Their derivative, over the samples that have any.
  func jacobian(at point: Point) -> MarginJacobian {
    let features = Matrix(
      rows: samples.count, columns: point.dimension,
      elements: samples.flatMap { point.features.row($0) })
    return MarginJacobian(
      point: Point(classifier: point.classifier, features: features),
      classes: samples.map { labels[$0] }, isActive: isActive)
  }

  /// The columns of these samples.
  func gathered(_ values: Matrix) -> [Double] {
    (0..<shape.rows).flatMap { j in samples.map { values[j, $0] } }
  }

  /// Those columns back in their places, 0 in the others.
  func scattered(_ values: [Double]) -> Matrix {
    var matrix = Matrix(rows: shape.rows, columns: shape.columns)
    for j in 0..<shape.rows {
      for (n, i) in samples.enumerated() { matrix[j, i] = values[j * samples.count + n] }
    }
    return matrix
  }
}
