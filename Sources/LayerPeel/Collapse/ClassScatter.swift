internal import CKernels

/// The scatter of features around their class means, from a second pass once the means are known.
///
/// Sums of squared differences only: nothing is lost to a large offset of all features. The part of
/// the scatter in the span of the centred means is taken along their right singular vectors, of
/// which those count whose singular value is above `1e-13` of the largest, at most `K - 1`.
///
/// *Cost:* a product of `K × N × d` and `3 K N d` operations; two blocks in memory.
package struct ClassScatter {
  private let labels: Labels
  private let means: Matrix
  private let centredMeans: Matrix
  private let centre: [Double]
  private let directions: Matrix
  private let singularValues: [Double]
  private var residuals: [Double] = []
  private var squares: [Double]
  private var within: [Double]
  private var total: [Double]
  private var nearest: [Int32]
  /// The samples that are added here.
  private var samples: Range<Int>

  /// Nothing yet, around given means.
  package init(labels: Labels, means: Matrix) {
    self.labels = labels
    self.means = means
    centre = means.columnSums.map { $0 / Double(means.rows) }
    centredMeans = means.centred
    let svd = ThinSVD(centredMeans)
    let rank = min(labels.classes - 1, svd.values.count { $0 > 1e-13 * svd.values[0] })
    singularValues = Array(svd.values[..<rank])
    directions = Matrix(
      rows: rank, columns: means.columns,
      elements: Array(svd.right.elements[..<(rank * means.columns)]))
    squares = Array(repeating: 0, count: rank)
    within = Array(repeating: 0, count: labels.count)
    total = within
    nearest = Array(repeating: 0, count: labels.count)
    samples = 0..<labels.count
  }

  /// Nothing yet of some samples, around the same means: a share of the whole.
  ///
  /// - Precondition: Nothing was added.
  package func share(of samples: Range<Int>) -> ClassScatter {
    var share = self
    share.samples = samples
    share.within = Array(repeating: 0, count: samples.count)
    (share.total, share.nearest) = (share.within, Array(repeating: 0, count: samples.count))
    return share
  }

  /// Adds what another share, of the samples after these, has.
  package mutating func add(_ other: ClassScatter) {
    precondition(other.samples.lowerBound == samples.upperBound)
    samples = samples.lowerBound..<other.samples.upperBound
    within += other.within
    total += other.total
    nearest += other.nearest
    for k in squares.indices { squares[k] += other.squares[k] }
  }

  /// Adds the rows of samples `range`.
  package mutating func add(_ rows: Span<Double>, _ range: Range<Int>) {
    let (n, d, first) = (range.count, means.columns, range.lowerBound - samples.lowerBound)
    precondition(rows.count == n * d && first >= 0 && range.upperBound <= samples.upperBound)
    if residuals.count != n * d { residuals = Array(repeating: 0, count: n * d) }
    rows.withUnsafeBufferPointer { rows in
      labels.values.withUnsafeBufferPointer { y in
        within.withUnsafeMutableBufferPointer { within in
          total.withUnsafeMutableBufferPointer { total in
            nearest.withUnsafeMutableBufferPointer { nearest in
              layerpeel_scatter(
                n, d, means.rows, rows.baseAddress, y.baseAddress! + range.lowerBound,
                means.elements, centre, &residuals, within.baseAddress! + first,
                total.baseAddress! + first,
                nearest.baseAddress! + first)
            }
          }
        }
      }
    }
    addParts(n)
  }

  /// The squares of the residuals' parts along each direction.
  private mutating func addParts(_ n: Int) {
    guard directions.rows > 0 else { return }
    var parts = [Double](repeating: 0, count: n * directions.rows)
    var span = parts.mutableSpan
    multiply(
      directions.elements.span, .plain, residuals.span, .transposed, rows: directions.rows,
      inner: means.columns, columns: n, into: &span)
    for k in 0..<directions.rows {
      let row = parts.span.extracting(k * n..<(k + 1) * n)
      squares[k] += dotProduct(row, row)
    }
  }

  /// What there is to know of the features, once every sample was added.
  package var statistics: ClassStatistics {
    precondition(samples == 0..<labels.count, "only samples \(samples) were added")
    var variances = [Double](repeating: 0, count: labels.classes)
    var (distance, spread) = (0.0, 0.0)
    for i in 0..<labels.count {
      variances[labels[i]] += within[i]
      distance += within[i].squareRoot()
      spread += total[i].squareRoot()
    }
    let sum = variances.reduce(0, +)
    for k in variances.indices { variances[k] /= Double(labels.sizes.counts[k]) }
    return ClassStatistics(
      labels: labels, means: means, centredMeans: centredMeans, variances: variances,
      withinSquares: sum, withinDistance: distance, totalDistance: spread,
      singularValues: singularValues, spanSquares: squares, nearest: nearest)
  }
}
