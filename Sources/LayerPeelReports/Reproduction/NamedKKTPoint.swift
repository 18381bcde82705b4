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
      let radius = 1 / (1 - cos(2 * .pi / Double(classes))).squareRoot()
      return radius * ClassConfiguration.polygon(classes).vectors(in: dimension)
    case .blocks(let sizes):
      return ClassConfiguration.unitBlocks(sizes).vectors(in: dimension)
    }
  }
}
