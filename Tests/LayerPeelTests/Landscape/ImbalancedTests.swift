import LayerPeel
import TestSupport
import Testing

/// Verdicts where classes differ in size, at points found by Newton's method.
struct ImbalancedTests {
  @Test(
    arguments: [([3, 2, 1], 4), ([5, 5, 1, 1], 3), ([1, 4], 1), ([7, 3, 2, 2, 1], 6)], [1.0, 3, 6])
  func `the least loss of a sphere is certified by its bound`(
    _ sizes: (counts: [Int], dimension: Int), radius: Double
  ) throws {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(sizes.counts), dimension: sizes.dimension)
    var generator = SplitMix64(seed: 3)
    let start = model.gaussianPoint(using: &generator)
    let end = settled(model, from: (radius / start.norm) * start)
    let point = try CriticalPoint(model, at: end, name: "least")
    #expect(point.verdict == .globalMinimum)
    #expect(point.scaledGradientNorm <= 1e-10)
    let bound = try #require(point.bound)
    #expect(abs(bound) <= 1e-8 * .exp(point.logLoss))
    #expect(point.index == 0)
    #expect(point.nullity == point.rotations)
  }

  @Test(
    arguments: [
      ([2, 2, 2, 2, 2], 2), ([3, 3, 3, 3], 2), ([2, 3, 1, 2, 4], 3), ([4, 2, 2, 1, 1], 2),
    ],
    [1.5, 3, 6])
  func `in too few dimensions the best of a start is a local minimum, proved no further`(
    _ sizes: (counts: [Int], dimension: Int), radius: Double
  ) throws {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(sizes.counts), dimension: sizes.dimension)
    var generator = SplitMix64(seed: 5)
    let start = model.gaussianPoint(using: &generator)
    let end = settled(model, from: (radius / start.norm) * start)
    let point = try CriticalPoint(model, at: end, name: "least")
    #expect(point.scaledGradientNorm <= 1e-10)
    #expect(point.bound == nil)
    #expect(point.verdict == .localMinimum, "\(point.nullity ?? -1), \(point.rotations)")
  }

  /// Two pairs of opposite vectors at right angles, each pair of one class size: by symmetry the
  /// gradient keeps to such points, so the best of them is critical.
  ///
  /// On a small sphere that would be the larger pair alone.
  @Test(arguments: [[4, 4, 2, 2], [1, 1, 6, 6], [3, 3, 5, 5]], [4.0, 7, 10])
  func `pairs of unequal size are saddles`(_ counts: [Int], radius: Double) throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(counts), dimension: 4)
    let end = settled(model, from: ClosedForm.blocks(model, size: 2, radius: radius))
    let point = try CriticalPoint(model, at: end, name: "pairs")
    #expect(point.scaledGradientNorm <= 1e-10)
    #expect(point.rank == 2 && point.jointRank == 2)
    #expect(point.verdict == .strictSaddle)
    let multiplier = try #require(point.multiplier)
    #expect(multiplier > 0 && point.spectralNorm > multiplier)
    #expect(abs(point.lowestCurvature / (multiplier - point.spectralNorm) - 1) <= 1e-8)
    #expect(try #require(point.descent).kind == .singularPair)
    #expect(try #require(point.secondOrderCheck()).verdict == .held)
  }

  @Test func `the origin is a saddle for any sizes`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes([5, 3, 1, 1]), dimension: 3)
    let point = try CriticalPoint(model, at: 0.0 * model.squarePoint, name: "origin")
    #expect(point.verdict == .strictSaddle)
    #expect(abs(point.lowestCurvature + point.spectralNorm) <= 1e-14)
    // One pair of curvatures for each of K - 1 singular values of G and each dimension.
    #expect(point.index == 9)
    #expect(try #require(point.secondOrderCheck()).verdict == .held)
  }

  @Test(arguments: ModelCase.ordinary)
  func `a point with a gradient is not critical`(_ example: ModelCase) throws {
    let point = try CriticalPoint(example.model(), at: example.point(), name: "random")
    #expect(point.verdict == .notCritical)
    #expect(point.descent == nil)
    #expect(point.scaledGradientNorm > 1e-3)
  }

  @Test func `what no model could have is refused`() throws {
    let model = try ModelCase.ordinary[1].model()
    let other = try ModelCase.ordinary[2].point()
    #expect(throws: ModelError.self) { try CriticalPoint(model, at: other, name: "other") }
    let broken = try Double.nan * ModelCase.ordinary[1].point()
    #expect(throws: ModelError.self) { try CriticalPoint(model, at: broken, name: "nan") }
  }
}
