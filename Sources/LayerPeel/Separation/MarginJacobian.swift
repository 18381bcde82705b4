/// The derivative of some of the margins at a point, as an operator and its adjoint.
///
///     (J Δ)_ij = (Δw_{y_i} - Δw_j)·h_i + (w_{y_i} - w_j)·Δh_i,    Jᵀλ = (A(λ) H, A(λ)ᵀ W)
///
/// Neither is ever formed. Constraints that are left out have the entry 0.
struct MarginJacobian {
  /// The samples' own part of a point, `K × r` and `n × r`.
  let point: Point
  /// The class of each of them; classes may be missing.
  let classes: [Int]
  /// Which constraints count, `K × n`; never those with `j = y_i`.
  let isActive: [Bool]

  /// `J Δ`, `K × n`.
  ///
  /// *Cost:* two products of `K × n × r`.
  func changes(along direction: Point) -> [Double] {
    let (rows, count) = (point.classifier.rows, classes.count)
    var logits = direction.classifier * point.features.transposed
    var span = logits.elements.mutableSpan
    multiply(
      point.classifier.elements.span, .plain, direction.features.elements.span, .transposed,
      rows: rows, inner: point.dimension, columns: count, keeping: 1, into: &span)
    return differences(logits.elements)
  }

  /// `z_{y_i, i} - z_{j, i}` where a constraint counts, 0 elsewhere.
  func differences(_ logits: [Double]) -> [Double] {
    let count = classes.count
    var changes = [Double](repeating: 0, count: logits.count)
    let own = classes.enumerated().map { logits[$1 * count + $0] }
    for j in 0..<point.classifier.rows {
      let row = j * count
      for i in 0..<count where isActive[row + i] { changes[row + i] = own[i] - logits[row + i] }
    }
    return changes
  }

  /// `Jᵀλ`.
  ///
  /// *Cost:* two products of `K × n × r`.
  func pull(_ weights: [Double]) -> Point {
    let weights = Matrix(
      rows: point.classifier.rows, columns: classes.count, elements: weights)
    return point.pull(of: weights.dual { classes[$0] })
  }
}
