import LayerPeel
import Testing

struct MatrixTests {
  /// Shapes of a product, with its factors drawn at random.
  struct ProductCase: Sendable, CustomStringConvertible {
    let rows, inner, columns: Int
    var description: String { "\(rows)×\(inner) times \(inner)×\(columns)" }

    func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
      var generator = SplitMix64(seed: seed)
      return Matrix(rows: rows, columns: columns) { _, _ in generator.gaussianPair().0 }
    }
  }

  static let products = [
    ProductCase(rows: 1, inner: 1, columns: 1), ProductCase(rows: 3, inner: 7, columns: 2),
    ProductCase(rows: 10, inner: 33, columns: 5), ProductCase(rows: 2, inner: 100, columns: 31),
  ]

  @Test(arguments: products)
  func `products agree with a triple loop, plain and transposed`(_ example: ProductCase) {
    let a = example.matrix(example.rows, example.inner, seed: 1)
    let b = example.matrix(example.inner, example.columns, seed: 2)
    let flippedA = Matrix(rows: a.columns, columns: a.rows) { a[$1, $0] }
    let flippedB = Matrix(rows: b.columns, columns: b.rows) { b[$1, $0] }
    let results = [a * b, flippedA.transposed * b, a * flippedB.transposed]
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        let terms = (0..<a.columns).map { a[i, $0] * b[$0, j] }
        // One rounding of each product, and one of each partial sum.
        let tolerance =
          Double(terms.count + 1) * .ulpOfOne * terms.reduce(0) { $0 + abs($1) }
        for result in results {
          #expect(abs(result[i, j] - terms.reduce(0, +)) <= tolerance, "entry (\(i), \(j))")
        }
      }
    }
  }

  @Test func `products scale, keep and land at an offset`() {
    let (a, b) = ([1.0, 2, 3, 4, 5, 6], [1.0, -1, 2])
    var c: [Double] = [9, 10, 20, 9]
    var span = c.mutableSpan
    multiply(
      a.span, .plain, b.span, .plain, rows: 2, inner: 3, columns: 1, scale: 2, keeping: 0.5,
      into: &span, from: 1)
    #expect(c == [9, 15, 32, 9])
  }

  @Test func `entries, rows, norms and sums are those of the layout`() {
    let a = Matrix(rows: 2, columns: 3) { Double(10 * $0 + $1) }
    #expect(a.elements == [0, 1, 2, 10, 11, 12])
    #expect(Array(a.row(1)) == [10, 11, 12])
    #expect(a.columnSums == [10, 12, 14])
    #expect(a.norm * a.norm == Matrix.dot(a, a) || abs(a.norm * a.norm - 370) <= 2 * 370.0.ulp)
    #expect((a + a) == 2 * a)
    #expect((a - a) == Matrix(rows: 2, columns: 3))
  }

  @Test func `centred rows sum to zero and row norms are Euclidean`() {
    let a = Matrix(rows: 3, columns: 2, elements: [3, 4, 0, 0, 6, 8])
    #expect(a.rowNorms == [5, 0, 10])
    #expect(a.centred == Matrix(rows: 3, columns: 2, elements: [0, 0, -3, -4, 3, 4]))
  }

  @Test func `a linear sum changes only the entries that the shorter vector has`() {
    var z = [1.0, 2, 3, 4]
    var span = z.mutableSpan
    linearSum(2, of: &span, -1, [1.0, 1, 1].span)
    #expect(z == [1, 3, 5, 4])
  }
}
