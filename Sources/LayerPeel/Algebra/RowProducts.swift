internal import CKernels

// Products of few classes with many rows, in which BLAS spends most of its time on packing: here each
// row is read once, and every sum runs in a fixed order whatever the number of rows at once.

/// Columns from `first` on of `z ← A Rᵀ`, for `count` rows `R` as long as those of `A`.
func fillProducts(
  of a: Matrix, with rows: Span<Double>, count: Int, into z: inout Matrix, from first: Int
) {
  precondition(rows.count == count * a.columns && z.rows == a.rows)
  precondition(first >= 0 && first + count <= z.columns)
  let stride = z.columns
  rows.withUnsafeBufferPointer { rows in
    z.elements.withUnsafeMutableBufferPointer { z in
      layerpeel_row_products(
        count, a.columns, a.rows, stride, rows.baseAddress, a.elements, z.baseAddress! + first)
    }
  }
}

/// `z ← z + A R`, for rows `R` of the samples that are columns `range` of `A`.
func addWeightedRows(
  _ rows: Span<Double>, _ a: Matrix, _ range: Range<Int>, to z: inout Matrix
) {
  precondition(rows.count == range.count * z.columns && z.rows == a.rows)
  precondition(range.lowerBound >= 0 && range.upperBound <= a.columns)
  let (classes, d) = (z.rows, z.columns)
  rows.withUnsafeBufferPointer { rows in
    a.elements.withUnsafeBufferPointer { a in
      layerpeel_add_weighted_rows(
        range.count, d, classes, a.count / classes, rows.baseAddress,
        a.baseAddress! + range.lowerBound, &z.elements)
    }
  }
}

/// `‖p h_i + q g_i‖²` for rows `h_i` of the samples that are columns `range` of `A`, and rows `g_i` of
/// `Aᵀ W`, which are not stored.
func squaredNorms(
  _ p: Double, _ rows: Span<Double>, _ q: Double, _ a: Matrix, _ w: Matrix, _ range: Range<Int>
) -> [Double] {
  precondition(rows.count == range.count * w.columns && w.rows == a.rows)
  precondition(range.lowerBound >= 0 && range.upperBound <= a.columns)
  var squares = [Double](repeating: 0, count: range.count)
  rows.withUnsafeBufferPointer { rows in
    a.elements.withUnsafeBufferPointer { entries in
      layerpeel_residuals(
        range.count, w.columns, w.rows, a.columns, p, rows.baseAddress, q,
        entries.baseAddress! + range.lowerBound, w.elements, &squares)
    }
  }
  return squares
}
