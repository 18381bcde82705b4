/// Multipliers of the separation problem: a weight `λ_ij ≥ 0` for each sample `i` and each class `j`
/// other than its own.
///
/// Whatever they are, weak duality bounds the optimum from below; at a KKT point some of them balance
/// the point's own norm.
public struct Multipliers: Hashable, Sendable {
  /// `K × N`: entry `(j, i)` is `λ_ij`, and 0 where `j = y_i`.
  public let values: Matrix
  /// The class of each sample.
  public let labels: Labels

  /// Multipliers of given values.
  ///
  /// - Precondition: `K × N` entries, none negative, 0 at the true classes.
  public init(values: Matrix, labels: Labels) {
    precondition(
      values.rows == labels.classes && values.columns == labels.count, "a multiplier an entry")
    precondition(values.elements.allSatisfy { $0 >= 0 }, "a negative multiplier")
    precondition((0..<labels.count).allSatisfy { values[labels[$0], $0] == 0 })
    self.values = values
    self.labels = labels
  }

  /// `Σ λ_ij`.
  public var total: Double { values.elements.reduce(0, +) }

  /// `A(λ)`, `K × N`: `A_{y_i, i} = Σ_j λ_ij` and `A_{j, i} = -λ_ij`.
  public var dualMatrix: Matrix { values.dual { labels[$0] } }

  /// `Σλ / ‖A(λ)‖₂`, a bound from below on the optimum in any dimension; 0 without multipliers.
  ///
  /// *Cost:* one product of `K × K × N`, eigenvalues of `K × K`.
  public var bound: Double { dualityBound(total: total, dual: dualMatrix) }
}

extension SeparationProblem {
  /// Optimal multipliers in `K - 1` dimensions or more, in closed form: those of a sample are the
  /// entries of its class's column of the dual matrix.
  ///
  /// - Precondition: The labels have the problem's class sizes.
  public func multipliers(labels: Labels) -> Multipliers {
    precondition(labels.sizes == sizes, "labels of other class sizes")
    let values = Matrix(rows: labels.classes, columns: labels.count) { j, i in
      j == labels[i] ? 0 : -dualColumns[j, labels[i]]
    }
    return Multipliers(values: values, labels: labels)
  }
}
