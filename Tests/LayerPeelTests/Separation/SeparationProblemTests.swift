import LayerPeel
import TestSupport
import Testing

struct SeparationProblemTests {
  /// Class sizes and the value they are known to have.
  struct ValueCase: Sendable, CustomStringConvertible {
    let sizes: [Int]
    let value: Double
    var description: String { "\(sizes)" }
    func problem() throws -> SeparationProblem {
      SeparationProblem(sizes: try ClassSizes(sizes))
    }
  }

  static let closedForms = [
    ValueCase(sizes: [1, 1, 1], value: 2),
    ValueCase(sizes: [5, 5, 5, 5], value: 6.70820393),
    ValueCase(sizes: Array(repeating: 20, count: 10), value: 40.24922359),
    ValueCase(sizes: [10, 10, 1, 1], value: 6.50748554),
  ]

  @Test(arguments: closedForms)
  func `the value has its published digits`(_ example: ValueCase) throws {
    // Half a unit in the eighth decimal.
    #expect(abs(try example.problem().value - example.value) <= 0.5e-8)
  }

  private func fixtures() throws -> [ValueCase] {
    struct File: Decodable {
      struct Case: Decodable {
        let sizes: [Int]
        let value: Double
      }
      let cases: [Case]
    }
    return try Fixture.json(File.self, "flow/seli.json").cases
      .map { ValueCase(sizes: $0.sizes, value: $0.value) }
  }

  @Test func `the value agrees with mpmath's for any sizes, and the bound certifies it`() throws {
    let fixtures = try fixtures()
    #expect(fixtures.count == 34)
    for example in fixtures {
      let problem = try example.problem()
      #expect(abs(problem.value - example.value) <= 1e-12 * example.value, "\(example)")
      // Both are sums over K × K entries that a singular value decomposition rounded; entries of
      // the dual matrix are divided by the least singular value.
      let (classes, extremes) = (Double(example.sizes.count), example.sizes)
      let condition = (Double(extremes.max()!) / Double(extremes.min()!)).squareRoot()
      let rounding = 4 * classes * classes * condition * .ulpOfOne
      #expect(abs(problem.certifiedBound - problem.value) <= rounding * problem.value, "\(example)")
      #expect(problem.largestGamma == 1 / (2 * problem.value))
    }
  }

  @Test func `balanced, the value is (K - 1)√n and each multiplier 1 over K √n`() throws {
    for classes in 2...12 {
      for perClass in [1, 2, 7, 100] {
        let problem = SeparationProblem(
          sizes: try ClassSizes(classes: classes, perClass: perClass))
        let (k, root) = (Double(classes), Double(perClass).squareRoot())
        #expect(abs(problem.value - (k - 1) * root) <= 4 * k * .ulpOfOne * problem.value)
        for i in 0..<classes {
          for j in 0..<classes {
            let expected = (i == j ? k - 1 : -1) / (k * root)
            #expect(abs(problem.dualColumns[i, j] - expected) <= 8 * k * .ulpOfOne / root)
          }
        }
        #expect(problem.sufficientDimension == classes - 1)
        #expect(problem.ceilingOfNonnegativeFeatures == ((k - 1) / k).squareRoot())
      }
    }
  }

  static let sizes = [
    [1, 1], [3, 8], [2, 2, 2], [6, 6, 2, 2], [10, 10, 1, 1], [5, 5, 5, 5], [1, 30, 4, 9, 2],
  ]

  @Test(arguments: sizes, [0, 1, 5])
  func `the optimum has margins of 1, half its squared norm is the value, and it is balanced`(
    _ counts: [Int], extra: Int
  ) throws {
    let problem = SeparationProblem(sizes: try ClassSizes(counts))
    let model = try LayerPeeledModel(
      sizes: problem.sizes, dimension: problem.sufficientDimension + extra)
    let point = problem.optimum(dimension: model.dimension)
    try model.validate(point)
    // Entries are right to the decomposition's rounding, as large as the largest singular value.
    let largest = Double(counts.max()!).squareRoot()
    let rounding = 16 * Double(counts.count) * largest * .ulpOfOne
    let logits = point.logits
    for i in 0..<model.sizes.samples {
      for k in 0..<counts.count where k != model.labels[i] {
        #expect(abs(logits[model.labels[i], i] - logits[k, i] - 1) <= rounding)
      }
    }
    #expect(abs(Point.dot(point, point) / 2 - problem.value) <= rounding * problem.value)
    #expect(point.imbalance.norm <= rounding * problem.value)
    // Logits are centred over classes: Z* = P Y.
    #expect(logits.columnSums.allSatisfy { abs($0) <= rounding })
  }

  @Test(arguments: sizes)
  func `the optimum and the multipliers of the dual matrix satisfy KKT`(_ counts: [Int]) throws {
    let problem = SeparationProblem(sizes: try ClassSizes(counts))
    let labels = Labels(sorted: problem.sizes)
    let point = problem.optimum(dimension: problem.sufficientDimension)
    // A(λ)_{j,i} = B_{j,y_i}: h_i = Σ λ_ij (w_{y_i} - w_j) is H = Aᵀ W, and so is W = A H.
    let dual = Matrix(rows: counts.count, columns: labels.count) {
      problem.dualColumns[$0, labels[$1]]
    }
    #expect(dual.columnSums.allSatisfy { abs($0) <= Double(counts.count) * .ulpOfOne })
    for i in 0..<labels.count {
      for j in 0..<counts.count where j != labels[i] { #expect(dual[j, i] <= 0) }
    }
    let condition = (Double(counts.max()!) / Double(counts.min()!)).squareRoot()
    let rounding = 16 * Double(counts.count) * condition * .ulpOfOne * point.norm
    #expect((dual.transposed * point.classifier - point.features).norm <= rounding)
    #expect((dual * point.features - point.classifier).norm <= rounding)
    // At a KKT point Σλ is the primal value.
    let total = (0..<labels.count).reduce(0) { $0 + dual[labels[$1], $1] }
    #expect(abs(total - problem.value) <= rounding * point.norm)
  }

  @Test func `neural collapse has its norms and its self-duality`() throws {
    let (classes, perClass) = (5, 3)
    let problem = SeparationProblem(sizes: try ClassSizes(classes: classes, perClass: perClass))
    let point = problem.optimum(dimension: 6)
    let root = Double(perClass).squareRoot()
    let squared = root * Double(classes - 1) / Double(classes)
    for norm in point.classifier.rowNorms {
      #expect(abs(norm * norm - squared) <= 32 * .ulpOfOne * squared)
    }
    for i in 0..<classes * perClass {
      for (h, w) in zip(point.features.row(i), point.classifier.row(i / perClass)) {
        #expect(abs(h - w / root) <= 32 * .ulpOfOne)
      }
    }
  }
}
