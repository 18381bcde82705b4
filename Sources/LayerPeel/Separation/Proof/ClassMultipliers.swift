/// Rational multipliers that depend on a sample's class alone, and the exact bound they prove.
///
/// A sample of class `y` has `λ_j = numerators[y][j] / denominator`. With `b_y` the column of `A(λ)`
/// of such a sample, the denominator `s` is large enough that `s² I - Σ_y n_y b_y b_yᵀ ⪰ 0` over the
/// numerators, so `‖A(λ)‖₂ ≤ 1` and weak duality gives `v* ≥ Σλ`, a rational number.
public struct ClassMultipliers: Hashable, Sendable {
  /// How many samples each class has.
  public let sizes: ClassSizes
  /// `K × K`: row `y` is that of a sample of class `y`, 0 at its own class and nowhere negative.
  public let numerators: [[BigInteger]]
  /// What all of them are divided by.
  public let denominator: BigInteger

  /// The closed form of a problem, rounded to integers and divided by the least of a few
  /// denominators that elimination proves to be enough.
  ///
  /// An entry keeps `p = 62 + ⌊log₂(K √N)⌋` bits below one. The rounding moves a column by at most
  /// `K/2` units of `2^-p` and `‖A‖` by `K√N/2` of them, `Σλ` by `NK/2` with `v* ≥ (N/2)^½`: in all
  /// the bound loses less than `2^-60` of itself to it, and `K · 2^-52`, the rounding of the closed
  /// form, to the denominator.
  ///
  /// *Cost:* one elimination of a `K × K` matrix, as a rule.
  public init(_ problem: SeparationProblem) {
    let sizes = problem.sizes
    let bits = 62 + Int((Double(sizes.classes) * Double(sizes.samples).squareRoot()).exponent)
    let scale = Double(sign: .plus, exponent: bits, significand: 1)
    let total = sizes.counts.indices.reduce(0) {
      $0 + Double(sizes.counts[$1]) * problem.dualColumns[$1, $1]
    }
    self.sizes = sizes
    numerators = ClassMultipliers.rounded(problem.dualColumns, scale: scale)
    denominator = ClassMultipliers.denominator(
      of: ClassMultipliers.gram(numerators, sizes: sizes),
      near: total / problem.certifiedBound * scale)
  }

  /// `Σλ`, a bound from below on the optimum in any dimension.
  public var bound: Rational {
    var sum = BigInteger(0)
    for (row, count) in zip(numerators, sizes.counts) {
      sum = sum + BigInteger(count) * row.reduce(BigInteger(0), +)
    }
    return Rational(sum, denominator)
  }

  /// The off-diagonal entries of the dual matrix in units of `1/scale`, one row a class.
  private static func rounded(_ dualColumns: Matrix, scale: Double) -> [[BigInteger]] {
    (0..<dualColumns.columns).map { y in
      (0..<dualColumns.rows).map { j in
        BigInteger(truncating: j == y ? 0 : (-dualColumns[j, y] * scale).rounded())
      }
    }
  }

  /// An integer whose square proves to be no less than the largest eigenvalue of `gram`, a little
  /// above `estimate`.
  private static func denominator(of gram: [[BigInteger]], near estimate: Double) -> BigInteger {
    var slack = Double(gram.count) * .ulpOfOne
    while slack < 1 {
      let candidate = BigInteger(truncating: (estimate * (1 + slack)).rounded(.up))
      if bounds(gram, by: candidate) { return candidate }
      slack *= 2
    }
    preconditionFailure("multipliers whose norm is not what it was computed to be")
  }

  /// The lower half of `Σ_y n_y b_y b_yᵀ` over the numerators.
  private static func gram(_ numerators: [[BigInteger]], sizes: ClassSizes) -> [[BigInteger]] {
    // Row j of A, one entry a class.
    let rows = numerators.indices.map { j in
      numerators.indices.map { y in
        j == y ? numerators[y].reduce(BigInteger(0), +) : -numerators[y][j]
      }
    }
    return rows.indices.map { i in
      let weighted = zip(rows[i], sizes.counts).map { $0 * BigInteger($1) }
      return (0...i).map { BigInteger.dot(weighted, rows[$0]) }
    }
  }

  /// Whether `s² I - gram` is positive semidefinite.
  private static func bounds(_ gram: [[BigInteger]], by s: BigInteger) -> Bool {
    let square = s * s
    return isPositiveSemidefinite(
      lower: gram.enumerated().map { i, row in
        row.enumerated().map { j, entry in i == j ? square - entry : -entry }
      })
  }
}
