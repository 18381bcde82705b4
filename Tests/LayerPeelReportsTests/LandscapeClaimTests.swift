import LayerPeel
import LayerPeelReports
import Testing

/// Whether the claims about landscapes and proofs can tell truth from falsified records.
struct LandscapeClaimTests {
  // MARK: - Other critical points are strict saddles

  @Test func `landscapes of saddles that are left and minima that are proved have no traps`() {
    let claim = Claim.otherCriticalPointsAreStrictSaddles(LandscapeRecord.ideal, planned: 6)
    #expect(claim.verdict == .held)
    let measured = Dictionary(claim.measured.map { ($0.name, $0.value) }) { $1 }
    #expect(measured["distinct in loss, μ and singular values"] == 115)
    #expect(measured["of these with μ < 0"] == 54)
    #expect(measured["of these with μ > 0, not global"] == 54)
    #expect(measured["starts that met the family μ = 0"] == 18)
    #expect(measured["starts that did not converge"] == 6)
    #expect(measured["weakest certified negative curvature, over σ"] == -0.5)
    #expect(measured["descents that ended at a global point"] == 114)
  }

  @Test(arguments: [
    Forged("a local minimum", .notHeld) { $0.verdict = .localMinimum },
    Forged("curvature within its error of zero", .notHeld) {
      $0.curvatureRatio = -1e-12
      $0.errorRatio = 1e-11
    },
    Forged("positive curvature", .notHeld) { $0.curvatureRatio = 0.1 },
    Forged("a gradient that does not vanish", .notHeld) { $0.scaledGradientNorm = 2e-10 },
    Forged("a gradient that is not a number", .notHeld) { $0.scaledGradientNorm = .nan },
    Forged("a descent that ends no lower", .notHeld) { $0.descent?.logLoss = $0.logLoss },
    Forged("a bound that closes at a saddle", .notHeld) { $0.boundRatio = 0 },
    Forged("no descent", .inconclusive) { $0.descent = nil },
  ])
  func `one falsified saddle decides`(_ forged: Forged) throws {
    var records = LandscapeRecord.ideal
    let saddle = try #require(records[3].points.firstIndex { $0.verdict == .strictSaddle })
    forged.change(&records[3].points[saddle])
    let claim = Claim.otherCriticalPointsAreStrictSaddles(records, planned: 6)
    #expect(claim.verdict == forged.verdict)
  }

  @Test func `a minimum whose bound does not close is a trap`() throws {
    var records = LandscapeRecord.ideal
    let minimum = try #require(records[0].points.firstIndex { $0.verdict == .globalMinimum })
    records[0].points[minimum].boundRatio = 1e-3
    #expect(Claim.otherCriticalPointsAreStrictSaddles(records).verdict == .notHeld)
  }

  @Test(arguments: [
    Thinned("five landscapes") { $0.removeLast() },
    Thinned("one with unequal classes") { records in
      records.removeAll { !$0.sizes.areBalanced && $0.dimension == 4 }
      records.append(.made([4, 4, 4, 4, 4], dimension: 6, seed: 9))
    },
    Thinned("none with d = K − 1") { records in
      for i in records.indices { records[i].dimension = records[i].sizes.classes }
    },
    Thinned("one with too few dimensions") { $0[0].dimension = 2 },
    Thinned("few points with μ < 0") { records in
      for i in records.indices { records[i].points.removeAll { ($0.multiplierRatio ?? 0) < 0 } }
    },
    Thinned("few points with μ > 0") { records in
      for i in records.indices {
        records[i].points.removeAll { $0.verdict == .strictSaddle && ($0.multiplierRatio ?? 0) > 0 }
      }
    },
    Thinned("the same points six times") { records in
      for i in records.indices { records[i].points = records[0].points }
    },
    Thinned("no family μ = 0") { records in
      for i in records.indices { records[i].points.removeAll(where: \.isFlat) }
    },
    Thinned("an interrupted survey") { $0[5].isInterrupted = true },
  ])
  func `too few landscapes or points leave it open`(_ thinned: Thinned) {
    var records = LandscapeRecord.ideal
    thinned.change(&records)
    #expect(Claim.otherCriticalPointsAreStrictSaddles(records).verdict == .inconclusive)
  }

  @Test func `no landscapes were not run, and fewer than planned leave it open`() {
    #expect(Claim.otherCriticalPointsAreStrictSaddles([]).verdict == .notRun)
    let records = LandscapeRecord.ideal
    #expect(
      Claim.otherCriticalPointsAreStrictSaddles(records, planned: 7).verdict == .inconclusive)
  }

  @Test func `a survey becomes a record with its descents`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 3, perClass: 2), dimension: 3)
    var settings = Landscape.Settings(level: .radius(model.radius()))
    settings.restarts = 2
    let landscape = Landscape(model, settings: settings)
    var survey = try landscape.survey()
    let routes = try landscape.routes(of: &survey)
    let record = LandscapeRecord(
      landscape, survey: survey, routes: routes)
    #expect(record.name == "3 classes of 2 in 3 dimensions")
    #expect(record.starts == survey.startCount && record.points.count == survey.entries.count)
    for point in record.points {
      #expect((point.descent == nil) == (point.verdict == .globalMinimum), "\(point.name)")
    }
    // Too few landscapes, but nothing in this one that contradicts the claim.
    #expect(Claim.otherCriticalPointsAreStrictSaddles([record]).verdict == .inconclusive)
  }

  @Test func `a record keeps kinds apart where the loss is too small for doubles`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 4, perClass: 5), dimension: 8)
    var settings = Landscape.Settings(level: .radius(200))
    settings.restarts = 0
    let landscape = Landscape(model, settings: settings)
    let record = LandscapeRecord(landscape, survey: try landscape.survey())
    let pairs = try #require(record.points.first { $0.name == "blocks-2+2" })
    #expect(pairs.logLoss < -744 && (pairs.multiplierRatio ?? 0) > 0 && pairs.curvatureRatio < 0)
    #expect((pairs.boundRatio ?? 0) > 1)
    let figure = Figure.landscape(of: record)
    #expect(figure.title == "No traps in the landscape")
    #expect(figure.wide.script.contains("log L, L summed over samples"))
    #expect(figure.wide.script.contains("saddle, μ > 0"))
    #expect(figure.wide.script.contains("\n\(pairs.logLoss) "))
  }

  @Test func `with decay the record has the origin's own index and curvature`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 3, perClass: 4), dimension: 4)
    var settings = Landscape.Settings(level: .weightDecay(2.5))
    settings.restarts = 0
    let landscape = Landscape(model, settings: settings)
    let origin = LandscapeRecord(landscape, survey: try landscape.survey()).points[0]
    #expect(origin.verdict == .globalMinimum && origin.index == 0 && origin.curvatureRatio > 0)
  }

  // MARK: - Ends are proved

  static let proved = ProofRecord(name: "made", epsilon: 1e-6, marginRatio: 1 / (1 + 1e-6))

  @Test func `ends within one part in ten thousand are proved`() {
    #expect(Claim.endsAreProved([Self.proved, Self.proved], planned: 2).verdict == .held)
  }

  @Test(arguments: [
    ("too far", ProofRecord(name: "", epsilon: 1.1e-4, marginRatio: 1 / (1 + 1.1e-4))),
    ("another ratio", ProofRecord(name: "", epsilon: 1e-6, marginRatio: 1)),
    ("better than the best", ProofRecord(name: "", epsilon: -1e-6, marginRatio: 1.000001)),
    ("no proof", ProofRecord(name: "", epsilon: nil, marginRatio: 0.9999)),
  ])
  func `a falsified proof is none`(_ name: String, _ proof: ProofRecord) {
    #expect(Claim.endsAreProved([Self.proved, proof]).verdict == .notHeld)
  }

  @Test func `fewer proofs than planned leave it open, and others decide nothing`() {
    #expect(Claim.endsAreProved([]).verdict == .notRun)
    #expect(Claim.endsAreProved([Self.proved], planned: 2).verdict == .inconclusive)
    let square = ProofRecord(name: "square", epsilon: 1 / 3, marginRatio: 0.75)
    #expect(Claim.endsAreProved([Self.proved], planned: 1, others: [square]).verdict == .held)
  }
}

/// A saddle changed so that the claim about it fails.
struct Forged: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let verdict: Verdict
  let change: @Sendable (inout LandscapeRecord.Entry) -> Void

  init(
    _ name: String, _ verdict: Verdict,
    change: @escaping @Sendable (inout LandscapeRecord.Entry) -> Void
  ) {
    (testDescription, self.verdict, self.change) = (name, verdict, change)
  }
}

/// Landscapes from which something is missing.
struct Thinned: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let change: @Sendable (inout [LandscapeRecord]) -> Void

  init(_ name: String, change: @escaping @Sendable (inout [LandscapeRecord]) -> Void) {
    (testDescription, self.change) = (name, change)
  }
}

extension LandscapeRecord {
  /// Six landscapes, two with unequal classes and one with `d = K - 1`, each with a minimum, nine
  /// saddles of either sign of `μ`, and the family `μ = 0`.
  static var ideal: [LandscapeRecord] {
    [
      .made([5, 5, 5, 5], dimension: 3, seed: 1), .made([5, 5, 5, 5], dimension: 4, seed: 2),
      .made([2, 2, 2], dimension: 4, seed: 3), .made([3, 3, 3, 3, 3], dimension: 5, seed: 4),
      .made([6, 6, 2, 2], dimension: 6, seed: 5), .made([4, 2, 1], dimension: 4, seed: 6),
    ]
  }

  static func made(_ counts: [Int], dimension: Int, seed: Double) -> LandscapeRecord {
    let sizes: ClassSizes
    do { sizes = try ClassSizes(counts) } catch { preconditionFailure("\(error)") }
    let saddles = (1...9).flatMap { k in
      [1.0, -1.0].map { sign in
        Entry.made("saddle \(k)", logLoss: seed + Double(k) / 10, multiplier: sign)
      }
    }
    var minimum = Entry.made("collapse", logLoss: seed, multiplier: 1)
    minimum.verdict = .globalMinimum
    minimum.boundRatio = 1e-12
    minimum.curvatureRatio = 0
    minimum.index = 0
    minimum.descent = nil
    // As if all had the same N log K: one family.
    var flat = Entry.made("flat", logLoss: 7.5, multiplier: 0)
    flat.isFlat = true
    return LandscapeRecord(
      name: "made \(Int(seed))", sizes: sizes, dimension: dimension,
      level: .radius(4), points: [minimum] + saddles + [flat], starts: 25, trivialStarts: 3,
      failedStarts: 1)
  }
}

extension LandscapeRecord.Entry {
  /// A saddle of curvature `-σ/2` that is left for collapse.
  static func made(_ name: String, logLoss: Double, multiplier: Double) -> Self {
    let ratio = power(2.718_281_828_459_045, -logLoss)
    return Self(
      name: name, verdict: .strictSaddle, radius: 4, logLoss: logLoss,
      multiplierRatio: multiplier * ratio, spectralNormRatio: 2 * ratio, scaledGradientNorm: 1e-15,
      boundRatio: 8 * ratio, singularValues: [2, 1], rank: 2, jointRank: 2, curvatureRatio: -ratio,
      errorRatio: 0, multiplicity: 2, index: 3, marginRatio: 0.5,
      descent: LandscapeRecord.Descent(
        logLoss: logLoss - 1, steps: 30, saddles: ["saddle 2"], destination: "collapse",
        hasSettled: true))
  }
}

/// Whether the claim about KKT points can tell.
struct KKTPointsClaimTests {
  static let pairs = KKTPointRecord(
    name: "two pairs", classes: 4, dimension: 4, isRecognised: true, verdict: "kkt_not_global",
    value: 4,
    expectedValue: 4, marginRatio: 0.75, stationarity: 1e-16, sigma: 1.5, predicted: -0.5,
    measured: -0.5, ratioAfter: 0.8, index: 3, ratioAtEnd: 1)

  @Test func `recognised points with measured ways out hold`() {
    #expect(Claim.otherKKTPointsHaveAWayOut([Self.pairs], planned: 1).verdict == .held)
  }

  @Test(arguments: [
    ForgedPoint("not recognised") { $0.isRecognised = false },
    ForgedPoint("another value") { $0.value = 4.00001 },
    ForgedPoint("another second-order change") { $0.measured = -0.49999 },
    ForgedPoint("no second-order gain") { ($0.predicted, $0.measured) = (0.5, 0.5) },
    ForgedPoint("a way that leads to smaller margins") { $0.ratioAfter = 0.7 },
    ForgedPoint("no way out") { ($0.predicted, $0.measured, $0.ratioAfter) = (nil, nil, nil) },
  ])
  func `a falsified point does not`(_ forged: ForgedPoint) {
    var point = Self.pairs
    forged.change(&point)
    #expect(Claim.otherKKTPointsHaveAWayOut([Self.pairs, point]).verdict == .notHeld)
  }

  @Test func `a table of KKT points has their verdicts in words and no number where there is none`()
  {
    var plane = Self.pairs
    (plane.verdict, plane.sigma, plane.predicted) = ("kkt_gap_open", nil, nil)
    (plane.index, plane.ratioAtEnd) = (nil, nil)
    let rows = ReportTable.kktPoints([Self.pairs, plane]).rows
    #expect(rows[0][..<5] == ["two pairs", "4", "4", "not global", "4.000"])
    #expect(rows[0][8...] == ["−0.5000", "−0.5000", "3", "1.000"])
    #expect(rows[1][3] == "gap open" && rows[1][7...] == ["–", "–", "−0.5000", "–", "–"])
  }

  @Test func `fewer points than planned leave it open, none were not run`() {
    #expect(Claim.otherKKTPointsHaveAWayOut([]).verdict == .notRun)
    #expect(Claim.otherKKTPointsHaveAWayOut([Self.pairs], planned: 2).verdict == .inconclusive)
  }
}

/// A KKT point changed so that the claim about it fails.
struct ForgedPoint: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let change: @Sendable (inout KKTPointRecord) -> Void

  init(_ name: String, change: @escaping @Sendable (inout KKTPointRecord) -> Void) {
    (testDescription, self.change) = (name, change)
  }
}
