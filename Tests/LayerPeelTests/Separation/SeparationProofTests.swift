import LayerPeel
import TestSupport
import Testing

struct SeparationProofTests {
  private func sizes(_ counts: [Int]) throws -> Labels { Labels(sorted: try ClassSizes(counts)) }

  /// What sums over `K × K` entries that a decomposition rounded are right to, as for the closed
  /// form itself: divided by the least singular value.
  private func rounding(_ counts: [Int]) -> Double {
    let condition = (Double(counts.max()!) / Double(counts.min()!)).squareRoot()
    return 4 * Double(counts.count * counts.count) * condition * .ulpOfOne
  }

  @Test func `two antipodal pairs have these exact numbers, and 4/3 of the bound`() throws {
    let rows: [Double] = [1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 1, -1, 0, 0, -1, 1]
    let matrix = Matrix(rows: 4, columns: 4, elements: rows)
    let proof = try #require(
      try SeparationProof(
        point: Point(classifier: 0.5 * matrix, features: 3 * matrix), labels: sizes([1, 1, 1, 1])))
    // ‖W‖² = 2, ‖H‖² = 72; across pairs (w_y - w_j)·h = 3, within one 6.
    #expect(proof.squaredNorm.description == "74/1")
    #expect(proof.leastMargin.description == "3/1")
    #expect(proof.primal.description == "37/3")

    let balanced = try #require(
      try SeparationProof(
        point: Point(classifier: matrix, features: matrix), labels: sizes([1, 1, 1, 1])))
    #expect(balanced.primal.description == "4/1")
    let third = balanced.epsilon - Rational(BigInteger(1), BigInteger(3))
    #expect(third > Rational(BigInteger(0)))
    #expect(third.approximation <= rounding([1, 1, 1, 1]))
  }

  @Test func `margins and norms are exact where doubles are not`() throws {
    // (1 + 2^-52)² has 105 bits; K = 2, one dimension: margins (w_0 - w_1) h_0, (w_1 - w_0) h_1.
    let x = 1 + Double.ulpOfOne
    let proof = try #require(
      try SeparationProof(
        point: Point(
          classifier: Matrix(rows: 2, columns: 1, elements: [x, 0]),
          features: Matrix(rows: 2, columns: 1, elements: [x, -0x1p-1074])),
        labels: sizes([1, 1])))
    let unit = (0..<52).reduce(BigInteger(1)) { product, _ in product * BigInteger(2) }
    let square = Rational(
      (unit + BigInteger(1)) * (unit + BigInteger(1)), unit * unit)
    let tiny = proof.leastMargin / Rational(unit + BigInteger(1), unit)
    #expect(tiny.numerator == BigInteger(1))  // 2^-1074
    #expect(tiny.denominator.description.count == 324)
    let rest = proof.squaredNorm - square - square
    #expect(rest.description == (tiny * tiny).description)
  }

  @Test func `the exact bound is below mpmath's value, and as near as its rounding allows`() throws
  {
    struct File: Decodable {
      struct Case: Decodable {
        let sizes: [Int]
        let value: Double
      }
      let cases: [Case]
    }
    for example in try Fixture.json(File.self, "flow/seli.json").cases {
      let problem = SeparationProblem(sizes: try ClassSizes(example.sizes))
      let multipliers = ClassMultipliers(problem)
      let share = multipliers.bound.approximation / example.value
      // One rounding of the fixture, four of the approximation, one of the quotient.
      #expect(share <= 1 + 6 * .ulpOfOne, "\(example.sizes)")
      #expect(share >= 1 - rounding(example.sizes), "\(example.sizes)")
      #expect(abs(share - problem.certifiedBound / example.value) <= 2 * rounding(example.sizes))
      let entries = multipliers.numerators.flatMap { $0 }
      #expect(entries.allSatisfy { $0.signum >= 0 })
      #expect(multipliers.denominator.signum > 0)
    }
  }

  @Test(arguments: [
    [1, 1], [3, 4], [5, 5, 5, 5], [10, 10, 1, 1], [1, 1, 1, 1, 1], Array(repeating: 20, count: 10),
    [2000, 1, 30],
  ])
  func `at the closed-form optimum the factor is 1 to rounding`(_ counts: [Int]) throws {
    let labels = try sizes(counts)
    let point = SeparationProblem(sizes: labels.sizes).optimum(dimension: counts.count + 1)
    let proof = try #require(try SeparationProof(point: point, labels: labels))
    // Every entry of the point is right to the same rounding, and three of them make a margin.
    #expect(proof.epsilon.approximation <= 4 * rounding(counts))
    if labels.sizes.areBalanced { #expect(proof.epsilon.approximation < 1e-12) }
  }

  @Test(arguments: ModelCase.ordinary)
  func `a proof exists exactly where a point separates, and bounds what doubles say`(
    _ example: ModelCase
  ) throws {
    let (model, point) = try (example.model(), example.point())
    let least = model.margins(at: point).min()!
    let proof = try SeparationProof(point: point, labels: model.labels)
    #expect((proof != nil) == (least > 0))
    guard let proof else { return }
    let primal = Point.dot(point, point) / (2 * least)
    #expect(
      abs(proof.primal.approximation - primal) <= Double(model.unknowns) * .ulpOfOne * primal)
  }

  @Test func `labels in any order prove the same`() throws {
    let counts = [3, 1, 2]
    let labels = try sizes(counts)
    let point = SeparationProblem(sizes: labels.sizes).optimum(dimension: 2)
    let order = [4, 0, 3, 5, 1, 2]
    let mixed = Point(
      classifier: point.classifier,
      features: Matrix(rows: 6, columns: 2) { point.features[order[$0], $1] })
    let proof = try #require(
      try SeparationProof(point: mixed, labels: Labels(order.map { labels[$0] })))
    let sorted = try #require(try SeparationProof(point: point, labels: labels))
    #expect(proof.epsilon == sorted.epsilon)
  }

  @Test func `what is not worth proving or cannot be is refused before any work`() throws {
    let labels = try sizes([2, 2])
    let point = SeparationProblem(sizes: labels.sizes).optimum(dimension: 1)
    let size = SeparationProof.estimatedSize(labels: labels, dimension: 1)
    #expect(throws: ModelError.proofTooLarge(bytes: size, limit: 1000)) {
      try SeparationProof(point: point, labels: labels, limit: 1000)
    }
    #expect(throws: ModelError.proofTooLong(classes: 201, limit: 200)) {
      try SeparationProof(point: point, labels: sizes(Array(repeating: 1, count: 201)))
    }
    #expect(throws: ModelError.shapeMismatch(argument: "H", expected: "4 rows", actual: "3")) {
      try SeparationProof(
        point: Point(
          classifier: point.classifier, features: Matrix(rows: 3, columns: 1, repeating: 1)),
        labels: labels)
    }
    #expect(throws: ModelError.notFinite(argument: "W", row: 1, column: 0)) {
      try SeparationProof(
        point: Point(
          classifier: Matrix(rows: 2, columns: 1, elements: [1, .nan]), features: point.features),
        labels: labels)
    }
    let sentence = "\(ModelError.proofTooLarge(bytes: 3e9, limit: Double(256 << 20)))"
    #expect(sentence.contains("2862 MiB") && sentence.contains("256 MiB"))
  }

  @Test func `a zero point has no proof`() throws {
    let point = Point(
      classifier: Matrix(rows: 2, columns: 3), features: Matrix(rows: 2, columns: 3))
    #expect(try SeparationProof(point: point, labels: sizes([1, 1])) == nil)
  }
}
