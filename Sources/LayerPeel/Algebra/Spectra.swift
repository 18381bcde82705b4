internal import COpenBLAS

/// The thin singular value decomposition `A = U diag(s) Vᵀ`, by LAPACK.
package struct ThinSVD {
  /// `rows × r`, `r` the smaller side of `A`.
  package let left: Matrix
  /// In falling order.
  package let values: [Double]
  /// `r × columns`: row `k` is the right singular vector of `values[k]`.
  package let right: Matrix

  package init(_ matrix: Matrix) {
    let rank = min(matrix.rows, matrix.columns)
    var entries = matrix.elements
    var left = Matrix(rows: matrix.rows, columns: rank)
    var right = Matrix(rows: rank, columns: matrix.columns)
    var values = [Double](repeating: 0, count: rank)
    // Row by row is the transpose column by column, whose left vectors are these right ones.
    let status = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "S")), Int32(matrix.columns), Int32(matrix.rows),
      &entries, Int32(matrix.columns), &values, &right.elements, Int32(matrix.columns),
      &left.elements, Int32(rank))
    precondition(status == 0, "LAPACK dgesdd ended with status \(status)")
    (self.left, self.values, self.right) = (left, values, right)
  }

  /// The same of a matrix with at least as many columns as rows, by way of a triangle: for long
  /// rows the decomposition itself is then small.
  init(wide matrix: Matrix) {
    let factors = TriangularFactors(matrix)
    let small = ThinSVD(factors.triangle)
    (left, values) = (small.left, small.values)
    right = small.right * factors.rows
  }
}

/// A wide matrix as a lower triangle times orthonormal rows, `A = L Q`, by LAPACK.
struct TriangularFactors {
  private let shape: (rows: Int, columns: Int)
  private let entries: [Double]
  private let scales: [Double]

  /// - Precondition: At least as many columns as rows.
  init(_ matrix: Matrix) {
    precondition(matrix.columns >= matrix.rows, "\(matrix.rows)×\(matrix.columns) is not wide")
    shape = (matrix.rows, matrix.columns)
    var entries = matrix.elements
    var scales = [Double](repeating: 0, count: matrix.rows)
    // Row by row is the transpose column by column: a tall matrix Qᵀ Lᵀ.
    let status = LAPACKE_dgeqrf(
      LAPACK_COL_MAJOR, Int32(shape.columns), Int32(shape.rows), &entries, Int32(shape.columns),
      &scales)
    precondition(status == 0, "LAPACK dgeqrf ended with status \(status)")
    (self.entries, self.scales) = (entries, scales)
  }

  /// `L`, `rows × rows`.
  var triangle: Matrix {
    Matrix(rows: shape.rows, columns: shape.rows) { j, i in
      i <= j ? entries[j * shape.columns + i] : 0
    }
  }

  /// `Q`, `rows × columns`.
  var rows: Matrix {
    var rows = Matrix(rows: shape.rows, columns: shape.columns, elements: entries)
    let status = LAPACKE_dorgqr(
      LAPACK_COL_MAJOR, Int32(shape.columns), Int32(shape.rows), Int32(shape.rows),
      &rows.elements, Int32(shape.columns), scales)
    precondition(status == 0, "LAPACK dorgqr ended with status \(status)")
    return rows
  }
}

extension Matrix {
  /// The singular values in falling order; long rows are first reduced to a triangle.
  var singularValues: [Double] {
    columns > 2 * rows ? ThinSVD(TriangularFactors(self).triangle).values : ThinSVD(self).values
  }

  /// `‖A‖_*`, the sum of the singular values.
  var nuclearNorm: Double { singularValues.reduce(0, +) }

  /// Eigenvalues in rising order and eigenvectors, one a row, of a symmetric matrix.
  package var symmetricEigen: (values: [Double], vectors: Matrix) {
    precondition(rows == columns, "\(rows)×\(columns) is not square")
    var vectors = self
    var values = [Double](repeating: 0, count: rows)
    let status = LAPACKE_dsyevd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), Int32(rows),
      &vectors.elements, Int32(rows), &values)
    precondition(status == 0, "LAPACK dsyevd ended with status \(status)")
    return (values, vectors)
  }
}

extension Matrix {
  /// How many eigenvalues of a symmetric matrix lie below a number: the negative ones of
  /// `A - shift = L D Lᵀ` are those of `D`, whose blocks are `1 × 1` or `2 × 2`.
  ///
  /// *Cost:* `n³/3` multiplications, a fraction of what all eigenvalues take. Only the lower
  /// triangle is read. An eigenvalue within rounding of `shift` may count on either side.
  ///
  /// > Source: Bunch & Kaufman, Mathematics of Computation 1977; Sylvester's law of inertia.
  func eigenvaluesBelow(_ shift: Double) -> Int {
    precondition(rows == columns, "\(rows)×\(columns) is not square")
    var factor = self
    var pivots = [Int32](repeating: 0, count: rows)
    for i in 0..<rows { factor[i, i] -= shift }
    // Row by row is the transpose column by column: the lower triangle becomes the upper one.
    let status = LAPACKE_dsytrf(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(rows), &factor.elements, Int32(rows),
      &pivots)
    precondition(status >= 0, "LAPACK dsytrf ended with status \(status)")
    var (below, i) = (0, 0)
    while i < rows {
      if pivots[i] > 0 {
        if factor[i, i] < 0 { below += 1 }
        i += 1
      } else {
        let coupling = factor[i + 1, i]
        let determinant = factor[i, i] * factor[i + 1, i + 1] - coupling * coupling
        below += determinant < 0 ? 1 : factor[i, i] < 0 ? 2 : 0
        i += 2
      }
    }
    return below
  }
}
