import Glibc
import LayerPeel
import Testing

struct StartTests {
  private let model: LayerPeeledModel

  init() throws {
    model = try LayerPeeledModel(sizes: ClassSizes(classes: 4, perClass: 5), dimension: 8)
  }

  @Test(arguments: [1.0, 1e-6, 3])
  func `Gaussian entries have mean 0 and variance scale² over d`(_ scale: Double) throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 10, perClass: 100), dimension: 64)
    var generator = SplitMix64(seed: 12)
    let point = model.gaussianPoint(scale: scale, using: &generator)
    for part in [point.classifier, point.features] {
      let count = Double(part.elements.count)
      let mean = part.elements.reduce(0, +) / count
      let square = Matrix.dot(part, part) / count
      let variance = scale * scale / 64
      // Five standard errors; a squared normal has variance 2.
      #expect(abs(mean) <= 5 * (variance / count).squareRoot())
      #expect(abs(square - variance) <= 5 * variance * (2 / count).squareRoot())
    }
  }

  @Test func `equal seeds give equal points, and others do not`() {
    func point(_ seed: UInt64) -> Point {
      var generator = SplitMix64(seed: seed)
      return model.gaussianPoint(using: &generator)
    }
    #expect(point(5) == point(5))
    #expect(point(5) != point(6))
  }

  @Test func `Gaussian entries are drawn in pairs, W before H`() {
    var (one, two) = (SplitMix64(seed: 3), SplitMix64(seed: 3))
    let point = model.gaussianPoint(using: &one)
    let flat = point.classifier.elements + point.features.elements
    for pair in stride(from: 0, to: flat.count, by: 2) {
      let (a, b) = two.gaussianPair()
      #expect(flat[pair] == 1 / 8.0.squareRoot() * a)
      #expect(flat[pair + 1] == 1 / 8.0.squareRoot() * b)
    }
  }

  @Test func `an odd number of entries is drawn too`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes([2, 1]), dimension: 1)
    var generator = SplitMix64(seed: 3)
    #expect(model.gaussianPoint(using: &generator).features.elements.count == 3)
  }

  @Test func `the square start has its formula and rank 2`() {
    let point = model.squarePoint
    #expect(point.classifier[2, 3] == 0.3 * sin(1.0 + 2 * 8 + 3))
    #expect(point.features[7, 5] == 0.3 * cos(2.0 + 7 * 8 + 5))
    let rows = point.classifier.elements + point.features.elements
    // sin(x + 1) + sin(x - 1) = 2 cos(1) sin(x): every column lies in the span of two.
    for row in 0..<24 {
      for j in 1..<7 {
        let (left, middle, right) = (
          rows[row * 8 + j - 1], rows[row * 8 + j], rows[row * 8 + j + 1]
        )
        // Three sines of arguments below 200, rounded to half an ulp of 200 each.
        #expect(abs(left + right - 2 * cos(1.0) * middle) <= 0.3 * 3 * 200 * .ulpOfOne)
      }
    }
    // And not less: the first two columns are independent.
    let columns = (0..<24).map { (rows[$0 * 8], rows[$0 * 8 + 1]) }
    let (aa, ab, bb) = columns.reduce(into: (0.0, 0.0, 0.0)) {
      $0 = ($0.0 + $1.0 * $1.0, $0.1 + $1.0 * $1.1, $0.2 + $1.1 * $1.1)
    }
    #expect(aa * bb - ab * ab > 0.1 * aa * bb)
  }

  @Test func `noise adds its formula to every entry, W before H`() {
    let start = model.squarePoint
    let noisy = model.perturbed(start, by: 1e-4)
    let difference = noisy - start
    for m in 0..<model.unknowns {
      let part = m < 32 ? difference.classifier.elements : difference.features.elements
      let expected = 1e-4 * sin(Double((m + 1) * (m + 1)))
      // The sum is rounded once, and the difference is exact.
      #expect(abs(part[m < 32 ? m : m - 32] - expected) <= 0.5 * .ulpOfOne, "entry \(m)")
    }
    #expect(model.perturbed(start, by: 0) == start)
  }

  @Test func `flat entries are W, then H`() {
    let point = model.point(flat: (0..<model.unknowns).map(Double.init))
    #expect(point.classifier[1, 2] == 10)
    #expect(point.features[1, 2] == 42)
  }
}
