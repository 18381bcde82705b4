import LayerPeel
import TestSupport
import Testing

/// The way down from every kind of saddle, against the loss itself.
struct DescentTests {
  struct Saddle: CustomTestStringConvertible, Sendable {
    let name: String
    let counts: [Int]
    let dimension: Int
    let kind: CriticalPoint.Descent.Kind
    let point: @Sendable (LayerPeeledModel) -> Point

    var testDescription: String { "\(name), sizes \(counts), d = \(dimension)" }

    func model() throws -> LayerPeeledModel {
      try LayerPeeledModel(sizes: ClassSizes(counts), dimension: dimension)
    }
  }

  static func saddles(radius: Double) -> [Saddle] {
    [
      Saddle(name: "blocks", counts: [1, 1, 1, 1], dimension: 3, kind: .singularPair) {
        ClosedForm.blocks($0, size: 2, radius: radius)
      },
      Saddle(
        name: "blocks of three", counts: [2, 2, 2, 2, 2, 2], dimension: 5, kind: .singularPair
      ) {
        ClosedForm.blocks($0, size: 3, radius: radius)
      },
      Saddle(name: "square in space", counts: [5, 5, 5, 5], dimension: 3, kind: .singularPair) {
        ClosedForm.polygon($0, radius: radius)
      },
      Saddle(
        name: "hexagon in space", counts: Array(repeating: 2, count: 6), dimension: 4,
        kind: .singularPair
      ) {
        ClosedForm.polygon($0, radius: radius)
      },
      Saddle(name: "collapse turned round", counts: [3, 3, 3, 3], dimension: 3, kind: .opposition) {
        ClosedForm.flipped(ClosedForm.collapse($0, radius: radius))
      },
      Saddle(name: "blocks turned round", counts: [2, 2, 2, 2], dimension: 5, kind: .opposition) {
        ClosedForm.flipped(ClosedForm.blocks($0, size: 2, radius: radius))
      },
      Saddle(name: "equal class sums", counts: [4, 4, 4], dimension: 3, kind: .singularPair) {
        ClosedForm.equalSums($0, radius: radius, seed: 1)
      },
      Saddle(
        name: "equal class sums, imbalanced", counts: [6, 3, 5, 4], dimension: 4,
        kind: .singularPair
      ) {
        ClosedForm.equalSums($0, radius: radius, seed: 2)
      },
    ]
  }

  static let cases = [0.5, 2, 5].flatMap { saddles(radius: $0) }

  @Test(arguments: cases)
  func `the loss falls by the predicted second order and no other`(_ saddle: Saddle) throws {
    let model = try saddle.model()
    let point = try CriticalPoint(model, at: saddle.point(model), name: saddle.name)
    #expect(point.verdict == .strictSaddle)
    let descent = try #require(point.descent)
    #expect(descent.kind == saddle.kind)
    #expect(descent.predictedSecondOrder < 0)
    #expect(abs(descent.direction.norm - 1) <= 1e-14)
    #expect(abs(Point.dot(descent.direction, point.point)) <= 1e-14 * point.point.norm)
    let check = try #require(point.secondOrderCheck())
    #expect(check.verdict == .held, "\(check.slope)")
    // A small step goes down, whichever way.
    let step = 1e-2 * point.point.norm
    for sign in [-1.0, 1] {
      #expect(point.relativeChange(along: descent.direction, step: sign * step) < 0)
    }
  }

  @Test(arguments: [[3, 3, 3], [6, 3, 5, 4], [2, 2, 2, 2, 2, 2]])
  func `equal class sums under a common row are saddles with the loss of no classifier`(
    _ counts: [Int]
  ) throws {
    let classes = counts.count
    let model = try LayerPeeledModel(sizes: ClassSizes(counts), dimension: classes)
    let start = ClosedForm.equalSums(model, radius: 3, seed: 9)
    let point = try CriticalPoint(model, at: start, name: "equal sums")
    let samples = Double(model.sizes.samples)
    #expect(abs(point.logLoss - .log(samples * .log(Double(classes)))) <= 1e-14)
    let multiplier = try #require(point.multiplier)
    #expect(abs(multiplier) <= 1e-14 * point.spectralNorm)
    #expect(point.verdict == .strictSaddle)
    // No direction is free: features fill the space, when there are enough of them.
    let features = point.featureSingularValues
    if model.sizes.samples > 2 * classes {
      #expect(features.count { $0 > 1e-7 * features[0] } == classes)
    }
    // The way down is at most as steep as the lowest eigenvector.
    let descent = try #require(point.descent)
    #expect(2 * descent.predictedSecondOrder >= point.lowestCurvature - 1e-10)
  }

  @Test func `a false second order is seen`() {
    let change: (Double) -> Double = { -2 * $0 * $0 + $0 * $0 * $0 + 3 * $0 * $0 * $0 * $0 }
    func check(_ predicted: Double) -> SecondOrderCheck {
      SecondOrderCheck(of: change, predicted: predicted, rounding: 1e-16, largestStep: 1)
    }
    #expect(check(-2).verdict == .held)
    for wrong in [-2.01, -1.99, 2, 0] { #expect(check(wrong).verdict == .notHeld) }
    let flat = SecondOrderCheck(of: { _ in 0 }, predicted: 0, rounding: 1e-16, largestStep: 1)
    #expect(flat.verdict == .inconclusive)
  }
}
