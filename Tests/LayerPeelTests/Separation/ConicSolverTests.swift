import LayerPeel
import TestSupport
import Testing

/// The closed form and the certificate against a conic solver that knows neither.
struct ConicSolverTests {
  private struct File: Decodable {
    struct Case: Decodable {
      let sizes: [Int]
      let value: Double
      let dual: Double
      let full: Double?
    }
    let cases: [Case]
  }

  @Test func `thirty of the random size vectors have the value that Clarabel finds`() throws {
    let cases = try Fixture.json(File.self, "separation/conic.json").cases
    var generator = SplitMix64(seed: 20_250_101)
    var drawn: [[Int]] = []
    for _ in 0..<300 { drawn.append(JudgementTests.sizes(&generator)) }
    #expect(cases.map(\.sizes) == Array(drawn.filter { $0.count <= 6 }.prefix(30)))
    for example in cases {
      let sizes = try ClassSizes(example.sizes)
      let problem = SeparationProblem(sizes: sizes)
      let optimum = problem.optimum(dimension: problem.sufficientDimension)
      let judgement = try Judgement(of: optimum, labels: Labels(sorted: sizes))
      let tolerance = 1e-7 * example.value
      for value in [example.value, example.dual, example.full ?? example.value] {
        #expect(abs(judgement.given.primal.number! - value) <= tolerance, "\(sizes)")
        #expect(abs(judgement.given.dual - value) <= tolerance, "\(sizes)")
      }
    }
    #expect(cases.contains { $0.full != nil })
  }
}
