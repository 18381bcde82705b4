internal import Glibc

extension LayerPeeledModel {
  /// A start with independent Gaussian entries of variance `scale² / d`, `W` first, then `H`.
  public func gaussianPoint(
    scale: Double = 1, using generator: inout some RandomNumberGenerator
  ) -> Point {
    let deviation = scale / Double(dimension).squareRoot()
    var numbers: [Double] = []
    numbers.reserveCapacity(unknowns + 1)
    while numbers.count < unknowns {
      let (a, b) = generator.gaussianPair()
      numbers.append(deviation * a)
      numbers.append(deviation * b)
    }
    return point(flat: Array(numbers.prefix(unknowns)))
  }

  /// The start of rank 2 whose flow, with four balanced classes, ends at the square in the plane.
  ///
  ///     W_kj = 0.3 sin(1 + k d + j),   H_ij = 0.3 cos(2 + i d + j)
  ///
  /// Sines of an arithmetic progression span two dimensions, and the flow never leaves the span of
  /// its start.
  public var squarePoint: Point {
    Point(
      classifier: Matrix(rows: labels.classes, columns: dimension) {
        0.3 * sin(1 + Double($0 * dimension + $1))
      },
      features: Matrix(rows: labels.count, columns: dimension) {
        0.3 * cos(2 + Double($0 * dimension + $1))
      })
  }

  /// `point` plus `amplitude · sin((m + 1)²)`, `m` the flat index over `W` then `H`.
  public func perturbed(_ point: Point, by amplitude: Double) -> Point {
    var flat = point.flat
    for m in flat.indices {
      let root = Double(m + 1)
      flat[m] += amplitude * sin(root * root)
    }
    return self.point(flat: flat)
  }

  /// The point whose entries, `W` then `H`, are given.
  package func point(flat: [Double]) -> Point {
    let split = labels.classes * dimension
    return Point(
      classifier: Matrix(
        rows: labels.classes, columns: dimension, elements: Array(flat[..<split])),
      features: Matrix(rows: labels.count, columns: dimension, elements: Array(flat[split...])))
  }
}
