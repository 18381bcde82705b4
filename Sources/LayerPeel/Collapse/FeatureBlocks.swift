internal import CKernels

/// Features that are read a few rows at a time, as often as needed: in memory, or on disk.
package protocol FeatureBlocks {
  /// `N`.
  var count: Int { get }
  /// `d`.
  var dimension: Int { get }
  /// Gives `body` some rows, one after the other, in double; they stay valid only in it.
  ///
  /// Several threads may call it at once, each with a buffer of its own, which is enlarged where
  /// needed and kept for the next call.
  func withRows(_ range: Range<Int>, using buffer: inout [Double], _ body: (Span<Double>) -> Void)
}

extension FeatureBlocks {
  /// The rows in order, in blocks of about a megabyte: what stays in a core's cache while it is used.
  package var blocks: [Range<Int>] {
    let size = max(32, min(1024, 131072 / dimension))
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  /// Reads all rows in four shares of consecutive blocks, which may run side by side.
  ///
  /// The shares are the same however many threads there are, so what is made of them in their order
  /// is too: one thread and several give bitwise equal results.
  ///
  /// - Parameters:
  ///   - start: What a share of these samples begins with.
  ///   - add: Adds the rows of a block to its share; other shares may run meanwhile.
  /// - Returns: The shares in order, at least one.
  package func inShares<Share>(
    _ start: (Range<Int>) -> Share,
    _ add: (inout Share, Span<Double>, Range<Int>) -> Void
  ) -> [Share] {
    let blocks = blocks
    let number = min(4, blocks.count)
    let cuts = (0...number).map { blocks.count * $0 / number }
    var shares = (0..<number).map {
      start(blocks[cuts[$0]].lowerBound..<blocks[cuts[$0 + 1] - 1].upperBound)
    }
    shares.withUnsafeMutableBufferPointer { pointer in
      let shares = pointer
      runShares(number) { s in
        var buffer: [Double] = []
        for range in blocks[cuts[s]..<cuts[s + 1]] {
          withRows(range, using: &buffer) { add(&shares[s], $0, range) }
        }
      }
    }
    return shares
  }
}

/// Runs `body` for each number below `count`, on as many threads as networks have.
private func runShares(_ count: Int, _ body: (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    var body = body
    withUnsafeMutablePointer(to: &body) { context in
      layerpeel_run_shares(
        count, { $1!.assumingMemoryBound(to: ((Int) -> Void).self).pointee($0) }, context)
    }
  }
}

/// Features that lie in memory anyway.
package struct FeaturesInMemory: FeatureBlocks {
  private let features: Matrix

  /// The rows of a matrix, `N × d`.
  package init(_ features: Matrix) { self.features = features }

  package var count: Int { features.rows }
  package var dimension: Int { features.columns }

  package func withRows(
    _ range: Range<Int>, using buffer: inout [Double], _ body: (Span<Double>) -> Void
  ) {
    let d = features.columns
    body(features.elements.span.extracting(range.lowerBound * d..<range.upperBound * d))
  }
}
