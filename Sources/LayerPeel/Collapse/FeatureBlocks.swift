/// Features that are read a few rows at a time, as often as needed: in memory, or on disk.
package protocol FeatureBlocks {
  /// `N`.
  var count: Int { get }
  /// `d`.
  var dimension: Int { get }
  /// Gives `body` some rows, one after the other, in double; they stay valid only in it.
  func withRows(_ range: Range<Int>, _ body: (Span<Double>) -> Void)
}

extension FeatureBlocks {
  /// The rows in order, in blocks of about a megabyte: what stays in a core's cache while it is used.
  package var blocks: [Range<Int>] {
    let size = max(32, min(1024, 131072 / dimension))
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }
}

/// Features that lie in memory anyway.
package struct FeaturesInMemory: FeatureBlocks {
  private let features: Matrix

  /// The rows of a matrix, `N × d`.
  package init(_ features: Matrix) { self.features = features }

  package var count: Int { features.rows }
  package var dimension: Int { features.columns }

  package func withRows(_ range: Range<Int>, _ body: (Span<Double>) -> Void) {
    let d = features.columns
    body(features.elements.span.extracting(range.lowerBound * d..<range.upperBound * d))
  }
}
