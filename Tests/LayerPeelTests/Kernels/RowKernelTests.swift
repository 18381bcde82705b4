import CKernels
import LayerPeel
import Testing

/// The kernels over rows of a last layer against plain loops, around their blocks of rows and columns.
struct RowKernelTests {
  /// Rows, columns and classes.
  static let shapes = (1...11).flatMap { n in
    [(1, 2), (7, 3), (8, 2), (15, 5), (16, 4), (33, 3), (40, 10)].map { (n, $0.0, $0.1) }
  }

  private struct Operands {
    let n, d, classes, stride: Int
    let h, before, w, a: [Double]
    let y: [Int32]

    /// `stride` more columns than rows, as of a block inside all samples.
    init(_ shape: (Int, Int, Int)) {
      let (n, d, classes) = shape
      (self.n, self.d, self.classes, stride) = (n, d, classes, n + 3)
      var generator = SplitMix64(seed: UInt64(n + 100 * d))
      func draw(_ count: Int) -> [Double] { (0..<count).map { _ in generator.gaussianPair().0 } }
      (h, before, w) = (draw(n * d), draw(n * d), draw(classes * d))
      a = draw(classes * (n + 3))
      y = (0..<n).map { Int32($0 % classes) }
    }

    func slope(_ i: Int, _ j: Int) -> Double {
      (0..<classes).reduce(0) { $0 + a[$1 * stride + i] * w[$1 * d + j] }
    }
  }

  /// Sums of some hundred products of numbers below 5, in another order.
  private let tolerance = 500 * 25 * Double.ulpOfOne

  private func close(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * (1 + abs($1)) }
  }

  @Test(arguments: shapes)
  func `products with each class's row fill their columns alone`(_ shape: (Int, Int, Int)) {
    let v = Operands(shape)
    var z = [Double](repeating: -7, count: v.classes * v.stride)
    layerpeel_row_products(v.n, v.d, v.classes, v.stride, v.h, v.w, &z)
    let expected = (0..<v.classes * v.stride).map { index -> Double in
      let (k, i) = (index / v.stride, index % v.stride)
      return i < v.n
        ? (0..<v.d).reduce(0) { $0 + v.w[k * v.d + $1] * v.h[i * v.d + $1] } : -7
    }
    #expect(close(z, expected))
  }

  @Test(arguments: shapes)
  func `weighted rows are added to what is there`(_ shape: (Int, Int, Int)) {
    let v = Operands(shape)
    var sums = v.w
    layerpeel_add_weighted_rows(v.n, v.d, v.classes, v.stride, v.h, v.a, &sums)
    let expected = v.w.indices.map { index in
      (0..<v.n).reduce(v.w[index]) {
        $0 + v.a[index / v.d * v.stride + $1] * v.h[$1 * v.d + index % v.d]
      }
    }
    #expect(close(sums, expected))
  }

  @Test(arguments: shapes)
  func `changes and residuals are those of slopes that are formed`(_ shape: (Int, Int, Int)) {
    let v = Operands(shape)
    var squares = [Double](repeating: .nan, count: v.n)
    layerpeel_residuals(v.n, v.d, v.classes, v.stride, 0.3, v.h, -1.1, v.a, v.w, &squares)
    var products = [Double](repeating: .nan, count: 4 * v.n)
    layerpeel_changes(
      v.n, v.d, v.classes, v.stride, v.h, v.before, v.a, v.w, v.y, v.w, &products)
    var (expected, changes) = ([Double](), [Double]())
    for i in 0..<v.n {
      let rows = (0..<v.d).map { j in
        (
          h: v.h[i * v.d + j], x: v.h[i * v.d + j] - v.before[i * v.d + j], g: v.slope(i, j),
          m: v.w[Int(v.y[i]) * v.d + j]
        )
      }
      func sum(_ term: (Double, Double, Double, Double) -> Double) -> Double {
        rows.reduce(0) { $0 + term($1.h, $1.x, $1.g, $1.m) }
      }
      expected.append(sum { h, _, g, _ in (0.3 * h - 1.1 * g) * (0.3 * h - 1.1 * g) })
      changes += [
        sum { _, x, _, _ in x * x }, sum { _, x, g, _ in x * g }, sum { _, _, g, _ in g * g },
        sum { _, x, _, m in x * m },
      ]
    }
    #expect(close(squares, expected) && close(products, changes))
  }

  @Test(arguments: shapes)
  func `distances from means are those of one row at a time`(_ shape: (Int, Int, Int)) {
    let v = Operands(shape)
    let centre = Array(v.before[..<v.d])
    var (residuals, within, total) = (v.h, [Double](repeating: .nan, count: v.n), v.h)
    var nearest = [Int32](repeating: -1, count: v.n)
    layerpeel_scatter(
      v.n, v.d, v.classes, v.h, v.y, v.w, centre, &residuals, &within, &total, &nearest)
    for i in 0..<v.n {
      let row = Array(v.h[i * v.d..<(i + 1) * v.d])
      func distance(_ y: [Double]) -> Double {
        zip(row, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let means = (0..<v.classes).map { Array(v.w[$0 * v.d..<($0 + 1) * v.d]) }
      let own = means[Int(v.y[i])]
      #expect(Array(residuals[i * v.d..<(i + 1) * v.d]) == zip(row, own).map { $0 - $1 })
      #expect(close([within[i], total[i]], [distance(own), distance(centre)]))
      #expect(Int(nearest[i]) == means.indices.min { distance(means[$0]) < distance(means[$1]) })
    }
  }

  @Test(arguments: [1, 2, 4, 100])
  func `every share is run once`(_ count: Int) {
    var runs = [Int32](repeating: 0, count: count)
    runs.withUnsafeMutableBufferPointer { runs in
      layerpeel_run_shares(
        count, { $1!.assumingMemoryBound(to: Int32.self)[$0] += 1 }, runs.baseAddress)
    }
    #expect(runs.allSatisfy { $0 == 1 })
  }
}
