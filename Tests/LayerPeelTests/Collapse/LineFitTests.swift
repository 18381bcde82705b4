import LayerPeel
import Testing

struct LineFitTests {
  @Test func `a line is found exactly`() throws {
    let fit = try #require(LineFit((0..<5).map { (Double($0), 3 - 2 * Double($0)) }))
    #expect(fit.slope == -2)
    #expect(fit.intercept == 3)
    #expect(fit.slopeError == 0)
  }

  @Test func `slope, intercept and error are those of the normal equations`() throws {
    let points = [(1.0, 1.0), (2, 3), (4, 4), (5, 8)]
    let fit = try #require(LineFit(points))
    // n = 4, Σx = 12, Σy = 16, Σx² = 46, Σxy = 63, Σy² = 90.
    let (sxx, sxy, syy) = (46 - 36.0, 63 - 48.0, 90 - 64.0)
    #expect(abs(fit.slope - sxy / sxx) <= 8 * .ulpOfOne)
    #expect(abs(fit.intercept - (4 - 1.5 * 3)) <= 32 * .ulpOfOne)
    let residual = syy - sxy * sxy / sxx
    #expect(abs(fit.slopeError - (residual / 2 / sxx).squareRoot()) <= 32 * .ulpOfOne)
  }

  @Test func `the order of points does not matter`() throws {
    let points = [(1.0, 1.0), (2, 3), (4, 4), (5, 8)]
    let (a, b) = (try #require(LineFit(points)), try #require(LineFit(points.reversed())))
    #expect(abs(a.slope - b.slope) <= 8 * .ulpOfOne)
  }

  @Test func `two points have a slope of unknown error, and one has none`() throws {
    let fit = try #require(LineFit([(0, 1), (2, 2)]))
    #expect(fit.slope == 0.5)
    #expect(fit.slopeError == .infinity)
    #expect(LineFit([(0, 1)]) == nil)
    #expect(LineFit([]) == nil)
    #expect(LineFit([(3, 1), (3, 2), (3, 5)]) == nil)
  }
}
