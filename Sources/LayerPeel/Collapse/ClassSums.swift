internal import CKernels

/// Class means of features that pass by once, block after block.
package struct ClassSums {
  private let labels: Labels
  private var sums: Matrix

  /// Nothing yet.
  package init(labels: Labels, dimension: Int) {
    self.labels = labels
    sums = Matrix(rows: labels.classes, columns: dimension)
  }

  /// Adds the rows of samples `range`.
  package mutating func add(_ rows: Span<Double>, _ range: Range<Int>) {
    precondition(rows.count == range.count * sums.columns && range.upperBound <= labels.count)
    rows.withUnsafeBufferPointer { rows in
      labels.values.withUnsafeBufferPointer { y in
        layerpeel_class_sums(
          range.count, sums.columns, rows.baseAddress, y.baseAddress! + range.lowerBound,
          &sums.elements)
      }
    }
  }

  /// Adds the sums over other samples.
  package mutating func add(_ other: ClassSums) {
    for i in sums.elements.indices { sums.elements[i] += other.sums.elements[i] }
  }

  /// `μ_k`, `K × d`, once every sample was added.
  package var means: Matrix {
    Matrix(rows: sums.rows, columns: sums.columns) {
      sums[$0, $1] / Double(labels.sizes.counts[$0])
    }
  }
}
