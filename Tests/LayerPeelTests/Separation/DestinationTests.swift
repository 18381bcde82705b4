import LayerPeel
import Testing

struct DestinationTests {
  private func measurement(
    primal: Double?, gap: Double?, ratio: Double?, stationarity: Double?
  ) -> Measurement {
    var m = Measurement()
    m[.leastMargin] = .value(primal == nil ? -0.25 : 1)
    for (key, number) in [
      (.primal, primal), (.gap, gap), (.marginRatio, ratio), (.stationarity, stationarity),
    ] as [(Quantity, Double?)] {
      m[key] = number.map(Reading.value) ?? .absent(because: "not separated")
    }
    return m
  }

  private func destination(_ m: Measurement, dimension: Int = 8) -> Destination {
    Destination(m, classes: 4, dimension: dimension)
  }

  @Test func `a small gap is near the optimum, relative to the primal`() {
    let m = measurement(primal: 4, gap: 0.02, ratio: 0.995, stationarity: 0.2)
    #expect(destination(m) == .nearOptimum(gap: 0.005))
  }

  @Test func `a gap of rounding below zero is none`() {
    let m = measurement(primal: 4, gap: -1e-15, ratio: 1, stationarity: 1e-8)
    #expect(destination(m) == .nearOptimum(gap: 0))
  }

  @Test func `a large gap with a small residual is another direction`() {
    let m = measurement(primal: 4, gap: 1, ratio: 0.75, stationarity: 0.01)
    #expect(destination(m) == .otherDirection(marginRatio: 0.75))
  }

  @Test(arguments: [(0.06, 3.0), (0.04, 1.5)])
  func `a residual that is not small, or not against the gap, is on its way`(
    _ stationarity: Double, gap: Double
  ) {
    let m = measurement(primal: 4, gap: gap, ratio: 0.8, stationarity: stationarity)
    #expect(
      destination(m) == .onItsWay(marginRatio: 0.8, stationarity: stationarity))
  }

  @Test func `below K - 1 dimensions nothing is concluded from the relaxation`() {
    let m = measurement(primal: 4, gap: 1e-9, ratio: 1, stationarity: 0.01)
    #expect(destination(m, dimension: 2) == .relaxed(marginRatio: 1, stationarity: 0.01))
    #expect(destination(m, dimension: 3) == .nearOptimum(gap: 2.5e-10))
  }

  @Test func `without a certificate it was never separated`() {
    let m = measurement(primal: nil, gap: nil, ratio: -0.1, stationarity: nil)
    #expect(destination(m) == .notSeparated(leastMargin: -0.25))
  }
}
