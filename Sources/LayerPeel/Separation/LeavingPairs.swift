/// The singular pairs of a dual matrix that lead out: those with values above 1, the largest first.
struct LeavingPairs {
  /// `σ_p`.
  let values: [Double]
  /// `u_p`, one a row, `m × K`.
  let left: Matrix
  /// `v_p`, one a row, `m × N`.
  let right: Matrix
  /// `‖A‖₂`.
  let norm: Double

  var count: Int { values.count }

  /// At most eight of them.
  init(_ dual: Matrix, tolerance: Double) {
    let eigen = (dual * dual.transposed).symmetricEigen
    let all = eigen.values.reversed().map { max(0, $0).squareRoot() }
    let values = Array(all.prefix(8).prefix { $0 > 1 + tolerance })
    left = Matrix(rows: values.count, columns: dual.rows) { p, k in
      eigen.vectors[dual.rows - 1 - p, k]
    }
    var right = left * dual
    for p in 0..<values.count {
      for i in 0..<dual.columns { right[p, i] /= values[p] }
    }
    (self.values, self.right, norm) = (values, right, all[0])
  }

  /// `½(u_p v_qᵀ + u_q v_pᵀ)`, times `√2` where `p ≠ q`: a basis of symmetric weights.
  func curvature(_ p: Int, _ q: Int) -> Matrix {
    let factor = p == q ? 0.5 : 0.5.squareRoot()
    return Matrix(rows: left.columns, columns: right.columns) { k, i in
      factor * (left[p, k] * right[q, i] + left[q, k] * right[p, i])
    }
  }
}
