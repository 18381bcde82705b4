/// The minimum-norm separation problem, whose KKT points are where the flow can go.
///
///     min ½‖W‖² + ½‖H‖²   subject to   (w_{y_i} - w_j)·h_i ≥ 1   for all i, j ≠ y_i
///
/// For `d ≥ K - 1` it is the convex problem `min ‖Z‖_*` over logits with margins of at least 1, and
/// `Z* = P Y` solves it for any class sizes, `P = I - 11ᵀ/K`, `Y` the one-hot labels. For smaller
/// `d` the same numbers belong to a relaxation, and bound the problem from below.
///
/// > Source: Thrampoulidis et al., NeurIPS 2022, [arXiv:2208.05512](https://arxiv.org/abs/2208.05512).
public struct SeparationProblem: Hashable, Sendable {
  /// How many samples each class has.
  public let sizes: ClassSizes
  /// `v* = ‖P Y‖_* = tr((P D P)^½)`, `D = diag(n_k)`; balanced, `(K - 1)√n`.
  public let value: Double
  /// `B`, `K × K`, whose column `y` is that of a sample of class `y` in the dual matrix
  /// `(P D P)^{+½} Y`: optimal multipliers are `λ_ij = -B_{j,y_i}`, as `A_{j,i} = -λ_ij`.
  public let dualColumns: Matrix
  /// `Σλ / ‖A(λ)‖₂` of those multipliers: a bound from below that weak duality alone proves, and
  /// equal to `value` to rounding.
  public let certifiedBound: Double

  /// The problem of given class sizes.
  ///
  /// *Cost:* two dense decompositions and a product of `K × K`.
  public init(sizes: ClassSizes) {
    self.sizes = sizes
    let classes = sizes.classes
    let roots = sizes.counts.map { Double($0).squareRoot() }
    // P D^½: its squared singular values are the eigenvalues of P D P, one of them 0.
    let centredRoot = Matrix(rows: classes, columns: classes) { i, j in
      (i == j ? roots[j] : 0) - roots[j] / Double(classes)
    }
    let svd = ThinSVD(centredRoot)
    let nonzero = 0..<classes - 1
    value = nonzero.reduce(0) { $0 + svd.values[$1] }

    let scaled = Matrix(rows: classes, columns: classes) { i, k in
      nonzero.contains(k) ? svd.left[i, k] / svd.values[k] : 0
    }
    var columns = scaled * svd.left.transposed
    for i in columns.elements.indices {
      columns.elements[i] = min(0, columns.elements[i])  // B is the root of an M-matrix
    }
    for j in 0..<classes { columns[j, j] = 0 }
    for j in 0..<classes { columns[j, j] = -(0..<classes).reduce(0) { $0 + columns[$1, j] } }
    dualColumns = columns

    // A(λ) has n_j copies of column j: the same norm as one copy times √n_j.
    let dual = Matrix(rows: classes, columns: classes) { columns[$0, $1] * roots[$1] }
    let total = (0..<classes).reduce(0) { $0 + Double(sizes.counts[$1]) * columns[$1, $1] }
    certifiedBound = dualityBound(total: total, dual: dual)
  }

  /// `γ* = 1 / (2 v*)`, the largest normalised margin.
  public var largestGamma: Double { 1 / (2 * value) }
  /// The largest `margin_ratio` of features that are nowhere negative, as after a ReLU, with classes
  /// of one size: `√((K - 1)/K)`.
  ///
  /// Let every margin be at least `q`. A sample's margins sum to `K (P W h_i)_{y_i} ≥ (K - 1) q`,
  /// and all samples' to `K n ⟨P W, M⟩ ≥ N (K - 1) q`, `M` the class means (not centred) and
  /// `N = K n`. Now `⟨P W, M⟩ = ⟨W, P M⟩ ≤ ‖W‖ ‖P M‖`, and where no entry of `M` is negative no
  /// square of a column's sum is below the sum of its squares, so that
  ///
  ///     ‖P M‖² = ‖M‖² - ‖1ᵀM‖²/K ≤ (1 - 1/K) ‖M‖² ≤ (1 - 1/K) ‖H‖²/n .
  ///
  /// Hence `ρ²/2 ≥ ‖W‖ ‖H‖ ≥ q √(n K (K - 1))`, against `q v* = q (K - 1) √n` without the
  /// constraint. Attained by `h_i = e_{y_i}` and `W = P`, the norm shared equally, where
  /// `d ≥ K`; below that it is a bound.
  ///
  /// It binds the features, not the logits: those of the same point are `P Y`, so that
  /// `balanced_margin_ratio`, which forgets how logits are factored, can be 1 all the same.
  public var ceilingOfNonnegativeFeatures: Double {
    (Double(sizes.classes - 1) / Double(sizes.classes)).squareRoot()
  }
  /// The dimension from which on `value` is that of the problem and not of a relaxation: `K - 1`.
  public var sufficientDimension: Int { sizes.classes - 1 }

  /// A global optimum, balanced between `W` and `H`: neural collapse when all classes have one
  /// size.
  ///
  /// - Precondition: `dimension ≥ K - 1`.
  public func optimum(dimension: Int) -> Point {
    precondition(dimension >= sufficientDimension, "\(dimension) dimensions are too few")
    let classes = sizes.classes
    let centre = Matrix(rows: classes, columns: classes) { i, j in
      (i == j ? 1 : 0) - 1 / Double(classes)
    }
    let roots = sizes.counts.map { Double($0).squareRoot() }
    let svd = ThinSVD(Matrix(rows: classes, columns: classes) { centre[$0, $1] * roots[$1] })
    // Z* = U S (Vᵀ D^-½ Y): W = U S^½, and a sample of class k has h = S^½ V_k / √n_k.
    let labels = Labels(sorted: sizes)
    return Point(
      classifier: Matrix(rows: classes, columns: dimension) { k, j in
        j < classes - 1 ? svd.left[k, j] * svd.values[j].squareRoot() : 0
      },
      features: Matrix(rows: sizes.samples, columns: dimension) { i, j in
        guard j < classes - 1 else { return 0 }
        let k = labels[i]
        return svd.values[j].squareRoot() * svd.right[j, k] / roots[k]
      })
  }
}
