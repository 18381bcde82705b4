import LayerPeel
import TestSupport
import Testing

/// Lanczos iteration against spectra that are known because the matrix was made from them.
struct LowestEigenvaluesTests {
  struct Spectrum: CustomTestStringConvertible {
    let name: String
    let values: [Double]
    let copies: Int
    var testDescription: String { name }
  }

  static let spectra = [
    Spectrum(name: "spread out", values: (0..<120).map { Double($0) / 10 - 3 }, copies: 1),
    Spectrum(
      name: "a cluster at the lower end",
      values: [-1, -1 + 1e-4, -1 + 2e-4] + (0..<150).map { Double($0) / 50 }, copies: 1),
    Spectrum(
      name: "the lowest three times",
      values: [-2, -2, -2] + (0..<100).map { 1 + Double($0) / 30 }, copies: 3),
    Spectrum(
      name: "few different eigenvalues",
      values: [-1, -1, -1, -1] + Array(repeating: 0, count: 60) + Array(repeating: 1, count: 40),
      copies: 4),
    Spectrum(
      name: "zero is the lowest", values: [0, 0] + (0..<90).map { 0.5 + Double($0) / 9 },
      copies: 2),
    Spectrum(
      name: "one far below the others in size", values: [-1] + (1..<80).map { Double($0) * 1e3 },
      copies: 1),
  ]

  /// `Q diag(values) Qᵀ`, `Q` a product of random reflections.
  private func matrix(_ values: [Double], seed: UInt64) -> Matrix {
    var generator = SplitMix64(seed: seed)
    let n = values.count
    var matrix = Matrix(rows: n, columns: n) { $0 == $1 ? values[$0] : 0 }
    for _ in 0..<3 {
      let vector = (0..<n).map { _ in generator.gaussianPair().0 }
      let scale = 2 / vector.reduce(0) { $0 + $1 * $1 }
      let reflection = Matrix(rows: n, columns: n) {
        ($0 == $1 ? 1 : 0) - scale * vector[$0] * vector[$1]
      }
      matrix = reflection * matrix * reflection
    }
    return matrix
  }

  private func operation(_ matrix: Matrix) -> SymmetricOperator {
    { x, y in
      multiply(
        matrix.elements.span, .plain, x, .plain, rows: matrix.rows, inner: matrix.rows, columns: 1,
        into: &y)
    }
  }

  @Test(arguments: spectra)
  func `the lowest eigenvalue and its copies are those of the spectrum`(
    _ spectrum: Spectrum
  ) throws {
    let matrix = matrix(spectrum.values, seed: 5)
    let size = LowestEigenvalues.largestSize(of: operation(matrix), count: matrix.rows)
    let truth = spectrum.values.reduce(0) { max($0, abs($1)) }
    #expect(abs(size / truth - 1) <= 1e-2)
    var settings = LowestEigenvalues.Settings()
    settings.tolerance = 1e-11 * size
    settings.separation = 1e-8 * size
    settings.mostCopies = 6
    let found = LowestEigenvalues(
      of: operation(matrix), count: matrix.rows, size: size, settings: settings)
    #expect(found.isConverged)
    #expect(found.multiplicity == spectrum.copies)
    #expect(found.pairs.count == spectrum.copies)
    let lowest = try #require(spectrum.values.min())
    for pair in found.pairs {
      // The matrix itself is rounded, by n ε of its size.
      let rounding = Double(matrix.rows) * .ulpOfOne * truth
      #expect(abs(pair.value - lowest) <= pair.error + rounding)
      #expect(pair.error <= settings.tolerance)
    }
  }

  @Test func `several eigenvalues come in order`() {
    let matrix = matrix((0..<200).map { Double($0 * $0) / 100 - 7 }, seed: 6)
    var settings = LowestEigenvalues.Settings()
    (settings.wanted, settings.tolerance) = (4, 1e-9)
    let found = LowestEigenvalues(
      of: operation(matrix), count: matrix.rows, size: 400, settings: settings)
    #expect(found.pairs.count == 4)
    for (k, pair) in found.pairs.enumerated() {
      #expect(abs(pair.value - (Double(k * k) / 100 - 7)) <= 1e-9)
    }
  }

  @Test func `an iteration that is cut short says so, and its error is true`() {
    let values = (0..<400).map { Double($0) / 4000 }
    let matrix = matrix(values, seed: 7)
    var settings = LowestEigenvalues.Settings()
    (settings.tolerance, settings.mostRestarts, settings.basis) = (1e-13, 1, 4)
    let found = LowestEigenvalues(
      of: operation(matrix), count: matrix.rows, size: 0.1, settings: settings)
    #expect(!found.isConverged)
    let value = found.pairs[0].value
    let distance = values.map { abs($0 - value) }.min() ?? .infinity
    #expect(distance <= found.pairs[0].error)
  }

  @Test func `equal seeds give equal results`() {
    let matrix = matrix((0..<100).map { Double($0).squareRoot() }, seed: 8)
    let runs = (0..<2).map { _ in
      LowestEigenvalues(of: operation(matrix), count: matrix.rows, size: 10).pairs
    }
    #expect(runs[0] == runs[1])
  }
}
