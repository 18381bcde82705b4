internal import Glibc

/// One vector for each class, in an arrangement that symmetry makes special.
///
/// Simplices, merged classes and their orthogonal sums have orthonormal columns, so that `V Vᵀ` is
/// a projection; unit blocks have rows of one length instead. Between blocks of equal size the two
/// differ by a factor.
package struct ClassConfiguration: Hashable, Sendable {
  /// `V`, `K × r`: row `k` is the vector of class `k`, in the `r` dimensions that all of them span.
  package let vectors: Matrix

  /// A regular simplex; `r = K - 1`.
  package static func simplex(_ classes: Int) -> ClassConfiguration {
    merged([Int](repeating: 1, count: classes))
  }

  /// The classes of each block share one vector, and the vectors sum to zero over the classes;
  /// for `m` blocks of these sizes `r = m - 1`.
  ///
  /// Column `j` is Helmert's contrast of the first `j` blocks with the next one: the same in all
  /// classes before it, and what makes the sum zero in those of that block.
  package static func merged(_ sizes: [Int]) -> ClassConfiguration {
    let block = sizes.indices.flatMap { [Int](repeating: $0, count: sizes[$0]) }
    let columns = sizes.indices.dropFirst().map { next in
      let (before, size) = (Double(sizes[..<next].reduce(0, +)), Double(sizes[next]))
      return (
        1 / (before * (before + size) / size).squareRoot(),
        -(before / (size * (before + size))).squareRoot()
      )
    }
    return ClassConfiguration(
      vectors: Matrix(rows: block.count, columns: columns.count) { k, j in
        block[k] <= j ? columns[j].0 : block[k] == j + 1 ? columns[j].1 : 0
      })
  }

  /// A simplex in each block of classes, blocks at right angles, single classes at zero; for `m`
  /// blocks of these sizes `r = K - m`.
  package static func blocks(_ sizes: [Int]) -> ClassConfiguration {
    blocks(sizes) { _ in 1 }
  }

  /// The same with vectors of unit length; those of single classes are zero.
  package static func unitBlocks(_ sizes: [Int]) -> ClassConfiguration {
    blocks(sizes) { size in (Double(size) / Double(size - 1)).squareRoot() }
  }

  private static func blocks(
    _ sizes: [Int], length: (Int) -> Double
  ) -> ClassConfiguration {
    let classes = sizes.reduce(0, +)
    var vectors = Matrix(rows: classes, columns: classes - sizes.count)
    var (row, column) = (0, 0)
    for size in sizes {
      let (simplex, length) = (simplex(size).vectors, length(size))
      for k in 0..<size {
        for j in 0..<size - 1 { vectors[row + k, column + j] = simplex[k, j] * length }
      }
      (row, column) = (row + size, column + size - 1)
    }
    return ClassConfiguration(vectors: vectors)
  }

  /// The corners of a regular polygon in the plane, unit vectors.
  package static func polygon(_ classes: Int) -> ClassConfiguration {
    let angle = 2 * Double.pi / Double(classes)
    return ClassConfiguration(
      vectors: Matrix(rows: classes, columns: 2) { k, j in
        j == 0 ? cos(angle * Double(k)) : sin(angle * Double(k))
      })
  }

  /// The vectors among the first of so many coordinates, at least as many as they span.
  package func vectors(in dimension: Int) -> Matrix {
    precondition(vectors.columns <= dimension, "\(vectors.columns) directions in \(dimension)")
    return Matrix(rows: vectors.rows, columns: dimension) { k, j in
      j < vectors.columns ? vectors[k, j] : 0
    }
  }
}
