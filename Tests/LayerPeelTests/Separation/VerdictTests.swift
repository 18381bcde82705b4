import LayerPeel
import Testing

/// A verdict depends on recorded numbers alone: falsified ones change it as they should.
struct VerdictTests {
  /// Numbers of a KKT point that is not global, and one of them falsified.
  private func standing(
    primal: Double? = 4, dual: Double = 3, stationarity: Double = 1e-9,
    complementarity: Double = 1e-9, dimension: Int = 4, known: Double? = nil
  ) -> Standing {
    let absent = Reading.absent(because: "not separated")
    return Standing(
      classes: 4, dimension: dimension, primal: primal.map(Reading.value) ?? absent, dual: dual,
      stationarity: primal == nil ? absent : .value(stationarity),
      complementarity: primal == nil ? absent : .value(complementarity),
      marginRatio: .value(dual / (primal ?? -4)), knownValue: known)
  }

  private func verdict(_ standing: Standing, _ tolerance: Double = 1e-6) -> Standing.Verdict {
    standing.verdict(tolerance: tolerance)
  }

  @Test func `with d ≥ K - 1 a KKT point with a gap is not global`() {
    #expect(verdict(standing()) == .notGlobal)
    #expect(verdict(standing(dimension: 3)) == .notGlobal)
    #expect(standing().gap == .value(1))
  }

  @Test func `global means a gap of at most τ of the value, whatever the residuals`() {
    #expect(verdict(standing(primal: 3 + 2.9e-6, stationarity: 0.1)) == .global)
    #expect(verdict(standing(primal: 3 + 3.1e-6)) == .notGlobal)
    #expect(verdict(standing(primal: 3 + 3.1e-6, stationarity: 0.1)) == .notKKT)
    #expect(verdict(standing(primal: 3 - 1e-15)) == .global)
  }

  @Test func `each residual has to meet the tolerance`() {
    #expect(verdict(standing(stationarity: 1.1e-6)) == .notKKT)
    #expect(verdict(standing(complementarity: 1.1e-6)) == .notKKT)
    #expect(verdict(standing(stationarity: 1e-6, complementarity: 1e-6)) == .notGlobal)
    #expect(verdict(standing(stationarity: 1e-3), 1e-2) == .notGlobal)
    #expect(verdict(standing(stationarity: .nan)) == .notKKT)
  }

  @Test func `below K - 1 dimensions only a better point closes what the bound cannot`() {
    #expect(verdict(standing(dimension: 2)) == .gapOpen)
    #expect(verdict(standing(dimension: 2, known: 3.9)) == .notGlobal)
    // A known value no better than the point's own to within τ shows nothing.
    #expect(verdict(standing(dimension: 2, known: 4 - 1e-6)) == .gapOpen)
    #expect(verdict(standing(dimension: 2, known: 5)) == .gapOpen)
    // No gap is small enough there, and a better point does not make a point KKT.
    #expect(verdict(standing(primal: 3, dimension: 2)) == .gapOpen)
    #expect(verdict(standing(stationarity: 0.1, dimension: 2, known: 3.9)) == .notKKT)
  }

  @Test func `without a positive margin ratio nothing separates`() {
    #expect(verdict(standing(primal: nil)) == .notSeparating)
    #expect(standing(primal: nil).gap.reason == "not separated")
    var huge = standing(primal: nil)
    huge.marginRatio = .value(1e-300)
    #expect(verdict(huge) == .notKKT)
  }

  @Test func `the words are those of the interface`() {
    #expect(
      Standing.Verdict.allCases.map(\.rawValue) == [
        "global", "kkt_not_global", "kkt_gap_open", "not_kkt", "not_separating",
      ])
  }
}
