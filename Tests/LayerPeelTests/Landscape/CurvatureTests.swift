import LayerPeel
import TestSupport
import Testing

/// Lanczos iteration and inertia against all eigenvalues at once.
struct CurvatureTests {
  static let shapes: [(counts: [Int], dimension: Int, size: Int)] = [
    ([2, 2, 2, 2], 6, 2), ([3, 3, 3, 3, 3, 3], 7, 3), ([2, 2, 2, 2, 2, 2], 6, 2),
    ([1, 1, 1, 1, 1, 1, 1, 1], 9, 4),
  ]

  private func compare(_ model: LayerPeeledModel, _ point: Point) throws {
    let dense = try CriticalPoint(model, at: point, name: "dense")
    var settings = CriticalPoint.Settings()
    settings.mostDenseUnknowns = 0
    let iterated = try CriticalPoint(model, at: point, name: "iterated", settings: settings)
    let scale = dense.largestCurvature
    #expect(iterated.verdict == dense.verdict)
    #expect(
      abs(iterated.lowestCurvature - dense.lowestCurvature)
        <= iterated.curvatureError + dense.curvatureError + 1e-13 * scale)
    #expect(abs(iterated.largestCurvature / scale - 1) <= 1e-2)
    #expect(iterated.index == dense.index)
    #expect(iterated.nullity == dense.nullity)
    #expect(iterated.multiplicity == dense.multiplicity)
    settings.mostCountedUnknowns = 0
    settings.mostCopies = 12
    let searched = try CriticalPoint(model, at: point, name: "searched", settings: settings)
    #expect(searched.index == nil && searched.nullity == nil)
    if let copies = searched.multiplicity { #expect(copies == dense.multiplicity) }
    if dense.multiplicity ?? 99 < 12 { #expect(searched.multiplicity != nil) }
  }

  @Test(arguments: shapes, [1.0, 4, 15])
  func `blocks have the same curvatures and counts either way`(
    _ shape: (counts: [Int], dimension: Int, size: Int), radius: Double
  ) throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(shape.counts), dimension: shape.dimension)
    let blocks = ClosedForm.blocks(model, size: shape.size, radius: radius)
    try compare(model, blocks)
    try compare(model, ClosedForm.flipped(blocks))
    try compare(model, ClosedForm.equalSums(model, radius: radius, seed: 3))
  }

  @Test(arguments: shapes, [1.0, 4, 15])
  func `collapse is the same minimum either way`(
    _ shape: (counts: [Int], dimension: Int, size: Int), radius: Double
  ) throws {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(shape.counts), dimension: shape.counts.count)
    try compare(model, ClosedForm.collapse(model, radius: radius))
  }

  @Test func `a large point is judged without its matrix`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 10, perClass: 20), dimension: 20)
    let blocks = ClosedForm.blocks(model, size: 5, radius: 8)
    let point = try CriticalPoint(model, at: blocks, name: "blocks")
    #expect(point.verdict == .strictSaddle)
    #expect(point.index == nil)
    let multiplier = try #require(point.multiplier)
    #expect(abs(point.lowestCurvature / (multiplier - point.spectralNorm) - 1) <= 1e-8)
    let minimum = try CriticalPoint(
      model, at: ClosedForm.collapse(model, radius: 8), name: "collapse")
    #expect(minimum.verdict == .globalMinimum)
  }

  @Test(arguments: ModelCase.ordinary)
  func `no curvature is below the multiplier minus sigma, wherever one looks`(
    _ example: ModelCase
  ) throws {
    let point = try CriticalPoint(example.model(), at: example.point(), name: "random")
    let floor = try #require(point.multiplier) - point.spectralNorm
    let rounding = 256 * .ulpOfOne * point.largestCurvature
    #expect(point.lowestCurvature >= floor - point.curvatureError - rounding)
    // And the vector has the curvature that is claimed for it.
    let loss = SphereLoss(point.model, at: point.point)
    let product = loss.hessianProduct(along: point.lowestDirection)
    #expect(abs(Point.dot(product, point.lowestDirection) - point.lowestCurvature) <= rounding)
  }

  @Test func `what is too large to count says so`() throws {
    let example = ModelCase.ordinary[1]
    var settings = CriticalPoint.Settings()
    (settings.mostDenseUnknowns, settings.mostCountedUnknowns) = (0, 0)
    let (model, point) = try (example.model(), example.point())
    let uncounted = try CriticalPoint(model, at: point, name: "point", settings: settings)
    #expect(uncounted.index == nil && uncounted.nullity == nil)
    #expect(uncounted.uncounted != nil)
    #expect(try CriticalPoint(model, at: point, name: "point").uncounted == nil)
  }
}
