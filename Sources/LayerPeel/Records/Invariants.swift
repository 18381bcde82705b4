/// What gradient flow conserves, as it was at the start.
package struct Invariants: Hashable, Sendable {
  /// `WᵀW - HᵀH`, `d × d`.
  package let imbalance: Matrix
  /// `1ᵀW`.
  package let rowSum: [Double]

  /// Invariants of given values.
  package init(imbalance: Matrix, rowSum: [Double]) {
    (self.imbalance, self.rowSum) = (imbalance, rowSum)
  }

  /// Those of a point.
  package init(_ point: Point) {
    self.init(imbalance: point.imbalance, rowSum: point.classifier.columnSums)
  }
}
