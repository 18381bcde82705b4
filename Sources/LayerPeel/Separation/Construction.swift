internal import Glibc

/// A named configuration of class vectors from which a search may start.
struct Construction {
  let name: String
  /// `W` and `G`, `K × d` each, in the units of ``ClassProblem``.
  let point: Point

  /// What the number of classes and the dimension allow.
  static func all(of sizes: ClassSizes, dimension: Int) -> [Construction] {
    let classes = sizes.classes
    var all = [polygon(classes, dimension)]
    all += (2...max(2, classes / 2)).compactMap { blocks(classes, of: $0, dimension) }
    return all
  }

  /// The same vectors for `W` and `G`.
  private init(_ name: String, _ vectors: Matrix) {
    self.name = name
    point = Point(classifier: vectors, features: vectors)
  }

  /// The regular polygon in the first plane.
  private static func polygon(_ classes: Int, _ dimension: Int) -> Construction {
    let angle = 2 * Double.pi / Double(classes)
    return Construction(
      "polygon",
      Matrix(rows: classes, columns: dimension) { k, a in
        a == 0 ? cos(angle * Double(k)) : a == 1 ? sin(angle * Double(k)) : 0
      })
  }

  /// Simplices of `size` classes in orthogonal subspaces, the last one larger where the classes do not
  /// divide: antipodal pairs for two.
  private static func blocks(_ classes: Int, of size: Int, _ dimension: Int) -> Construction? {
    let count = classes / size
    guard count >= 2, classes - count <= dimension else { return nil }
    var vectors = Matrix(rows: classes, columns: dimension)
    for block in 0..<count {
      let first = block * size
      let members = block == count - 1 ? classes - first : size
      let simplex = simplexFrame(members)
      for k in 0..<members {
        for a in 0..<members - 1 { vectors[first + k, first - block + a] = simplex[k, a] }
      }
    }
    return Construction(size == 2 ? "pairs" : "blocks of \(size)", vectors)
  }
}

/// Unit vectors from the centre of a regular simplex to its corners, in one dimension less than it
/// has corners.
private func simplexFrame(_ corners: Int) -> Matrix {
  let size = Double(corners)
  // Helmert's basis of the vectors with sum zero, scaled to unit corners.
  return Matrix(rows: corners, columns: corners - 1) { k, a in
    let m = Double(a + 1)
    let entry =
      k <= a ? 1 / (m * (m + 1)).squareRoot() : k == a + 1 ? -(m / (m + 1)).squareRoot() : 0
    return entry * (size / (size - 1)).squareRoot()
  }
}
