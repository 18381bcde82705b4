extension Matrix {
  /// `A(λ)`, `K × n`, of weights `λ_ij` as entries `(j, i)`: those with the other sign, and at the
  /// class of each column, whose weight is 0, what makes the column sum to zero.
  func dual(ofClasses label: (Int) -> Int) -> Matrix {
    var dual = -1 * self
    for (i, sum) in columnSums.enumerated() { dual[label(i), i] = sum }
    return dual
  }
}

extension Point {
  /// `(A H, Aᵀ W)`, which a KKT point with multipliers of the dual matrix `A` is equal to.
  ///
  /// *Cost:* two products of `K × N × d`.
  func pull(of dual: Matrix) -> Point {
    Point(classifier: dual * features, features: dual.transposed * classifier)
  }
}

/// `Σλ / ‖A(λ)‖₂`, what weak duality proves of every point that separates; 0 without multipliers.
///
/// Scaling the columns of one class by `√n_k` stands for `n_k` equal columns. The largest eigenvalue
/// of the Gram matrix is right to rounding, unlike the small ones. *Cost:* one product of
/// `K × K × N`, eigenvalues of `K × K`.
func dualityBound(total: Double, dual: Matrix) -> Double {
  let norm = (dual * dual.transposed).symmetricEigen.values[dual.rows - 1].squareRoot()
  return norm > 0 ? total / norm : 0
}

/// `Σ λ_ij (m_ij/q_min - 1) / Σλ` over each sample's wrong classes, `m` given as `margin(j, i)`; 0
/// without multipliers.
func scaledExcess(
  _ weights: Matrix, labels: Labels, leastMargin: Double, margin: (Int, Int) -> Double
) -> Double {
  var (total, excess) = (0.0, 0.0)
  for j in 0..<labels.classes {
    for i in 0..<labels.count where labels[i] != j && weights[j, i] > 0 {
      total += weights[j, i]
      excess += weights[j, i] * (margin(j, i) - leastMargin)
    }
  }
  return total > 0 ? excess / leastMargin / total : 0
}
