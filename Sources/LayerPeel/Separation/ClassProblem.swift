/// The separation problem with one feature vector a class, which is all there is to it.
///
/// For given `W` the constraints of a sample involve only its own `h_i`, so at a KKT point `h_i` is a
/// KKT point, hence the one minimiser, of the strictly convex problem
///
///     min ½‖h‖²   subject to   (w_y - w_j)·h ≥ 1   for all j ≠ y,
///
/// which is the same for every sample of class `y`. So at every KKT point, global or not, samples of
/// one class coincide, and only their mean multiplier matters: the KKT points are those of
/// `min ½‖W‖² + ½ Σ_k n_k ‖h_k‖²`. With `g_k = √n_k h_k`, in units in which the largest class has one
/// sample, that is
///
///     min ½‖W‖² + ½‖G‖²   subject to   (w_k - w_j)·g_k ≥ r_k = √(n_k / max n)
///
/// `2Kd` unknowns and `K(K - 1)` constraints, however many samples there are. Values grow with
/// `√(max n)`, points with its root.
///
/// *Infeasible* if `d = 1` and `K ≥ 3`: a class whose `w_k` lies between two others, or equals
/// another, would need a number `g_k` that is both positive and negative, or a margin of zero.
/// *Feasible* otherwise: with distinct `w_k` on a circle, `g_k ∝ w_k` separates.
struct ClassProblem: Sendable {
  let sizes: ClassSizes
  let dimension: Int
  /// `r_k`, the margin that class `k` needs.
  let required: [Double]

  init(sizes: ClassSizes, dimension: Int) {
    self.sizes = sizes
    self.dimension = dimension
    let largest = Double(sizes.counts.max() ?? 1)
    required = sizes.counts.map { (Double($0) / largest).squareRoot() }
  }

  var classes: Int { required.count }
  /// What one of a value's units is in the problem of all samples: `√(max n)`.
  var unit: Double { Double(sizes.counts.max() ?? 1).squareRoot() }

  /// `(w_k - w_j)·g_k - r_k` as entry `(j, k)`, and 0 on the diagonal.
  func slacks(at point: Point) -> Matrix { slacks(logits: point.logits) }

  private func slacks(logits: Matrix) -> Matrix {
    Matrix(rows: classes, columns: classes) { j, k in
      j == k ? 0 : logits[k, k] - logits[j, k] - required[k]
    }
  }

  /// `A(μ)`: entry `(j, k)` is `-μ_kj`, and the columns sum to zero.
  func dualMatrix(_ multipliers: Matrix) -> Matrix { multipliers.dual { $0 } }

  /// `x - Σ μ_kj ∇c_kj = (W - A G, G - Aᵀ W)`, the slope of the Lagrangian.
  func slope(at point: Point, multipliers: Matrix) -> Point {
    point - point.pull(of: dualMatrix(multipliers))
  }

  /// How far a point with multipliers is from satisfying the KKT conditions: the largest of scaled
  /// stationarity, scaled complementarity and the relative violation of a margin.
  func residual(at point: Point, multipliers: Matrix) -> Double {
    let norm = point.norm
    guard norm > 0, norm.isFinite else { return .infinity }
    let slacks = slacks(at: point)
    var (violation, excess, total) = (0.0, 0.0, 0.0)
    for j in 0..<classes {
      for k in 0..<classes where j != k {
        violation = max(violation, -slacks[j, k] / required[k])
        excess += abs(multipliers[j, k] * slacks[j, k])
        total += multipliers[j, k] * required[k]
      }
    }
    let stationarity = slope(at: point, multipliers: multipliers).norm / norm
    guard total > 0, total.isFinite, stationarity.isFinite else { return .infinity }
    return max(stationarity, excess / total, violation)
  }

  /// The value of a point in the problem of all samples.
  func value(of point: Point) -> Double { unit * Point.dot(point, point) / 2 }

  /// The point of all samples, class after class, whose least margin is exactly 1 to rounding.
  func expanded(_ point: Point) -> Point {
    let slacks = slacks(at: point)
    var margin = Double.infinity
    for j in 0..<classes {
      for k in 0..<classes where j != k { margin = min(margin, 1 + slacks[j, k] / required[k]) }
    }
    let scale = (unit / margin).squareRoot()
    let labels = Labels(sorted: sizes)
    let shares = sizes.counts.map { scale / Double($0).squareRoot() }
    return Point(
      classifier: scale * point.classifier,
      features: Matrix(rows: labels.count, columns: dimension) { i, a in
        shares[labels[i]] * point.features[labels[i], a]
      })
  }

  /// The multipliers of all samples: each of class `k` has `μ_kj / √n_k`.
  func expanded(multipliers: Matrix) -> Multipliers {
    let labels = Labels(sorted: sizes)
    let roots = sizes.counts.map { Double($0).squareRoot() }
    let values = Matrix(rows: classes, columns: labels.count) { j, i in
      multipliers[j, labels[i]] / roots[labels[i]]
    }
    return Multipliers(values: values, labels: labels)
  }
}
