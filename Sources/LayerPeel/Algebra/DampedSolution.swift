internal import COpenBLAS

extension Matrix {
  /// A solution of `A x = b` for a symmetric `A` that may be singular, close to the shortest; `A`
  /// is overwritten.
  ///
  /// Solves `(A + δ S) x = b` by LAPACK's symmetric factorisation, `S` the given signs and `δ` the
  /// `damping`. Where `A` has a null space and `b` has no part in it, `x` has none either, but for
  /// rounding over `δ`; elsewhere the relative error is `δ` over the curvature. Nil if a pivot is
  /// exactly zero or an entry is not a number.
  ///
  /// *Cost:* `n³/3`, a sixth of a complete orthogonal factorisation's.
  ///
  /// - Precondition: `b` and the signs are as long as `A` is wide.
  mutating func dampedSolution(_ right: [Double], signs: [Double], damping: Double) -> [Double]? {
    precondition(rows == columns && right.count == rows && signs.count == rows)
    let size = Int32(rows)
    for i in 0..<rows { self[i, i] += damping * signs[i] }
    var solution = right
    var pivots = [Int32](repeating: 0, count: rows)
    // Symmetric, so that by rows is by columns.
    let status = LAPACKE_dsysv(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), size, 1, &elements, size, &pivots, &solution, size
    )
    return status == 0 ? solution : nil
  }
}
