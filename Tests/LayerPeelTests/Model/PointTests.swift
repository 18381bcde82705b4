import LayerPeel
import TestSupport
import Testing

struct PointTests {
  @Test(arguments: ModelCase.ordinary)
  func `norm, inner product and arithmetic are those of all entries`(_ example: ModelCase) throws {
    let (a, b) = try (example.point(), example.direction())
    let flat = { (p: Point) in p.classifier.elements + p.features.elements }
    let terms = zip(flat(a), flat(b)).map { $0 * $1 }
    let tolerance = Double(terms.count + 2) * .ulpOfOne * terms.reduce(0) { $0 + abs($1) }
    #expect(abs(Point.dot(a, b) - terms.reduce(0, +)) <= tolerance)
    #expect(a.norm == Point.dot(a, a).squareRoot())
    #expect(flat(a + b) == zip(flat(a), flat(b)).map { $0 + $1 })
    #expect(flat(a - b) == zip(flat(a), flat(b)).map { $0 - $1 })
    #expect(flat(-2.5 * a) == flat(a).map { -2.5 * $0 })
  }

  @Test func `logits have a row a class, and the imbalance is W'W - H'H`() {
    let point = Point(
      classifier: Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 4]),
      features: Matrix(rows: 3, columns: 2, elements: [1, 0, 0, 1, 1, 1]))
    #expect(point.logits == Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 3, 4, 7]))
    #expect(point.imbalance == Matrix(rows: 2, columns: 2, elements: [8, 13, 13, 18]))
    #expect(point.dimension == 2)
  }

  @Test func `margins are against the best other class`() throws {
    let model = try LayerPeeledModel(labels: Labels([1, 0, 1]), dimension: 2)
    let point = Point(
      classifier: Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 4]),
      features: Matrix(rows: 3, columns: 2, elements: [1, 0, 0, 1, 1, 1]))
    #expect(model.margins(at: point) == [2, -2, 4])
    #expect(model.logLoss(at: point).leastMargin == -2)
  }
}
