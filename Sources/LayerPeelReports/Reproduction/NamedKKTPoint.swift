import Glibc
import LayerPeel

/// A KKT point of the separation problem that is not neural collapse, in closed form.
enum NamedKKTPoint: Hashable {
  /// The classes in blocks of these sizes, at least two blocks of at least two: a simplex in each,
  /// blocks at right angles; in as many dimensions as there are classes.
  case blocks([Int])
  /// A regular polygon in a plane, in so many dimensions.
  case polygon(classes: Int, dimension: Int)

  var classes: Int {
    switch self {
    case .blocks(let sizes): sizes.reduce(0, +)
    case .polygon(let classes, _): classes
    }
  }

  var dimension: Int {
    switch self {
    case .blocks: classes
    case .polygon(_, let dimension): dimension
    }
  }

  /// `two pairs of 4 classes`.
  var name: String {
    switch self {
    case .blocks(let sizes):
      let first = sizes[0]
      let key =
        sizes.count > 2 && sizes.allSatisfy { $0 == first }
        ? "\(sizes.count)x\(first)" : sizes.map(String.init).joined(separator: "+")
      return CriticalPointName("blocks-\(key)").words
    case .polygon(let classes, _): return classes == 4 ? "square" : "\(classes)-gon"
    }
  }

  /// `ρ²/(2 q_min)`: `K√n` for blocks, `K√n/(1 - cos(2π/K))` for a polygon.
  func value(perClass: Int) -> Double {
    let size = Double(classes) * Double(perClass).squareRoot()
    return switch self {
    case .blocks: size
    case .polygon: size / (1 - cos(2 * .pi / Double(classes)))
    }
  }

  /// The point itself, `h_i = w_{y_i}/√n`, with least margins of 1.
  func point(of model: LayerPeeledModel) -> Point {
    let root = Double(model.sizes.counts[0]).squareRoot()
    let classifier = root.squareRoot() * rows
    return Point(
      classifier: classifier,
      features: Matrix(rows: model.sizes.samples, columns: dimension) {
        classifier[model.labels[$0], $1] / root
      })
  }

  /// Class vectors with scalar products of which the least difference is 1.
  private var rows: Matrix {
    switch self {
    case .polygon(let classes, let dimension):
      let angle = 2 * Double.pi / Double(classes)
      let radius = 1 / (1 - cos(angle)).squareRoot()
      return Matrix(rows: classes, columns: dimension) { k, j in
        j > 1 ? 0 : radius * (j == 0 ? cos(angle * Double(k)) : sin(angle * Double(k)))
      }
    case .blocks(let sizes):
      var rows = Matrix(rows: classes, columns: classes)
      var (first, column) = (0, 0)
      for size in sizes {
        let scale = (Double(size) / Double(size - 1)).squareRoot()
        for j in 0..<size - 1 {
          for i in 0...j + 1 { rows[first + i, column + j] = scale * helmert(i, j) }
        }
        (first, column) = (first + size, column + size - 1)
      }
      return rows
    }
  }
}

/// Entry `i` of the `j`-th of Helmert's orthonormal vectors that sum to zero.
private func helmert(_ i: Int, _ j: Int) -> Double {
  let scale = 1 / Double((j + 1) * (j + 2)).squareRoot()
  return i <= j ? scale : -Double(j + 1) * scale
}
