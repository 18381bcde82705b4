import Glibc
import LayerPeel
import TestSupport
import Testing

struct CertificateTests {
  /// Points that are KKT by theory, with the share of the best margin they have.
  struct KKTCase: Sendable, CustomStringConvertible {
    let name: String
    let classes: Int
    let perClass: Int
    let value: Double
    var description: String { "\(name), K = \(classes), n = \(perClass)" }

    /// The unit rows `w_k` point along; `h_i` is `w_{y_i}` over `√n`.
    let entry: @Sendable (Int, Int) -> Double

    func model() throws -> LayerPeeledModel {
      try LayerPeeledModel(
        sizes: ClassSizes(classes: classes, perClass: perClass), dimension: classes)
    }

    /// The point scaled to least margins of 1.
    func point(_ model: LayerPeeledModel) -> Point {
      let root = Double(perClass).squareRoot()
      let raw = Point(
        classifier: Matrix(rows: classes, columns: classes, entry: entry),
        features: Matrix(rows: model.sizes.samples, columns: classes) {
          entry(model.labels[$0], $1) / root
        })
      return 1 / model.margins(at: raw).min()!.squareRoot() * raw
    }

    static func collapse(_ classes: Int, _ perClass: Int) -> KKTCase {
      KKTCase(
        name: "simplex", classes: classes, perClass: perClass,
        value: Double(classes - 1) * Double(perClass).squareRoot()
      ) { (k: Int, j: Int) in (k == j ? 1 : 0) - 1 / Double(classes) }
    }
    /// Antipodal pairs on axes of their own: value `K√n`.
    static func pairs(_ classes: Int, _ perClass: Int) -> KKTCase {
      KKTCase(
        name: "antipodal pairs", classes: classes, perClass: perClass,
        value: Double(classes) * Double(perClass).squareRoot()
      ) { (k: Int, j: Int) in k / 2 == j ? (k % 2 == 0 ? 1 : -1) : 0 }
    }
    /// The regular polygon in the plane: value `K√n/(1 - cos(2π/K))`.
    static func polygon(_ classes: Int, _ perClass: Int) -> KKTCase {
      let angle = 2 * Double.pi / Double(classes)
      return KKTCase(
        name: "polygon", classes: classes, perClass: perClass,
        value: Double(classes) * Double(perClass).squareRoot() / (1 - cos(angle))
      ) { (k: Int, j: Int) in
        j == 0 ? cos(angle * Double(k)) : j == 1 ? sin(angle * Double(k)) : 0
      }
    }
  }

  static let cases =
    [(3, 1), (4, 5), (10, 20)].map { KKTCase.collapse($0.0, $0.1) }
    + [(4, 1), (6, 1), (8, 1), (4, 5)].map { KKTCase.pairs($0.0, $0.1) }
    + [(4, 5), (5, 5), (7, 2)].map { KKTCase.polygon($0.0, $0.1) }

  @Test(arguments: cases)
  func `KKT points have their values, and residuals that vanish as the norm grows`(
    _ example: KKTCase
  ) throws {
    let model = try example.model()
    let unit = example.point(model)
    for margin in [100.0, 1e4, 1e6] {
      let point = margin.squareRoot() * unit
      let loss = model.logLoss(at: point)
      let certificate = try #require(
        Certificate(point: point, labels: model.labels, logLoss: loss))
      let rounding = Double(model.unknowns) * .ulpOfOne
      #expect(abs(certificate.primal - example.value) <= rounding * example.value)
      // Balanced between W and H, symmetric in all classes, hence stationary at every scale; each
      // weight is right to the rounding of its exponent.
      #expect(certificate.stationarity <= 8 * margin * rounding)
      // Slack constraints are slack by at least 0.2 of the margin here: no weight to rounding.
      #expect(abs(certificate.complementarity) <= 1000 * .exp(-0.2 * margin) + rounding)
    }
  }

  @Test(arguments: zip([4, 5], [8.94427191, 16.18033989]))
  func `polygons have their published values`(_ classes: Int, value: Double) {
    #expect(abs(KKTCase.polygon(classes, 5).value - value) <= 0.5e-8)
  }

  @Test func `two antipodal pairs have three quarters of the best margin, and their own bound`()
    throws
  {
    let example = KKTCase.pairs(4, 1)
    let model = try example.model()
    var measurer = PointMeasurer(model, start: 10 * example.point(model))
    let m = measurer.measure(10 * example.point(model))
    #expect(abs(m[.marginRatio].number! - 0.75) <= 16 * .ulpOfOne)
    #expect(abs(m[.gamma].number! - 1 / 8.0) <= 16 * .ulpOfOne)
    #expect(abs(m[.primal].number! - 4) <= 64 * .ulpOfOne)
    #expect(abs(m[.dual].number! - 3) <= 64 * .ulpOfOne)
    #expect(abs(m[.gap].number! - 1) <= 128 * .ulpOfOne)
    // λ = ½ across the pairs: Σλ = 4, ‖A(λ)‖ = 2, so the bound is 2 and cannot close.
    #expect(abs(m[.trajectoryDual].number! - 2) <= 1e-12)
    #expect(
      Destination(m, classes: 4, dimension: 4)
        == .otherDirection(marginRatio: m[.marginRatio].number!))
  }

  @Test(arguments: ModelCase.ordinary)
  func `residuals are those of the rescaled problem, term by term`(_ example: ModelCase) throws {
    // A separated point near the optimum, with generic noise.
    let model = try example.model()
    guard model.dimension >= model.sizes.classes - 1 else { return }
    let sorted = SeparationProblem(sizes: model.sizes).optimum(dimension: model.dimension)
    var next = model.sizes.counts.indices.map { model.sizes.counts[..<$0].reduce(0, +) }
    var features = Matrix(rows: model.sizes.samples, columns: model.dimension)
    for i in 0..<model.sizes.samples {
      for j in 0..<model.dimension { features[i, j] = sorted.features[next[model.labels[i]], j] }
      next[model.labels[i]] += 1
    }
    let noise = 0.02 * (try example.direction())
    let point = 3 * (Point(classifier: sorted.classifier, features: features) + noise)
    let loss = model.logLoss(at: point)
    let certificate = try #require(Certificate(point: point, labels: model.labels, logLoss: loss))

    // λ = p ρ/‖∇L‖, θ̃ = θ/√q: the residual of h_i = Σ_j λ_ij (w_{y_i} - w_j) and of w_k.
    let scaled = 1 / loss.leastMargin.squareRoot() * point
    let lambda = point.norm / loss.gradient.norm
    let (w, h) = (scaled.classifier, scaled.features)
    var residual = scaled
    var (sum, excess) = (0.0, 0.0)
    for i in 0..<model.sizes.samples {
      let label = model.labels[i]
      for k in 0..<model.sizes.classes where k != label {
        let weight = lambda * loss.ratios[k, i]
        var margin = 0.0
        for j in 0..<model.dimension {
          residual.features[i, j] -= weight * (w[label, j] - w[k, j])
          residual.classifier[label, j] -= weight * h[i, j]
          residual.classifier[k, j] += weight * h[i, j]
          margin += (w[label, j] - w[k, j]) * h[i, j]
        }
        sum += weight
        excess += weight * (margin - 1)
      }
    }
    let rounding = 16 * Double(model.unknowns) * .ulpOfOne
    #expect(abs(certificate.stationarity - residual.norm / scaled.norm) <= rounding)
    #expect(abs(certificate.complementarity - excess / sum) <= rounding)
    #expect(
      abs(certificate.primal - Point.dot(scaled, scaled) / 2) <= rounding * certificate.primal)
  }

  @Test(arguments: ModelCase.ordinary)
  func `a point that is not separated has no certificate`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), -1 * example.point())
    let loss = model.logLoss(at: point)
    guard loss.leastMargin <= 0 else { return }
    #expect(Certificate(point: point, labels: model.labels, logLoss: loss) == nil)
  }

  @Test func `without multipliers all of the norm is a residual, and nothing is undefined`() throws
  {
    let sizes = try ClassSizes([3, 2, 2])
    let labels = Labels(sorted: sizes)
    let none = Multipliers(values: Matrix(rows: 3, columns: 7), labels: labels)
    let optimum = SeparationProblem(sizes: sizes).optimum(dimension: 2)
    let certificate = try #require(Certificate(point: optimum, multipliers: none))
    #expect(certificate.stationarity == 1 && certificate.complementarity == 0)
    #expect(none.bound == 0)
  }

  @Test func `any point bounds the optimum from below, by weak duality alone`() throws {
    var generator = SplitMix64(seed: 21)
    var tightest = 0.0
    for round in 0..<300 {
      let counts = (0..<Int.random(in: 2...6, using: &generator)).map { _ in
        Int.random(in: 1...9, using: &generator)
      }
      let model = try LayerPeeledModel(
        sizes: ClassSizes(counts), dimension: Int.random(in: 1...8, using: &generator))
      let value = SeparationProblem(sizes: model.sizes).value
      let scale = Double.exp(Double.random(in: -3...3, using: &generator))
      let point = model.gaussianPoint(scale: scale, using: &generator)
      let loss = model.logLoss(at: point)
      let bound = Certificate.dualBound(ratios: loss.ratios, labels: model.labels)
      #expect(bound > 0)
      #expect(
        bound <= value * (1 + Double(model.unknowns) * .ulpOfOne), "round \(round), \(counts)")
      tightest = max(tightest, bound / value)
    }
    // So that a bound of zero would not pass for a property.
    #expect(tightest > 0.8)
  }

  @Test(arguments: [[5, 5, 5, 5], [6, 6, 2, 2], [1, 9, 3]])
  func `at the optimum's own multipliers the bound is the value`(_ counts: [Int]) throws {
    let problem = SeparationProblem(sizes: try ClassSizes(counts))
    let labels = Labels(sorted: problem.sizes)
    // Ratios are -A(λ), and only their direction counts.
    let ratios = Matrix(rows: counts.count, columns: labels.count) {
      -3 * problem.dualColumns[$0, labels[$1]]
    }
    let bound = Certificate.dualBound(ratios: ratios, labels: labels)
    #expect(abs(bound - problem.value) <= 64 * .ulpOfOne * problem.value)
  }

  @Test func `balanced, no point is below N log(1 + (K - 1) e^(-γ* ρ²))`() throws {
    var generator = SplitMix64(seed: 22)
    for round in 0..<400 {
      let (classes, perClass) = (
        Int.random(in: 2...7, using: &generator), Int.random(in: 1...6, using: &generator)
      )
      let model = try LayerPeeledModel(
        sizes: ClassSizes(classes: classes, perClass: perClass),
        dimension: classes - 1 + Int.random(in: 0...3, using: &generator))
      let problem = SeparationProblem(sizes: model.sizes)
      // From random points to neighbours of the optimum, at all scales.
      let scale = Double.exp(Double.random(in: -2...3, using: &generator))
      let share = Double.random(in: 0...1, using: &generator)
      let point =
        scale
        * (share * problem.optimum(dimension: model.dimension)
          + (1 - share) * model.gaussianPoint(using: &generator))
      let squared = Point.dot(point, point)
      let exponent = Double.log(Double(classes - 1)) - problem.largestGamma * squared
      let bound = Double.log(Double(model.sizes.samples)) + logSoftplus(exponent)
      let tolerance = Double(model.unknowns) * .ulpOfOne * (1 + squared)
      #expect(model.logLoss(at: point).value >= bound - tolerance, "round \(round)")
      // Equality at neural collapse.
      let optimum = scale * problem.optimum(dimension: model.dimension)
      let best = Double.log(Double(classes - 1)) - scale * scale
      let equality = Double.log(Double(model.sizes.samples)) + logSoftplus(best)
      #expect(
        abs(model.logLoss(at: optimum).value - equality) <= tolerance + 64 * .ulpOfOne
          * (1 + scale * scale))
    }
  }

  /// `log log(1 + e^x)`, right where the inner logarithm underflows.
  private func logSoftplus(_ x: Double) -> Double { x < -37 ? x : .log(.softplus(x)) }
}
