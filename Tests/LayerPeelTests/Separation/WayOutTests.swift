import LayerPeel
import TestSupport
import Testing

struct WayOutTests {
  /// KKT points that are not global, with dimensions to spare.
  private static func examples() throws -> [SeparationPoint] {
    try JudgementTests.partitions.map {
      try .blocks($0, perClass: 2, dimension: $0.reduce(0, +) + 1)
    } + (4...8).map { try .polygon($0, perClass: 2, dimension: 3) }
  }

  private func value(_ point: Point, _ labels: Labels) throws -> Double {
    let model = try LayerPeeledModel(labels: labels, dimension: point.dimension)
    return Point.dot(point, point) / (2 * model.margins(at: point).min()!)
  }

  @Test func `along the escape the value changes as predicted, to fourth order`() throws {
    for example in try Self.examples() {
      let judgement = try Judgement(of: example.point, labels: example.labels)
      let escape = try #require(judgement.escape, "\(example): \(judgement.escapeReason)")
      #expect(abs(escape.measured / escape.predicted - 1) <= 1e-6, "\(example)")
      let slope = try #require(escape.remainderSlope.number, "\(example)")
      #expect(slope >= 3.8, "\(example)")
      #expect(escape.marginRatio > judgement.given.marginRatio.number!, "\(example)")

      // The same from the points themselves, by another code: D(s) = c s² + e s⁴.
      let (base, step) = (try value(escape.point(at: 0), example.labels), 0.02)
      let near = try value(escape.point(at: step), example.labels) - base
      let far = try value(escape.point(at: 2 * step), example.labels) - base
      let coefficient = (16 * near - far) / (12 * step * step)
      #expect(abs(coefficient - escape.predicted) <= 1e-5 * base, "\(example)")
      #expect(abs(base - example.value) <= 1e-12 * base)
      let followed = try value(escape.point(at: escape.step), example.labels)
      #expect(abs(followed / escape.value - 1) <= 1e-12)
    }
  }

  @Test func `where multipliers are unique the coefficient is 1 - σ`() throws {
    for sizes in [[2, 2], [3, 3], [2, 3]] {
      let example = try SeparationPoint.blocks(sizes, perClass: 3, dimension: 6)
      let escape = try #require(try Judgement(of: example.point, labels: example.labels).escape)
      #expect(escape.predicted == 1 - escape.sigma)
    }
  }

  @Test func `the direction is unit in both parts, and off the point and its correction`() throws {
    for example in try Self.examples() {
      let judgement = try Judgement(of: example.point, labels: example.labels)
      let escape = try #require(judgement.escape)
      let (direction, start) = (escape.direction, escape.point(at: 0))
      let rounding = 1e-13
      #expect(abs(direction.classifier.norm - 1) <= rounding, "\(example)")
      #expect(abs(direction.features.norm - 1) <= rounding, "\(example)")
      #expect((start.classifier * direction.classifier.transposed).norm <= rounding * start.norm)
      #expect((start.features * direction.features.transposed).norm <= rounding * start.norm)
      #expect(
        abs(Point.dot(escape.correction, direction)) <= rounding * (1 + escape.correction.norm))
    }
  }

  @Test func `without its correction the value falls less, or the margin ratio falls`() throws {
    var risen = 0
    for example in try Self.examples() {
      let escape = try #require(try Judgement(of: example.point, labels: example.labels).escape)
      let base = try value(escape.point(at: 0), example.labels)
      let step = 0.01
      let uncorrected = try value(escape.point(at: 0) + step * escape.direction, example.labels)
      let corrected = try value(escape.point(at: step), example.labels)
      #expect(corrected < base, "\(example)")
      // In second order nothing beats the correction; equal blocks need none, as all margins of the
      // direction grow alike. Terms of fourth order are s² = 1e-4 of the change, times the value.
      #expect(uncorrected - corrected >= -step * step * step * step * base, "\(example)")
      if uncorrected > base { risen += 1 }
    }
    // Polygons of 5 and of 7 at least.
    #expect(risen >= 2)
  }

  @Test func `three pairs in four dimensions keep their margins along no single pair`() throws {
    let example = try SeparationPoint.blocks([2, 2, 2], perClass: 1, dimension: 4)
    let judgement = try Judgement(of: example.point, labels: example.labels)
    #expect(judgement.verdict == .gapOpen)
    #expect(judgement.escapeReason.contains("too few to keep all margins"))
    let roomy = try SeparationPoint.blocks([2, 2, 2], perClass: 1, dimension: 5)
    let escape = try #require(try Judgement(of: roomy.point, labels: roomy.labels).escape)
    #expect(abs(escape.predicted + 0.5) <= 1e-12)
  }

  @Test func `a global point has none, and neither has one that is not KKT`() throws {
    let sizes = try ClassSizes([3, 4, 5])
    let optimum = SeparationProblem(sizes: sizes).optimum(dimension: 4)
    let global = try Judgement(of: optimum, labels: Labels(sorted: sizes))
    #expect(global.escape == nil && global.escapeReason == "the point is global")
    var generator = SplitMix64(seed: 4)
    let model = try LayerPeeledModel(sizes: sizes, dimension: 4)
    let other = try Judgement(of: model.gaussianPoint(using: &generator), labels: model.labels)
    #expect(other.escape == nil && other.escapeReason == "only a KKT point has one")
  }

  @Test func `the end of a flow at the square is left along its escape`() throws {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: 4, perClass: 5), dimension: 8)
    var settings = Flow.Settings()
    settings.untilLogLoss = -1e5
    let run = try Flow(model, settings: settings).run(from: model.squarePoint)
    let strict = try Judgement(of: run.end, labels: model.labels)
    #expect(strict.verdict == .notKKT)
    let judgement = try Judgement(of: run.end, labels: model.labels, tolerance: 0.02)
    #expect(judgement.verdict == .notGlobal)
    let escape = try #require(judgement.escape, "\(judgement.escapeReason)")
    #expect(escape.marginRatio > 0.9)
  }
}
