import LayerPeel
import TestSupport
import Testing

struct CollapseMetricsTests {
  @Test func `every key of every fixture agrees with mpmath at 50 digits`() throws {
    let fixtures = try PointFixture.all()
    #expect(fixtures.count == 6)
    for fixture in fixtures {
      let (model, point) = try (fixture.model(), fixture.point())
      var measurer = PointMeasurer(model, start: point)
      let m = measurer.measure(point)
      for (key, truth) in fixture.values {
        let quantity = try #require(Quantity(rawValue: key), "\(key)")
        guard let truth else {
          #expect(m[quantity].reason != nil, "\(fixture): \(key)")
          continue
        }
        let value = try #require(m[quantity].number, "\(fixture): \(key)")
        let tolerance = try tolerance(quantity, truth, fixture)
        #expect(abs(value - truth) <= tolerance, "\(fixture): \(key) is \(value), not \(truth)")
      }
      #expect(fixture.values.count == Quantity.ofPoint.count - 2)  // without the drifts
      let squaredNorm = Point.dot(point, point)
      let rounding = Double(model.unknowns) * .ulpOfOne
      #expect(abs(point.norm - fixture.extra["norm"]!) <= rounding * point.norm)
      #expect(abs(point.imbalance.norm - fixture.extra["balance"]!) <= rounding * squaredNorm)
      let gradient = model.logLoss(at: point)
      let log = gradient.value + .log(gradient.gradient.norm)
      #expect(
        abs(log - fixture.extra["log_gradient_norm"]!)
          <= 8 * rounding * (1 + abs(gradient.leastMargin)))
    }
  }

  /// Sums have at most as many terms as there are unknowns, of about the size of the largest.
  private func tolerance(
    _ quantity: Quantity, _ truth: Double, _ fixture: PointFixture
  ) throws -> Double {
    let rounding = 8 * Double(try fixture.model().unknowns) * .ulpOfOne
    switch quantity {
    case .nc1Trace, .nc1Ratio, .cdnv:
      // Squares of ratios r, whose differences from a mean are right to the rounding of the mean.
      return rounding * (truth + 2 * truth.squareRoot())
    case .logLoss, .leastMargin, .smoothedGamma, .stationarity, .complementarity, .trajectoryDual:
      // Weights p/L are exponentials of margins, which are right relative to their size.
      return rounding * (1 + abs(truth)) * (1 + abs(fixture.values["q_min"]!!))
    case .gap:
      return rounding * fixture.values["primal"]!!
    default:
      return rounding * (1 + abs(truth))
    }
  }

  /// What is zero at neural collapse: everything but where `W` and `H` stand in their own space.
  private static let zeroAtCollapse = Quantity.metrics

  @Test(arguments: [2, 3, 4, 10], [1, 6])
  func `at neural collapse every metric is zero to rounding`(
    _ classes: Int, perClass: Int
  ) throws {
    let sizes = try ClassSizes(classes: classes, perClass: perClass)
    let point = SeparationProblem(sizes: sizes).optimum(dimension: classes + 1)
    let m = CollapseMetrics.measure(3 * point, labels: Labels(sorted: sizes))
    // Entries are right to the decomposition's rounding; W's norm is below 3 (K √n)^½.
    let rounding = 64 * Double(classes * perClass) * .ulpOfOne
    for quantity in Self.zeroAtCollapse {
      #expect(try #require(m[quantity].number) <= rounding, "\(quantity.rawValue)")
    }
  }

  @Test func `an imbalanced optimum has within-class collapse, but is not self-dual`() throws {
    let sizes = try ClassSizes([6, 6, 2, 2])
    let point = SeparationProblem(sizes: sizes).optimum(dimension: 5)
    let m = CollapseMetrics.measure(point, labels: Labels(sorted: sizes))
    // By NumPy from the singular vectors of P D^½, which give W and the class means.
    #expect(abs(m[.nc3DualityCentered].number! - 0.22464196132780) <= 1e-13)
    #expect(m[.nc1Within].number! <= 64 * .ulpOfOne)
    #expect(m[.nc2MeansAngle].number! > 0.05)
  }

  @Test(arguments: ModelCase.ordinary)
  func `the order of the samples does not matter`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), example.point())
    let order = (0..<model.sizes.samples).sorted {
      (model.labels[$0], $0) < (model.labels[$1], $1)
    }
    var sorted = point
    for (place, i) in order.enumerated() {
      for j in 0..<model.dimension { sorted.features[place, j] = point.features[i, j] }
    }
    let a = CollapseMetrics.measure(point, labels: model.labels)
    let b = CollapseMetrics.measure(sorted, labels: Labels(sorted: model.sizes))
    for quantity in Quantity.metrics {
      // The same sums over samples in another order.
      let (x, y) = try (#require(a[quantity].number), #require(b[quantity].number))
      let tolerance = 8 * Double(model.unknowns) * .ulpOfOne * (abs(x) + 1)
      #expect(abs(x - y) <= tolerance * conditioning(a), "\(quantity.rawValue)")
    }
  }

  /// `nc1_trace` divides by the least squared singular value of the means.
  private func conditioning(_ m: Measurement) -> Double { 1 + m[.nc1Trace].number! }

  @Test(arguments: ModelCase.ordinary)
  func `metrics do not see a common shift of features, nor rotations nor scale`(
    _ example: ModelCase
  ) throws {
    let (model, point) = try (example.model(), example.point())
    var shifted = point
    for i in 0..<model.sizes.samples {
      for j in 0..<model.dimension { shifted.features[i, j] += 1 }
    }
    let (a, b) = (
      CollapseMetrics.measure(point, labels: model.labels),
      CollapseMetrics.measure(shifted, labels: model.labels)
    )
    let c = CollapseMetrics.measure(4 * point, labels: model.labels)
    for quantity in Quantity.metrics {
      let x = try #require(a[quantity].number)
      let tolerance = 32 * Double(model.unknowns) * .ulpOfOne * (abs(x) + 1) * conditioning(a)
      if quantity != .nc4Mismatch {
        #expect(abs(try #require(b[quantity].number) - x) <= tolerance, "\(quantity.rawValue)")
      }
      let factor: Double = quantity == .nc0 ? 4 : 1
      #expect(
        abs(try #require(c[quantity].number) - factor * x) <= factor * tolerance,
        "\(quantity.rawValue)")
    }
  }

  @Test func `an unrelated pair scores √2, an opposite one 2`() throws {
    let labels = Labels(sorted: try ClassSizes([1, 1, 1]))
    let sizes = labels.sizes
    let point = SeparationProblem(sizes: sizes).optimum(dimension: 4)
    let opposite = Point(classifier: -1 * point.classifier, features: point.features)
    let m = CollapseMetrics.measure(opposite, labels: labels)
    #expect(abs(m[.nc3Duality].number! - 2) <= 1e-14)
    #expect(abs(m[.nc3Product].number! - 2) <= 1e-14)
    let apart = Point(
      classifier: Matrix(rows: 3, columns: 4) { $1 < 2 ? point.classifier[$0, $1] : 0 },
      features: Matrix(rows: 3, columns: 4) { $1 < 2 ? 0 : point.features[$0, $1 - 2] })
    let unrelated = CollapseMetrics.measure(apart, labels: labels)
    #expect(abs(unrelated[.nc3Duality].number! - 2.0.squareRoot()) <= 1e-14)
  }

  @Test func `a mismatch is a sample whose nearest mean is not its largest logit`() throws {
    let labels = try Labels([0, 0, 1, 1])
    // Means at ±3 on a line; the classifier's border is at 0 only if its rows say so.
    let features = Matrix(rows: 4, columns: 1, elements: [2, 4, -2, -4])
    let right = Point(
      classifier: Matrix(rows: 2, columns: 1, elements: [1, -1]), features: features)
    #expect(CollapseMetrics.measure(right, labels: labels)[.nc4Mismatch] == .value(0))
    let wrong = Point(
      classifier: Matrix(rows: 2, columns: 1, elements: [-1, 1]), features: features)
    #expect(CollapseMetrics.measure(wrong, labels: labels)[.nc4Mismatch] == .value(1))
  }
}

/// Where a metric is undefined, it says why.
struct UndefinedMetricTests {
  private let labels: Labels
  private let features = Matrix(
    rows: 5, columns: 2, elements: [1, 0, 2, 1, 0, 3, -1, -1, -2, 0])
  private let classifier = Matrix(rows: 3, columns: 2, elements: [1, 2, 0, 1, -1, -2])

  init() throws { labels = try Labels([0, 0, 1, 1, 2]) }

  private func measure(_ classifier: Matrix, _ features: Matrix) -> Measurement {
    CollapseMetrics.measure(
      Point(classifier: classifier, features: features), labels: labels)
  }

  @Test func `where all is defined, nothing is absent`() {
    let m = measure(classifier, features)
    #expect(Quantity.metrics.allSatisfy { m[$0].number != nil })
  }

  @Test func `a zero classifier has neither angles nor duality`() {
    let m = measure(Matrix(rows: 3, columns: 2), features)
    #expect(m[.nc0] == .value(0))
    #expect(m[.nc2WeightsNorm] == .absent(because: "all classifier rows are zero"))
    #expect(m[.nc2WeightsAngle] == .absent(because: "classifier row 0 is zero and has no angle"))
    #expect(m[.nc2WeightsEtf] == .absent(because: "all classifier rows are zero"))
    #expect(m[.nc3Duality] == .absent(because: "the classifier is zero"))
    #expect(m[.nc3Product] == .absent(because: "all products W Mᵀ are zero"))
    #expect(m[.nc2WeightsNormCentered] == .absent(because: "all classifier rows are zero"))
    #expect(m[.nc1Trace].number != nil && m[.nc2MeansEtf].number != nil)
  }

  @Test func `equal rows are zero only once they are centred`() {
    let m = measure(Matrix(rows: 3, columns: 2, repeating: 0.5), features)
    #expect(m[.nc2WeightsNorm] == .value(0))
    #expect(m[.nc3Duality].number != nil)
    #expect(m[.nc2WeightsNormCentered] == .absent(because: "all classifier rows are zero"))
    #expect(m[.nc3DualityCentered] == .absent(because: "the classifier is zero"))
  }

  @Test func `coinciding means have no scatter between them`() {
    let m = measure(classifier, Matrix(rows: 5, columns: 2, repeating: 0.5))
    #expect(m[.nc1Ratio] == .absent(because: "all class means coincide"))
    #expect(m[.nc1Trace] == .absent(because: "all class means coincide"))
    #expect(m[.cdnv] == .absent(because: "the means of classes 0 and 1 coincide"))
    #expect(m[.nc1Within] == .absent(because: "all features coincide"))
    #expect(m[.nc2MeansNorm] == .absent(because: "all class means are zero"))
    #expect(m[.nc2MeansAngle] == .absent(because: "class mean 0 is zero and has no angle"))
    #expect(m[.nc2MeansEtf] == .absent(because: "all class means are zero"))
    #expect(m[.nc3Duality] == .absent(because: "all class means coincide"))
    #expect(m[.nc2WeightsEtf].number != nil)
  }

  @Test func `two coinciding means spoil the pairwise metric alone`() {
    let m = measure(
      classifier, Matrix(rows: 5, columns: 2, elements: [1, 0, 3, 0, 2, 1, 2, -1, 5, 5]))
    #expect(m[.cdnv] == .absent(because: "the means of classes 0 and 1 coincide"))
    #expect(m[.nc1Ratio].number != nil)
    #expect(m[.nc1Trace].number != nil)
  }

  @Test func `a class mean at the global mean has no angle`() {
    let m = measure(
      classifier, Matrix(rows: 5, columns: 2, elements: [1, 0, 1, 0, 0.5, 1, -0.5, -1, -1, 0]))
    #expect(m[.nc2MeansAngle] == .absent(because: "class mean 1 is zero and has no angle"))
    #expect(m[.nc2MeansNorm].number != nil)
  }
}

struct ClassStatisticsTests {
  @Test(arguments: ModelCase.ordinary)
  func `means and variances are those of their definitions`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), example.point())
    let s = ClassStatistics(features: point.features, labels: model.labels)
    let rounding = Double(model.sizes.samples + 4) * .ulpOfOne
    for k in 0..<model.sizes.classes {
      let rows = (0..<model.sizes.samples).filter { model.labels[$0] == k }
      var variance = 0.0
      for j in 0..<model.dimension {
        let column = rows.map { point.features[$0, j] }
        let size = column.reduce(0) { $0 + abs($1) }
        let mean = column.reduce(0, +) / Double(rows.count)
        #expect(abs(s.means[k, j] - mean) <= rounding * size)
        variance += column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows.count)
      }
      let size = rows.reduce(0) { $0 + point.features.rowNorms[$1] * point.features.rowNorms[$1] }
      #expect(abs(s.variances[k] - variance) <= 4 * rounding * size)
    }
    #expect(s.centredMeans == s.means.centred)
  }

  @Test func `a large offset costs no digits of the scatter`() throws {
    // Expanded squares would lose all sixteen: 1e8 squared against a scatter of 1.
    let labels = try Labels([0, 0, 1, 1])
    let features = Matrix(
      rows: 4, columns: 1, elements: [1e8 + 1, 1e8 - 1, 2e8 + 2, 2e8 - 2])
    #expect(ClassStatistics(features: features, labels: labels).variances == [1, 4])
  }
}
