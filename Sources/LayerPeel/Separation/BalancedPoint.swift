extension Point {
  /// The point with the same logits and the least norm: `½‖W‖² + ½‖H‖² = ‖W Hᵀ‖_*`.
  ///
  /// With `W Hᵀ = U S Vᵀ` it is `(U S^½, V S^½)`, so `WᵀW = HᵀH`. *Cost:* a product of
  /// `K × N × d` and a few of `K × N × K`; no `N × N` matrix is formed.
  public var balanced: Point {
    let factors = Point(balancing: logits)
    return factors.padded(to: dimension)
  }

  /// `(U S^½, V S^½)` of logits `U S Vᵀ`, `K × K` and `N × K`.
  init(balancing logits: Matrix) {
    let svd = ThinSVD(wide: logits)
    // A value of zero comes out as rounding, whose root is no longer small.
    let rounding =
      4 * Double(logits.rows) * Double(logits.columns).squareRoot() * .ulpOfOne * svd.values[0]
    let roots = svd.values.map { $0 > rounding ? $0.squareRoot() : 0 }
    let (left, right) = (svd.left, svd.right)
    self.init(
      classifier: Matrix(rows: left.rows, columns: roots.count) { left[$0, $1] * roots[$1] },
      features: Matrix(rows: right.columns, columns: roots.count) { right[$1, $0] * roots[$1] })
  }

  /// The first `dimension` coordinates, zeros where the point has fewer.
  func padded(to dimension: Int) -> Point {
    func padded(_ matrix: Matrix) -> Matrix {
      Matrix(rows: matrix.rows, columns: dimension) { $1 < matrix.columns ? matrix[$0, $1] : 0 }
    }
    return Point(classifier: padded(classifier), features: padded(features))
  }
}

extension ReducedPoint {
  /// The balanced point of the same logits, in its own coordinates; nil where all logits are zero.
  var balanced: ReducedPoint? {
    // Coordinates beyond the reduced ones are zero to rounding.
    let factors = Point(balancing: inside.logits).padded(to: inside.dimension)
    let length = factors.norm
    guard length > 0 else { return nil }
    let unit = Double(sign: .plus, exponent: length.exponent, significand: 1)
    return ReducedPoint(
      labels: labels, inside: (1 / unit) * factors,
      basis: Matrix(rows: inside.dimension, columns: basis.columns) { $0 == $1 ? 1 : 0 },
      outside: 0, unit: unit * self.unit, norm: length / unit)
  }
}
