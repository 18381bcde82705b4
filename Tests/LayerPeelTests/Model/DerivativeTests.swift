import LayerPeel
import TestSupport
import Testing

/// Gradient and Hessian products of `log L` against the function itself.
struct DerivativeTests {
  static let cases = ModelCase.ordinary

  @Test(arguments: cases)
  func `the gradient has the slope of log L, and a false one has not`(
    _ example: ModelCase
  ) throws {
    let (model, point, direction) = try (example.model(), example.point(), example.direction())
    let slope = Point.dot(model.logLoss(at: point).gradient, direction)
    let line: (Double) -> Double = { step in model.logLoss(at: point + step * direction).value }
    let check = TaylorCheck(of: line, derivative: slope)
    let falsified = TaylorCheck(of: line, derivative: 1.01 * slope + 0.01)
    #expect(check.verdict == .held, "\(check.slope)")
    #expect(falsified.verdict == .notHeld, "\(falsified.slope)")
  }

  @Test(arguments: cases)
  func `Hessian products have the slope of the gradient, and false ones have not`(
    _ example: ModelCase
  ) throws {
    let (model, point, v) = try (example.model(), example.point(), example.direction())
    let u = try example.direction(1)
    let slope = Point.dot(model.hessianProduct(at: point, along: v), u)
    let line: (Double) -> Double = { step in
      Point.dot(model.logLoss(at: point + step * v).gradient, u)
    }
    let check = TaylorCheck(of: line, derivative: slope, largestStep: 0.02)
    let falsified = TaylorCheck(of: line, derivative: 1.01 * slope + 0.01, largestStep: 0.02)
    #expect(check.verdict == .held, "\(check.slope)")
    #expect(falsified.verdict == .notHeld, "\(falsified.slope)")
  }

  @Test(arguments: cases + ModelCase.extreme)
  func `gradient and Hessian products agree with dual numbers`(_ example: ModelCase) throws {
    let (model, point, v) = try (example.model(), example.point(), example.direction())
    let truth = dual(model, at: point, along: v)
    let gradient = model.logLoss(at: point).gradient
    let product = model.hessianProduct(at: point, along: v)
    let largest = point.logits.elements.reduce(0) { max($0, abs($1)) }
    // Each ratio is right to the rounding of its exponent; each product adds its own roundings.
    let rounding = (16 * (largest + 10) + Double(2 * model.unknowns)) * .ulpOfOne
    let slope = Point.dot(gradient, v)
    #expect(abs(slope - truth.slope) <= rounding * (1 + gradient.norm * v.norm))
    // The Hessian has terms of the size of A, and of A times the squared change of a logit.
    let reach = point.norm * v.norm
    #expect(
      (product - truth.gradientSlope).norm <= rounding * (point.norm * reach + v.norm + 1) * 8)
  }

  /// Derivatives of `log L` and of its gradient `(A H, Aᵀ W)` along a line, by dual numbers.
  private func dual(
    _ model: LayerPeeledModel, at point: Point, along v: Point
  ) -> (slope: Double, gradientSlope: Point) {
    func join(_ a: Matrix, _ b: Matrix) -> [Dual] {
      zip(a.elements, b.elements).map { Dual($0, slope: $1) }
    }
    let (w, h) = (join(point.classifier, v.classifier), join(point.features, v.features))
    let (classes, samples, d) = (model.sizes.classes, model.sizes.samples, model.dimension)
    let logits = (0..<classes * samples).map { index in
      (0..<d).reduce(Dual(0)) { $0 + w[index / samples * d + $1] * h[index % samples * d + $1] }
    }
    let loss = PlainLogLoss(logits: logits, labels: model.labels.values.map(Int.init))
    let slopes = Point(
      classifier: Matrix(rows: classes, columns: d) { k, j in
        (0..<samples).reduce(Dual(0)) { $0 + loss.ratios[k * samples + $1] * h[$1 * d + j] }.slope
      },
      features: Matrix(rows: samples, columns: d) { i, j in
        (0..<classes).reduce(Dual(0)) { $0 + loss.ratios[$1 * samples + i] * w[$1 * d + j] }.slope
      })
    return (loss.logLoss.slope, slopes)
  }

  @Test(arguments: cases)
  func `the Hessian is symmetric`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), example.point())
    let (u, v) = try (example.direction(0), example.direction(1))
    let (hu, hv) = (
      model.hessianProduct(at: point, along: u), model.hessianProduct(at: point, along: v)
    )
    // Sums of as many terms as there are unknowns, in different orders.
    let tolerance =
      Double(model.unknowns) * .ulpOfOne * (u.norm * hv.norm + v.norm * hu.norm + u.norm * v.norm)
    #expect(abs(Point.dot(u, hv) - Point.dot(v, hu)) <= tolerance)
  }
}

struct TaylorCheckTests {
  @Test func `a true derivative is held and a false one is not`() {
    let line: (Double) -> Double = { .exp(2 * $0) }
    #expect(TaylorCheck(of: line, derivative: 2).verdict == .held)
    for wrong in [1.99, 2.01, -2, 0] {
      #expect(TaylorCheck(of: line, derivative: wrong).verdict == .notHeld, "\(wrong)")
    }
  }

  @Test func `a linear function leaves nothing to judge`() {
    let check = TaylorCheck(of: { 3 * $0 + 1 }, derivative: 3)
    #expect(check.verdict == .inconclusive)
    #expect(check.slope == .absent(because: "remainders are as small as rounding"))
    // But a false derivative of it is seen.
    #expect(TaylorCheck(of: { 3 * $0 + 1 }, derivative: 2.9).verdict == .notHeld)
  }

  @Test func `a function that is not finite is not held`() {
    #expect(TaylorCheck(of: { _ in .nan }, derivative: 1).verdict != .held)
  }
}
