import CKernels
import LayerPeel
import Testing

/// The vector kernels against plain loops, at every length around their unrolled blocks.
struct VectorKernelTests {
  static let lengths = 0...70

  private struct Operands {
    let x, y, w: [Double]
    let a = 1.7
    let b = -0.3
    init(_ length: Int, seed: Int = 0) {
      var generator = SplitMix64(seed: UInt64(length + 1000 * seed))
      func draw() -> [Double] {
        (0..<length).map { _ in generator.gaussianPair().0 }
      }
      (x, y, w) = (draw(), draw(), draw())
    }
  }

  /// The result of a kernel that writes `length` entries, with a sentinel behind them.
  private func written(_ length: Int, by body: (UnsafeMutablePointer<Double>) -> Void) -> [Double] {
    var z = [Double](repeating: -7.25, count: length + 1)
    body(&z)
    #expect(z[length] == -7.25, "wrote past the end")
    return Array(z[..<length])
  }

  /// A sum of products in another order: `n` roundings of partial sums, and one of each product.
  private func tolerance(_ terms: [Double]) -> Double {
    Double(terms.count + 1) * .ulpOfOne * terms.reduce(0) { $0 + abs($1) }
  }

  @Test(arguments: lengths)
  func `dot products agree with a loop`(_ length: Int) {
    let v = Operands(length)
    let terms = zip(v.x, v.y).map { $0 * $1 }
    #expect(abs(layerpeel_dot(length, v.x, v.y) - terms.reduce(0, +)) <= tolerance(terms))
    let squares = zip(v.x, v.w).map { $0 * $1 * $0 * $1 }
    #expect(
      abs(layerpeel_weighted_sum_of_squares(length, v.x, v.w) - squares.reduce(0, +))
        <= tolerance(squares))
  }

  @Test(arguments: lengths)
  func `several dot products at once agree with one at a time`(_ length: Int) {
    let x = Operands(length).x
    for count in 1...9 {
      let others = (0..<count).map { Operands(length, seed: $0 + 1).x }
      var out = [Double](repeating: .nan, count: count)
      withPointers(others) { layerpeel_dots(length, count, x, $0, &out) }
      for (k, y) in others.enumerated() {
        let terms = zip(x, y).map { $0 * $1 }
        #expect(abs(out[k] - terms.reduce(0, +)) <= tolerance(terms), "product \(k) of \(count)")
      }
    }
  }

  @Test(arguments: lengths)
  func `linear combinations agree with a loop`(_ length: Int) {
    let v = Operands(length)
    // Two products and a sum, or one product rounded together with the sum.
    func isNear(_ z: Double, _ terms: [Double]) -> Bool {
      abs(z - terms.reduce(0, +)) <= tolerance(terms)
    }
    let sum = written(length) { layerpeel_linear_sum(length, v.a, v.x, v.b, v.y, $0) }
    #expect(sum.indices.allSatisfy { isNear(sum[$0], [v.a * v.x[$0], v.b * v.y[$0]]) })

    for count in 1...5 {
      let parts = Array([v.x, v.y, v.w, v.y, v.x][..<count])
      let weights = Array([0.5, -1.25, 3, 0.1, -2][..<count])
      let combined = written(length) { z in
        withPointers(parts) { layerpeel_linear_combination(length, count, weights, $0, z) }
      }
      for i in combined.indices {
        #expect(isNear(combined[i], zip(weights, parts).map { $0 * $1[i] }), "entry \(i)")
      }
    }
  }

  @Test(arguments: lengths)
  func `a result may overwrite an operand`(_ length: Int) {
    let v = Operands(length)
    let apart = written(length) { layerpeel_linear_sum(length, v.a, v.x, v.b, v.y, $0) }
    let overX = written(length) { z in
      for i in 0..<length { z[i] = v.x[i] }
      layerpeel_linear_sum(length, v.a, z, v.b, v.y, z)
    }
    let overY = written(length) { z in
      for i in 0..<length { z[i] = v.y[i] }
      layerpeel_linear_sum(length, v.a, v.x, v.b, z, z)
    }
    #expect(overX == apart)
    #expect(overY == apart)
  }

  @Test(arguments: lengths)
  func `entrywise kernels round as one operation does`(_ n: Int) {
    let v = Operands(n)
    #expect(written(n) { layerpeel_product(n, v.x, v.y, $0) } == zip(v.x, v.y).map { $0 * $1 })
    #expect(written(n) { layerpeel_quotient(n, v.x, v.y, $0) } == zip(v.x, v.y).map { $0 / $1 })
    #expect(written(n) { layerpeel_scale(n, v.a, v.x, $0) } == v.x.map { v.a * $0 })
    #expect(written(n) { layerpeel_reciprocal(n, v.x, $0) } == v.x.map { 1 / $0 })
    #expect(written(n) { layerpeel_absolute(n, v.x, $0) } == v.x.map { abs($0) })
    #expect(written(n) { layerpeel_add_constant(n, v.x, v.b, $0) } == v.x.map { $0 + v.b })
    #expect(written(n) { layerpeel_fill(n, v.a, $0) } == Array(repeating: v.a, count: n))
  }

  private func withPointers(
    _ vectors: [[Double]], _ body: (UnsafePointer<UnsafePointer<Double>?>) -> Void
  ) {
    let flat: [Double] = vectors.reduce([], +) + [0]
    let length = vectors[0].count
    flat.withUnsafeBufferPointer { buffer in
      let pointers = vectors.indices.map { Optional(buffer.baseAddress! + $0 * length) }
      pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
  }
}
