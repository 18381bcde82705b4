import LayerPeel
import TestSupport
import Testing

struct CriticalPointTests {
  @Test func `the origin of three classes is a saddle with eight ways down`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 3, perClass: 2), dimension: 4)
    let origin = 0.0 * model.squarePoint
    let point = try CriticalPoint(model, at: origin, name: "origin")
    let root = 2.0.squareRoot()
    #expect(abs(point.lowestCurvature + root) <= 36 * .ulpOfOne)
    #expect(abs(point.largestCurvature - root) <= 36 * .ulpOfOne)
    #expect((point.multiplicity, point.index, point.nullity) == (8, 8, 20))
    #expect(point.multiplier == nil)
    #expect(point.rank == 0 && point.jointRank == 0 && point.rotations == 0)
    #expect(point.verdict == .strictSaddle)
    #expect(point.descent?.kind == .singularPair)
  }

  @Test(
    arguments: [(2, 1, 1), (3, 1, 2), (3, 4, 5), (4, 5, 3), (5, 2, 8), (6, 3, 5), (10, 4, 9)],
    [1e-4, 0.01, 1, 3, 10, 30, 100, 300, 1000])
  func `neural collapse is a global minimum of every sphere`(
    _ shape: (classes: Int, perClass: Int, dimension: Int), radius: Double
  ) throws {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: shape.classes, perClass: shape.perClass),
      dimension: shape.dimension)
    let point = try CriticalPoint(
      model, at: ClosedForm.collapse(model, radius: radius), name: "neural collapse")
    #expect(point.verdict == .globalMinimum)
    #expect(point.index == 0)
    #expect(point.nullity == point.rotations)
    #expect(point.descent == nil)
  }

  @Test(arguments: [0.1, 1, 3, 5, 10])
  func `collapse with its features turned round falls by opposition`(_ radius: Double) throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 4, perClass: 3), dimension: 3)
    let flipped = ClosedForm.flipped(ClosedForm.collapse(model, radius: radius))
    let point = try CriticalPoint(model, at: flipped, name: "flipped")
    let multiplier = try #require(point.multiplier)
    #expect(multiplier < 0)
    #expect(point.verdict == .strictSaddle)
    let descent = try #require(point.descent)
    #expect(descent.kind == .opposition)
    // dL = μ s² for a unit step.
    #expect(abs(descent.predictedSecondOrder / multiplier - 1) <= 1e-12)
  }

  @Test(arguments: [(4, 2), (6, 2), (6, 3), (8, 4)], [1e-4, 0.01, 0.5, 2, 5, 20, 100, 500])
  func `equal blocks are saddles whose least curvature is the multiplier minus sigma`(
    _ blocks: (classes: Int, size: Int), radius: Double
  ) throws {
    let (classes, size) = blocks
    let rank = classes / size * (size - 1)
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: classes, perClass: 2), dimension: rank + 2)
    let point = try CriticalPoint(
      model, at: ClosedForm.blocks(model, size: size, radius: radius), name: "blocks")
    let multiplier = try #require(point.multiplier)
    // A sample's probability of another class of its block over that of one outside: to 0, and the
    // ratio to K/(K - b), at large radius.
    let inside = Double.exp(point.point.logits[1, 0])
    let expected = Double(classes) / (Double(classes - size) + Double(size) * inside)
    if point.logLoss > -600 {  // below that both are lost to underflow
      #expect(abs(point.spectralNorm / multiplier / expected - 1) <= 1e-10)
      let gap = multiplier - point.spectralNorm
      // And a small sphere is nearly flat: LAPACK's eigenvalues are right to n ε of the largest.
      let rounding = Double(model.unknowns) * .ulpOfOne * point.largestCurvature
      #expect(abs(point.lowestCurvature - gap) <= 1e-8 * abs(gap) + rounding)
    }
    #expect(point.rank == rank)
    #expect(point.verdict == .strictSaddle)
    #expect(point.descent?.kind == .singularPair)
  }

  @Test(arguments: [1.0, 4, 12, 40])
  func `the square is a local minimum in the plane and a saddle in space`(
    _ radius: Double
  ) throws {
    for (dimension, verdict) in [(2, CriticalPoint.Verdict.localMinimum), (3, .strictSaddle)] {
      let model = try LayerPeeledModel(
        sizes: ClassSizes(classes: 4, perClass: 5), dimension: dimension)
      let point = try CriticalPoint(
        model, at: ClosedForm.polygon(model, radius: radius), name: "square")
      #expect(point.verdict == verdict)
      #expect(point.rank == 2 && point.rotations == 2 * dimension - 3)
      #expect((point.bound == nil) == (dimension == 2))
      if dimension == 2 { #expect(point.nullity == 1) }
    }
  }

  @Test func `collapse turned round has the known multiplier at unit margins`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 4, perClass: 3), dimension: 3)
    // Margins of 1 take ρ² = 2 v*.
    let radius = (2 * SeparationProblem(sizes: model.sizes).value).squareRoot()
    let flipped = ClosedForm.flipped(ClosedForm.collapse(model, radius: radius))
    let point = try CriticalPoint(model, at: flipped, name: "flipped")
    // Of each sample, e^1 for three classes against 1 for its own.
    let wrong = Double.exp(1) / (1 + 3 * .exp(1))
    #expect(abs(try #require(point.multiplier) + 4 * wrong * 3.0.squareRoot()) <= 1e-13)
  }
}
