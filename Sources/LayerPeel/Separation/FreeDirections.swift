/// Unit vectors that neither the classifier nor the features see, and coordinates that hold them.
struct FreeDirections {
  /// One a row, orthonormal, in the coordinates of `basis`.
  let vectors: Matrix
  /// The point's basis, with vectors from outside it below.
  let basis: Matrix

  /// How many there are.
  var count: Int { vectors.rows }

  /// As many as there are, at most a given number.
  init(_ point: ReducedPoint, atMost most: Int, tolerance: Double) {
    let (rank, dimension) = (point.basis.rows, point.basis.columns)
    let outside = min(most, dimension - rank)
    var basis = point.basis
    for _ in 0..<outside { basis = basis.extended }
    // Eigenvalues of a Gram matrix are right to rounding of the largest: lengths to its root.
    let limit = max(tolerance, 1e-7) * point.norm
    let (w, h) = (point.inside.classifier, point.inside.features)
    let eigen = (w.transposed * w + h.transposed * h).symmetricEigen
    let unseen = eigen.values.prefix(most - outside).prefix { $0 <= limit * limit }.count
    vectors = Matrix(rows: outside + unseen, columns: basis.rows) { i, j in
      if i < outside { return j == rank + i ? 1 : 0 }
      return j < rank ? eigen.vectors[i - outside, j] : 0
    }
    self.basis = basis
  }

  /// A point in these coordinates.
  func widened(_ point: Point) -> Point { point.padded(to: basis.rows) }
}

extension Matrix {
  /// Orthonormal rows and one more, made from the axis that they cover least.
  fileprivate var extended: Matrix {
    let cover = (0..<columns).map { j in (0..<rows).reduce(0) { $0 + self[$1, j] * self[$1, j] } }
    let axis = cover.indices.min { cover[$0] < cover[$1] }!
    var vector = (0..<columns).map { $0 == axis ? 1.0 : 0.0 }
    for _ in 0..<2 {  // the second time removes what rounding left
      for k in 0..<rows {
        let row = Array(self.row(k))
        vector.add(-dotProduct(row.span, vector.span), row)
      }
    }
    vector.scale(by: 1 / vector.euclideanNorm)
    return Matrix(rows: rows + 1, columns: columns, elements: elements + vector)
  }
}
