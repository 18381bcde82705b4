import LayerPeel
import Testing

struct ElementaryTests {
  @Test(arguments: [-800.0, -40, -1, -1e-9, 0, 1e-9, 0.5, 1, 40, 800, 1e300])
  func `softplus and its inverse neither overflow nor cancel`(_ x: Double) {
    let y = Double.softplus(x)
    #expect(y.isFinite)
    if x > 40 { #expect(y == x) }
    if x < -40 { #expect(y == .exp(x)) }
    // x is recovered with the conditioning of the logarithm: dy = σ(x) dx, and y ≈ e^x far below.
    if y > 0 {
      let tolerance = 8 * Double.ulpOfOne * (abs(x) + y / (1 - .exp(-y)))
      #expect(abs(.logExpm1(y) - x) <= tolerance)
    }
  }
}
