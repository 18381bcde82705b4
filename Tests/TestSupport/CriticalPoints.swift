package import LayerPeel

/// Critical points of the loss on a sphere that have a closed form, for balanced classes.
///
/// An oracle: built by index, one size for all blocks, and cosines by their series, without the
/// library's own arrangements of class vectors.
package enum ClosedForm {
  /// The point of given norm whose logits are a multiple of `C Y`, shared equally between `W` and
  /// `H`; `C`, `K × K`, symmetric and positive semidefinite with `C² ∝ C`.
  private static func point(
    _ model: LayerPeeledModel, squareRoot: Matrix, radius: Double
  ) -> Point {
    let (classes, d) = (model.sizes.classes, model.dimension)
    let perClass = Double(model.sizes.counts[0])
    let classifier = Matrix(rows: classes, columns: d) {
      $1 < squareRoot.columns ? squareRoot[$0, $1] : 0
    }
    let features = Matrix(rows: model.sizes.samples, columns: d) {
      classifier[model.labels[$0], $1] / perClass.squareRoot()
    }
    let shape = Point(classifier: classifier, features: features)
    return (radius / shape.norm) * shape
  }

  /// An orthonormal basis of the vectors of `size` entries that sum to zero, one a column.
  package static func centredBasis(_ size: Int) -> Matrix {
    Matrix(rows: size, columns: size - 1) { i, j in  // Helmert's
      let scale = 1 / Double((j + 1) * (j + 2)).squareRoot()
      return i <= j ? scale : i == j + 1 ? -Double(j + 1) * scale : 0
    }
  }

  /// Neural collapse at a norm; `d ≥ K - 1`.
  package static func collapse(_ model: LayerPeeledModel, radius: Double) -> Point {
    point(model, squareRoot: centredBasis(model.sizes.classes), radius: radius)
  }

  /// Classes in equal blocks of `size`, each a simplex of its own, orthogonal to the others.
  package static func blocks(_ model: LayerPeeledModel, size: Int, radius: Double) -> Point {
    let basis = centredBasis(size)
    let root = Matrix(
      rows: model.sizes.classes, columns: model.sizes.classes / size * (size - 1)
    ) { k, j in
      k / size == j / (size - 1) ? basis[k % size, j % (size - 1)] : 0
    }
    return point(model, squareRoot: root, radius: radius)
  }

  /// The regular polygon in the plane.
  package static func polygon(_ model: LayerPeeledModel, radius: Double) -> Point {
    let classes = Double(model.sizes.classes)
    let root = Matrix(rows: model.sizes.classes, columns: 2) { k, j in
      let angle = 2 * Double.pi * Double(k) / classes
      return j == 0 ? cosine(angle) : cosine(angle - .pi / 2)
    }
    return point(model, squareRoot: root, radius: radius)
  }

  /// `W = 1cᵀ` and random features with equal class sums: critical for `L` itself, for any sizes.
  package static func equalSums(_ model: LayerPeeledModel, radius: Double, seed: UInt64) -> Point {
    var generator = SplitMix64(seed: seed)
    var point = model.gaussianPoint(using: &generator)
    let row = Array(point.classifier.row(0))
    for k in 0..<model.sizes.classes { for j in row.indices { point.classifier[k, j] = row[j] } }
    for (k, size) in model.sizes.counts.enumerated() {
      let members = (0..<model.labels.count).filter { model.labels[$0] == k }
      for j in row.indices {
        let sum = members.reduce(0) { $0 + point.features[$1, j] }
        for i in members { point.features[i, j] += (1 - sum) / Double(size) }
      }
    }
    return (radius / point.norm) * point
  }

  /// A point with its features turned round: `(W, -H)`.
  package static func flipped(_ point: Point) -> Point {
    Point(classifier: point.classifier, features: -1 * point.features)
  }

  /// By its series; right to rounding for the angles above.
  private static func cosine(_ angle: Double) -> Double {
    var (term, sum, k) = (1.0, 1.0, 0.0)
    while abs(term) > 1e-18 {
      term *= -angle * angle / ((k + 1) * (k + 2))
      sum += term
      k += 2
    }
    return sum
  }
}
