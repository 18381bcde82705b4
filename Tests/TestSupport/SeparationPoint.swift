internal import Glibc
package import LayerPeel

/// Points whose standing in the separation problem is known in closed form.
///
/// An oracle: vertex by vertex in unit length, without the library's own arrangements of class
/// vectors, which are directions in orthonormal columns.
package struct SeparationPoint: Sendable, CustomStringConvertible {
  /// What it is.
  package let name: String
  /// `(W, H)`.
  package let point: Point
  /// The class of each sample.
  package let labels: Labels
  /// Its value `ρ²/(2 q_min)`; NaN where it has none.
  package let value: Double

  package init(name: String, point: Point, labels: Labels, value: Double = .nan) {
    (self.name, self.point, self.labels, self.value) = (name, point, labels, value)
  }

  package var description: String { name }

  /// Classes in blocks, each a simplex in coordinates of its own: value `K√n`.
  ///
  /// With `P_b` of a block of `b` classes, `Z` has the blocks `b/(b-1)·P_b`, here factored in
  /// balance.
  package static func blocks(_ sizes: [Int], perClass: Int, dimension: Int) throws
    -> SeparationPoint
  {
    let classes = sizes.reduce(0, +)
    let labels = Labels(sorted: try ClassSizes(classes: classes, perClass: perClass))
    let fourthRoot = Double(perClass).squareRoot().squareRoot()
    var rows = Matrix(rows: classes, columns: dimension)
    var (row, column) = (0, 0)
    for b in sizes {
      let scale = (Double(b) / Double(b - 1)).squareRoot()
      for (k, vertex) in simplex(b).enumerated() {
        for (j, entry) in vertex.enumerated() { rows[row + k, column + j] = scale * entry }
      }
      (row, column) = (row + b, column + b - 1)
    }
    return SeparationPoint(
      name: "blocks \(sizes), n = \(perClass), d = \(dimension)",
      point: Point(
        classifier: fourthRoot * rows,
        features: Matrix(rows: labels.count, columns: dimension) {
          rows[labels[$0], $1] / fourthRoot
        }), labels: labels, value: Double(classes) * Double(perClass).squareRoot())
  }

  /// The regular polygon in the plane: value `K√n/(1 - cos(2π/K))`.
  package static func polygon(_ classes: Int, perClass: Int, dimension: Int) throws
    -> SeparationPoint
  {
    let labels = Labels(sorted: try ClassSizes(classes: classes, perClass: perClass))
    let angle = 2 * Double.pi / Double(classes)
    let fourthRoot = Double(perClass).squareRoot().squareRoot()
    let rows = Matrix(rows: classes, columns: dimension) { k, j in
      j == 0 ? cos(angle * Double(k)) : j == 1 ? sin(angle * Double(k)) : 0
    }
    return SeparationPoint(
      name: "polygon of \(classes), n = \(perClass), d = \(dimension)",
      point: Point(
        classifier: fourthRoot * rows,
        features: Matrix(rows: labels.count, columns: dimension) {
          rows[labels[$0], $1] / fourthRoot
        }), labels: labels,
      value: Double(classes) * Double(perClass).squareRoot() / (1 - cos(angle)))
  }

  /// `b` vectors in `b - 1` coordinates whose Gram matrix is `P_b`: columns of Helmert's matrix.
  private static func simplex(_ b: Int) -> [[Double]] {
    (0..<b).map { k in
      (1..<b).map { j in
        let length = (Double(j) * Double(j + 1)).squareRoot()
        return k < j ? 1 / length : k == j ? -Double(j) / length : 0
      }
    }
  }
}
