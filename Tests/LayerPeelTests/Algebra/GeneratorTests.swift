import LayerPeel
import Testing

struct GeneratorTests {
  @Test func `SplitMix64 gives its published outputs`() {
    var generator = SplitMix64(seed: 0)
    #expect(
      (0..<3).map { _ in generator.next() }
        == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
  }

  @Test func `units lie strictly between 0 and 1 and fill it evenly`() {
    var generator = SplitMix64(seed: 1)
    let count = 100_000
    let units = (0..<count).map { _ in generator.openUnit() }
    #expect(units.allSatisfy { $0 > 0 && $0 < 1 })
    // Five standard errors of a mean of uniform numbers, each of variance 1/12.
    let mean = units.reduce(0, +) / Double(count)
    #expect(abs(mean - 0.5) <= 5 * (1 / 12.0 / Double(count)).squareRoot())
  }

  @Test func `both numbers of a Gaussian pair have the moments of a normal, and no correlation`() {
    var generator = SplitMix64(seed: 2)
    let count = 100_000
    let pairs = (0..<count).map { _ in generator.gaussianPair() }
    func mean(_ body: ((Double, Double)) -> Double) -> Double {
      pairs.reduce(0) { $0 + body($1) } / Double(count)
    }
    // Five standard errors; x, x², x⁴ and x y have variances 1, 2, 96 and 1.
    func bound(_ variance: Double) -> Double { 5 * (variance / Double(count)).squareRoot() }
    for x in [mean { $0.0 }, mean { $0.1 }, mean { $0.0 * $0.1 }] { #expect(abs(x) <= bound(1)) }
    for x in [mean { $0.0 * $0.0 }, mean { $0.1 * $0.1 }] { #expect(abs(x - 1) <= bound(2)) }
    #expect(abs(mean { $0.0 * $0.0 * $0.0 * $0.0 } - 3) <= bound(96))
  }
}
