import Glibc
import LayerPeel
import TestSupport
import Testing

struct SeparationSearchTests {
  /// A problem, and the least value it is known to have, to half a unit of `digits` decimals.
  struct KnownValue: Sendable, CustomStringConvertible {
    let sizes: [Int]
    let dimension: Int
    let value: Double
    var digits = 8
    var description: String { "sizes \(sizes), d = \(dimension)" }

    init(_ classes: Int, _ perClass: Int, _ dimension: Int, _ value: Double, digits: Int = 8) {
      sizes = Array(repeating: perClass, count: classes)
      (self.dimension, self.value, self.digits) = (dimension, value, digits)
    }

    var tolerance: Double { 0.5 * pow(10, -Double(digits)) }

    func search(
      _ change: (inout SeparationSearch.Settings) -> Void = { _ in }
    ) throws -> SeparationSearch {
      var settings = SeparationSearch.Settings()
      settings.restarts = 40
      settings.usesConstructions = false
      change(&settings)
      return try SeparationSearch(
        SeparationProblem(sizes: ClassSizes(sizes)), dimension: dimension, settings: settings)
    }
  }

  /// Literal digits where they were published, and the formulas they were guessed to follow.
  static let published = [
    KnownValue(5, 1, 3, 4.89442719), KnownValue(6, 1, 4, 5.81649658), KnownValue(6, 1, 3, 6),
    KnownValue(7, 1, 3, 8.84045, digits: 5), KnownValue(4, 5, 2, 8.94427191),
    KnownValue(5, 5, 2, 16.18033989),
  ]
  static let oneDimensionLess = (4...8).flatMap { classes in
    [1, 5].map { perClass in
      let root = Double(perClass).squareRoot()
      return KnownValue(
        classes, perClass, classes - 2,
        root * (Double(classes - 1) + 2 / Double(classes).squareRoot()))
    }
  }
  static let polygons = (4...8).map { classes in
    KnownValue(
      classes, 5, 2,
      Double(classes) * 5.0.squareRoot() / (1 - cos(2 * Double.pi / Double(classes))))
  }

  @Test(arguments: published + oneDimensionLess + polygons)
  func `random starts alone find the known values, and prove that they are KKT points`(
    _ example: KnownValue
  ) throws {
    let result = try example.search().result()
    let (solution, search) = (try #require(result.solution), try #require(result.search))
    #expect(abs(solution.certificate.primal - example.value) <= example.tolerance)
    #expect(search.reached > 0 && search.refused.isEmpty)
    #expect(result.verdict(tolerance: 1e-6) == .gapOpen)
    #expect(try residual(of: solution, sizes: example.sizes) < 1e-10)
    // Weak duality: a solution's own multipliers bound the value from below like any others.
    #expect(solution.multipliers.bound <= solution.certificate.primal)
    #expect(result.bound < solution.certificate.primal)
  }

  /// The largest violation of a KKT condition, term by term from the definition, each relative to
  /// what it is made of.
  private func residual(of solution: SeparationSolution, sizes: [Int]) throws -> Double {
    let labels = Labels(sorted: try ClassSizes(sizes))
    let (w, h) = (solution.point.classifier, solution.point.features)
    #expect(w.rows == sizes.count && h.rows == labels.count)
    var rest = solution.point
    var (worst, total, excess) = (0.0, 0.0, 0.0)
    for i in 0..<labels.count {
      let y = labels[i]
      for j in 0..<labels.classes where j != y {
        let weight = solution.multipliers.values[j, i]
        var margin = 0.0
        for a in 0..<w.columns {
          margin += (w[y, a] - w[j, a]) * h[i, a]
          rest.features[i, a] -= weight * (w[y, a] - w[j, a])
          rest.classifier[y, a] -= weight * h[i, a]
          rest.classifier[j, a] += weight * h[i, a]
        }
        worst = max(worst, 1 - margin, -weight)
        excess += abs(weight * (margin - 1))
        total += weight
      }
    }
    return max(worst, rest.norm / solution.point.norm, excess / total)
  }

  @Test func `seven classes in space have a second local value`() throws {
    let search = try #require(
      try KnownValue(7, 1, 3, 8.84045).search { $0.restarts = 100 }.result().search)
    let second = try #require(search.otherValues.first { abs($0.value - 9.23607) <= 0.5e-5 })
    #expect(second.count > 0)
    #expect(search.values.reduce(0) { $0 + $1.count } + search.refused.count == 100)
    #expect(zip(search.values, search.values.dropFirst()).allSatisfy { $0.value < $1.value })
  }

  @Test(arguments: [2, 3])
  func `the order of the classes does not matter`(_ dimension: Int) throws {
    var values: [Double] = []
    for sizes in [[7, 3, 2, 1, 1], [1, 2, 7, 1, 3], [3, 1, 1, 7, 2]] {
      let problem = SeparationProblem(sizes: try ClassSizes(sizes))
      let result = try SeparationSearch(problem, dimension: dimension).result()
      let solution = try #require(result.solution)
      #expect(try residual(of: solution, sizes: sizes) < 1e-10)
      values.append(solution.certificate.primal)
    }
    // A value's error is of the order of its residual times itself.
    #expect(values.allSatisfy { abs($0 - values[0]) <= 1e-9 * values[0] })
  }

  @Test func `values grow with the root of the number of samples, and nothing else changes`()
    throws
  {
    let one = try KnownValue(7, 1, 3, 0).search().result()
    for perClass in [2, 5, 100] {
      let many = try KnownValue(7, perClass, 3, 0).search().result()
      let (first, other) = (try #require(one.search), try #require(many.search))
      #expect(first.values.map(\.count) == other.values.map(\.count))
      for (a, b) in zip(first.values, other.values) {
        let root = Double(perClass).squareRoot()
        #expect(abs(root * a.value - b.value) <= 4 * .ulpOfOne * b.value)
      }
    }
  }

  @Test func `a solver that knows nothing of classes finds the same, sample by sample`() throws {
    struct File: Decodable {
      struct Case: Decodable {
        let sizes: [Int]
        let dim: Int
        let value: Double
        let spread: Double
      }
      let cases: [Case]
    }
    let cases = try Fixture.json(File.self, "separation/unreduced.json").cases
    #expect(cases.count == 5)
    for one in cases {
      let problem = SeparationProblem(sizes: try ClassSizes(one.sizes))
      let result = try SeparationSearch(problem, dimension: one.dim).result()
      let value = try #require(result.solution).certificate.primal
      // SLSQP stopped where its objective stood still to 1e-15; its constraints hold to 1e-12.
      #expect(abs(value - one.value) <= 1e-10 * value, "\(one.sizes), d = \(one.dim)")
      // Nothing told it that samples of one class coincide.
      #expect(one.spread <= 1e-12)
    }
  }

  @Test func `where there is a closed form the search finds it, for any class sizes`() throws {
    var generator = SplitMix64(seed: 31)
    for round in 0..<30 {
      let counts = (0..<Int.random(in: 2...6, using: &generator)).map { _ in
        Int.random(in: 1...9, using: &generator)
      }
      let problem = SeparationProblem(sizes: try ClassSizes(counts))
      var settings = SeparationSearch.Settings()
      settings.restarts = 4
      settings.seed = UInt64(round)
      settings.usesConstructions = false
      let search = try SeparationSearch(
        problem, dimension: problem.sufficientDimension + round % 3, settings: settings)
      let result = search.result()
      let solution = try #require(result.solution, "\(counts)")
      // Near the optimum the gap is of the order of the residual times the value.
      #expect(
        abs(solution.certificate.primal - problem.value) <= 1e-9 * problem.value, "\(counts)")
      #expect(result.verdict(tolerance: 1e-9) == .global)
      let closed = problem.closedForm(dimension: problem.sufficientDimension)
      #expect(closed.verdict(tolerance: 1e-9) == .global)
      #expect(try residual(of: #require(closed.solution), sizes: counts) < 1e-12)
    }
  }

  @Test func `a start that is cut off does not count, and its residual is told`() throws {
    let result = try KnownValue(5, 1, 3, 0).search { $0.maximumIterations = 3 }.result()
    let search = try #require(result.search)
    #expect(result.solution == nil && search.values.isEmpty && search.reached == 0)
    #expect(search.refused.count == 40)
    #expect(search.leastResidual > 1e-10 && search.leastResidual < 1)
    #expect(search.refused.first == search.leastResidual)
    #expect(result.verdict(tolerance: 1e-6) == nil)
  }

  @Test func `a search that is stopped keeps the starts it finished`() throws {
    var finished = 0
    let result = try KnownValue(5, 1, 3, 0).search().result(
      progress: { progress in
        finished = progress.finished
        #expect(progress.starts == 40)
      }, isCancelled: { finished == 3 })
    let search = try #require(result.search)
    #expect(search.wasCancelled && search.restarts == 3 && result.solution != nil)
  }

  @Test func `a line separates two classes and no more`() throws {
    let three = SeparationProblem(sizes: try ClassSizes([1, 1, 1]))
    #expect(throws: ModelError.inseparable(classes: 3)) {
      try SeparationSearch(three, dimension: 1)
    }
    #expect(throws: ModelError.dimensionTooSmall(0)) { try SeparationSearch(three, dimension: 0) }
    let two = SeparationProblem(sizes: try ClassSizes([4, 1]))
    let result = try SeparationSearch(two, dimension: 1).result()
    let value = try #require(result.solution).certificate.primal
    #expect(abs(value - two.value) <= 1e-10 * two.value)
  }

  @Test func `a million to one is no harder`() throws {
    let sizes = [1_000_000, 1, 1, 1, 1]
    let problem = SeparationProblem(sizes: try ClassSizes(sizes))
    var settings = SeparationSearch.Settings()
    settings.restarts = 10
    let result = try SeparationSearch(problem, dimension: 3, settings: settings).result()
    let solution = try #require(result.solution)
    #expect(try residual(of: solution, sizes: sizes) < 1e-10)
    #expect(problem.value < solution.certificate.primal)
    #expect(solution.certificate.primal < 1.002 * problem.value)
  }
}
