import Glibc
import LayerPeel
import TestSupport
import Testing

/// The landscape of the model with weight decay, each critical point at its own radius.
struct WeightDecayTests {
  private func landscape(
    classes: Int, perClass: Int, dimension: Int, decay: Double, restarts: Int = 6
  ) throws -> Landscape {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: classes, perClass: perClass), dimension: dimension)
    var settings = Landscape.Settings(level: .weightDecay(decay))
    settings.restarts = restarts
    return Landscape(model, settings: settings)
  }

  @Test(arguments: [(3, 1, 0.2), (4, 5, 0.1), (4, 5, 1e-3), (6, 2, 0.3)])
  func `collapse has the size of the closed form`(
    _ shape: (classes: Int, perClass: Int, decay: Double)
  ) throws {
    let landscape = try landscape(
      classes: shape.classes, perClass: shape.perClass, dimension: shape.classes,
      decay: shape.decay)
    let survey = try landscape.survey()
    let collapse = try #require(survey.entry(named: "collapse"))
    #expect(collapse.verdict == .globalMinimum)
    // Z = a P ⊗ 1ᵀ with K √n / (K - 1 + e^a) = μ, and ρ² = 2 ‖Z‖_* = 2 a √n (K - 1).
    let (root, classes) = (Double(shape.perClass).squareRoot(), Double(shape.classes))
    let margin = log(classes * root / shape.decay - classes + 1)
    let squared = 2 * margin * root * Double(shape.classes - 1)
    // The gradient is 1e-10 at most, the least radial curvature about the decay.
    #expect(abs(collapse.point.point.norm - squared.squareRoot()) <= 1e-10 / shape.decay)
  }

  @Test func `each point has the decay as its multiplier, and but one is a saddle`() throws {
    let decay = 0.1
    let survey = try landscape(classes: 4, perClass: 5, dimension: 8, decay: decay).survey()
    #expect(survey.entries.count >= 8)
    for entry in survey.entries where entry.name != "origin" {
      // A gradient of 1e-10 over the radius, which is above 1.
      #expect(abs((entry.point.multiplier ?? 0) - decay) <= 1e-10, "\(entry.name)")
      #expect(entry.point.gradientNorm <= 1e-10)
      #expect(entry.verdict == (entry.name == "collapse" ? .globalMinimum : .strictSaddle))
    }
    #expect(survey.absent.contains("collapse-flip"))
    #expect(survey.absent.contains("flat"))
  }

  @Test func `equal blocks have the size of their closed form`() throws {
    let (decay, root) = (0.2, 2.0.squareRoot())
    let survey = try landscape(classes: 6, perClass: 2, dimension: 6, decay: decay, restarts: 0)
      .survey()
    for (name, size) in [("blocks-3+3", 3.0), ("blocks-3x2", 2.0)] {
      let point = try #require(survey.entry(named: name)).point
      // Z = a ⊕ P_b/(b - 1)·b: within a block the margin is a b/(b - 1), across it is a, and
      // μ = √n (b p_in + (K - b) p_out) at ρ² = 2 a K √n.
      let a = point.point.norm * point.point.norm / (2 * 6 * root)
      let (inner, outer) = ((size - 1) * exp(-a * size / (size - 1)), (6 - size) * exp(-a))
      let multiplier = root * (size / (size - 1) * inner + outer) / (1 + inner + outer)
      #expect(abs(multiplier - decay) <= 1e-10, "\(name)")
    }
  }

  @Test func `with a decay of the root of n or more only the origin is left, and it is global`()
    throws
  {
    let survey = try landscape(classes: 3, perClass: 4, dimension: 4, decay: 2.5).survey()
    #expect(survey.entries.map(\.name) == ["origin"])
    #expect(survey.entries[0].verdict == .globalMinimum)
    #expect(survey.entries[0].index == 0)
    #expect(abs(survey.entries[0].lowestCurvature - 0.5) <= 16 * .ulpOfOne)
    let below = try landscape(classes: 3, perClass: 4, dimension: 4, decay: 1.9).survey()
    #expect(below.entries[0].verdict == .strictSaddle)
    // The singular values of G are √n, K - 1 of them, each with d directions.
    #expect(below.entries[0].index == 8)
    #expect(below.entry(named: "collapse")?.verdict == .globalMinimum)
  }

  /// Margins and values of the mean loss with its own decay for `W` and for `H`, by convex
  /// optimisation over the logits.
  @Test(arguments: [(4, 10, 5e-3, 5e-4, 5.283204, 0.09436169), (3, 1, 0.4, 0.4, 0, 1.09861229)])
  func `two decays of the mean loss have the known margin and value`(
    _ shape: (
      classes: Int, perClass: Int, classifier: Double, features: Double, margin: Double,
      value: Double
    )
  ) throws {
    // Scaled to W a and H / a, both decay as their geometric mean; times N for the sum of the losses.
    let samples = Double(shape.classes * shape.perClass)
    let decay = samples * (shape.classifier * shape.features).squareRoot()
    let survey = try landscape(
      classes: shape.classes, perClass: shape.perClass, dimension: shape.classes, decay: decay
    ).survey()
    let global = try #require(survey.entries.first { $0.verdict == .globalMinimum }).point
    let margins = global.model.margins(at: global.point)
    let squaredNorm = Point.dot(global.point, global.point)
    let value = (exp(global.logLoss) + decay / 2 * squaredNorm) / samples
    // Half a unit of the last digit that is given, of all margins.
    #expect(margins.allSatisfy { abs($0 - shape.margin) <= 5e-7 }, "\(margins)")
    #expect(abs(value - shape.value) <= 5e-9, "\(value)")
  }

  @Test func `the escape from the origin falls to collapse`() throws {
    let landscape = try landscape(classes: 4, perClass: 5, dimension: 8, decay: 0.1, restarts: 0)
    let survey = try landscape.survey()
    let origin = try #require(survey.entry(named: "origin"))
    let route = survey.route(from: origin, escape: try landscape.escape(from: origin.point))
    #expect(route.destination == "collapse")
  }

  @Test func `decays too small for doubles leave what cannot be told from others unconverged`()
    throws
  {
    let survey = try landscape(classes: 3, perClass: 5, dimension: 6, decay: 1e-30).survey()
    for entry in survey.entries where entry.name != "origin" {
      #expect(abs((entry.point.multiplier ?? 0) / 1e-30 - 1) <= 1e-6, "\(entry.name)")
    }
    #expect(survey.entry(named: "collapse")?.verdict == .globalMinimum)
    #expect(survey.failures.contains { $0.name == "merged-2" })
  }
}
