/// Weights `M ⪰ 0`, `tr M = 1`, of singular pairs for which all active margins can be kept.
///
/// A second-order change of the logits `C = Σ M_pq u_p v_qᵀ` is compensated by some `Δ₂` if its
/// margins lie in the range of `J`. One pair alone does where multipliers are unique. In general the
/// weights that do form a linear space; its members closest to a few natural choices are tried.
struct SingularMixture {
  /// `M`, `m × m`.
  let weights: Matrix
  /// `Δ₂`.
  let correction: Point
  /// `-(tr(M S) - 1)`.
  let predicted: Double

  /// nil where no weights of rank `room` at most were found.
  ///
  /// `distance` is the point's own from a KKT point: ten times as much is not told from zero.
  init?(
    _ pairs: LeavingPairs, room: Int, constraints: ActiveConstraints, start: Point,
    distance: Double
  ) {
    let damping = min(10 * distance, 0.05)
    // Residuals below this share are rounding of the conjugate gradients, or the damping's.
    let consistent = max(1e-8, 3 * damping)
    let top = constraints.leastCorrection(
      at: start, curvature: pairs.curvature(0, 0), damping: damping)
    if top.residual.euclideanNorm <= consistent * top.norm {
      weights = Matrix(rows: pairs.count, columns: pairs.count) { $0 == 0 && $1 == 0 ? 1 : 0 }
      (correction, predicted) = (top.solution, 1 - pairs.values[0])
      return
    }
    let indices = (0..<pairs.count).flatMap { p in (p..<pairs.count).map { (p, $0) } }
    let parts = indices.map {
      constraints.leastCorrection(
        at: start, curvature: pairs.curvature($0.0, $0.1), damping: damping)
    }
    guard
      let weights = SingularMixture.weights(
        keepingAll: parts, indices: indices, values: pairs.values, room: room,
        consistent: consistent)
    else { return nil }
    var sum = 0 * start
    for ((p, q), part) in zip(indices, parts) {
      sum = sum + (p == q ? weights[p, p] : 2.0.squareRoot() * weights[p, q]) * part.solution
    }
    self.weights = weights
    correction = sum
    predicted = 1 - pairs.values.indices.reduce(0) { $0 + weights[$1, $1] * pairs.values[$1] }
  }

  /// `Δ = Σ √m_k (U z_k a_kᵀ, V z_k a_kᵀ)`, with `M = Σ m_k z_k z_kᵀ`.
  func direction(_ pairs: LeavingPairs, _ free: Matrix) -> Point {
    let eigen = weights.symmetricEigen
    let order = (0..<min(free.rows, weights.rows)).map { weights.rows - 1 - $0 }
    let scaled = Matrix(rows: order.count, columns: weights.rows) { k, p in
      max(0, eigen.values[order[k]]).squareRoot() * eigen.vectors[order[k], p]
    }
    let used = Matrix(
      rows: order.count, columns: free.columns,
      elements: Array(free.elements.prefix(order.count * free.columns)))
    return Point(
      classifier: (scaled * pairs.left).transposed * used,
      features: (scaled * pairs.right).transposed * used)
  }

  /// Of the weights in the null space of the residuals, those closest to the top pair, to all pairs
  /// alike and to `S - 1` are tried; of the admissible ones, those with the largest `tr(M S)`.
  private static func weights(
    keepingAll parts: [ActiveConstraints.Correction], indices: [(Int, Int)], values: [Double],
    room: Int, consistent: Double
  ) -> Matrix? {
    // By singular values: a Gram matrix would hide residuals of rounding below its own.
    let size = parts[0].residual.count
    let svd = ThinSVD(
      Matrix(rows: parts.count, columns: max(size, parts.count)) {
        $1 < size ? parts[$0].residual[$1] : 0
      })
    let limit = consistent * (parts.map { $0.norm }.max() ?? 0)
    let nullColumns = svd.values.indices.filter { svd.values[$0] <= limit }
    let top = values.filter { $0 > values[0] * (1 - 1e-9) }.count
    let wishes: [(Int) -> Double] = [
      { $0 == 0 ? 1 : 0 }, { $0 < top ? 1 : 0 }, { values[$0] - 1 }, { _ in 1 },
    ]
    return wishes.compactMap { wish -> Matrix? in
      let target = indices.map { $0.0 == $0.1 ? wish($0.0) : 0 }
      var projected = [Double](repeating: 0, count: target.count)
      for column in nullColumns {
        let vector = target.indices.map { svd.left[$0, column] }
        projected.add(dot(vector, target), vector)
      }
      return admissible(projected, indices: indices, size: values.count, room: room)
    }.max { trace($0, values) < trace($1, values) }
  }

  private static func trace(_ weights: Matrix, _ values: [Double]) -> Double {
    values.indices.reduce(0) { $0 + weights[$1, $1] * values[$1] }
  }

  /// The symmetric matrix of these coordinates scaled to trace 1, if it is positive semidefinite of
  /// rank `room` at most.
  private static func admissible(
    _ coordinates: [Double], indices: [(Int, Int)], size: Int, room: Int
  ) -> Matrix? {
    var weights = Matrix(rows: size, columns: size)
    for ((p, q), value) in zip(indices, coordinates) {
      weights[p, q] = p == q ? value : value * 0.5.squareRoot()
      weights[q, p] = weights[p, q]
    }
    let trace = (0..<size).reduce(0) { $0 + weights[$1, $1] }
    guard trace > 1e-6 else { return nil }
    weights = (1 / trace) * weights
    let values = weights.symmetricEigen.values
    let rank = values.filter { $0 > 1e-7 }.count
    return values[0] >= -1e-9 && rank <= room ? weights : nil
  }
}
