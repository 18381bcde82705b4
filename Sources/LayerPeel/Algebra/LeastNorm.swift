internal import COpenBLAS

extension Matrix {
  /// The shortest `x` among those that minimise `‖A x - b‖`, by LAPACK's complete orthogonal
  /// factorisation; directions in which a symmetric `A` is smaller than `threshold` times its norm
  /// count as its null space.
  ///
  /// *Cost:* about `2 n³` for an `n × n` matrix.
  ///
  /// - Precondition: `A` is symmetric, and `b` as long as it is wide.
  func leastNormSolution(_ right: [Double], threshold: Double) -> [Double] {
    precondition(rows == columns && right.count == rows, "\(rows)×\(columns), \(right.count)")
    let size = Int32(rows)
    var entries = elements  // symmetric: by rows is by columns
    var solution = right
    var pivots = [Int32](repeating: 0, count: rows)
    var rank: Int32 = 0
    let status = LAPACKE_dgelsy(
      LAPACK_COL_MAJOR, size, size, 1, &entries, size, &solution, size, &pivots, threshold, &rank)
    precondition(status == 0, "LAPACK dgelsy ended with status \(status)")
    return solution
  }
}
