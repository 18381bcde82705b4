/// A dense matrix of doubles, stored row by row.
public struct Matrix: Hashable, Sendable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// All entries, row after row: entry `(i, j)` is `elements[i * columns + j]`.
  public var elements: [Double]

  /// A matrix of given entries.
  ///
  /// - Precondition: `elements.count == rows * columns`.
  public init(rows: Int, columns: Int, elements: [Double]) {
    precondition(elements.count == rows * columns, "\(elements.count) entries, \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix with every entry equal to `value`.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(
      rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// A matrix whose entry `(i, j)` is `entry(i, j)`.
  public init(rows: Int, columns: Int, entry: (Int, Int) -> Double) {
    self.init(rows: rows, columns: columns)
    for i in 0..<rows { for j in 0..<columns { self[i, j] = entry(i, j) } }
  }

  /// Entry of row `i` and column `j`, both from zero.
  public subscript(i: Int, j: Int) -> Double {
    get { elements[i * columns + j] }
    set { elements[i * columns + j] = newValue }
  }

  /// Row `i`, contiguous.
  public func row(_ i: Int) -> ArraySlice<Double> {
    elements[i * columns..<(i + 1) * columns]
  }

  /// Frobenius norm.
  public var norm: Double { Matrix.dot(self, self).squareRoot() }

  /// The transpose, as a view that copies nothing: a factor of a product.
  public var transposed: TransposedMatrix { TransposedMatrix(base: self) }

  /// The sum of all rows, one entry a column.
  public var columnSums: [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for i in 0..<rows { for j in 0..<columns { sums[j] += self[i, j] } }
    return sums
  }

  /// Inner product `tr(AᵀB)`.
  public static func dot(_ a: Matrix, _ b: Matrix) -> Double {
    precondition(a.rows == b.rows && a.columns == b.columns, "shapes differ")
    return dotProduct(a.elements.span, b.elements.span)
  }

  /// Entrywise sum.
  public static func + (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b) { $0 + $1 } }
  /// Entrywise difference.
  public static func - (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b) { $0 - $1 } }
  /// Every entry times `factor`.
  public static func * (factor: Double, a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, elements: a.elements.map { factor * $0 })
  }

  private func combined(with other: Matrix, _ body: (Double, Double) -> Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "shapes differ")
    var result = self
    for i in elements.indices { result.elements[i] = body(elements[i], other.elements[i]) }
    return result
  }
}
