import LayerPeel
import LayerPeelNetworks
import LayerPeelReports
import Testing

/// Whether claims can tell: each is fed what it asks for, and then falsified versions of it.
struct ClaimTests {
  // MARK: - The flow reaches a KKT direction

  @Test func `a flow whose residual falls as predicted reaches a KKT direction`() {
    #expect(Claim.flowReachesKKTDirection([.ideal()]).verdict == .held)
  }

  @Test(arguments: [
    Falsified("stopped early", .inconclusive) { _ in .ideal(upTo: 1e5) },
    Falsified("residual stays", .notHeld) { $0.with(.stationarity) { _ in 0.005 } },
    Falsified("residual rises", .notHeld) { $0.with(.stationarity) { $0 / 1e9 } },
    Falsified("residual falls too slowly", .notHeld) {
      $0.with(.stationarity) { 0.01 * power($0, -0.4) }
    },
    Falsified("residual is large", .notHeld) { $0.with(.stationarity) { 20 * power($0, -0.5) } },
    Falsified("smoothed margin dips once", .notHeld) {
      $0.with(.smoothedGamma) { (2e4...3e4).contains($0) ? 0.05 : 0.1 - 1 / $0 }
    },
  ])
  func `a falsified flow does not`(_ example: Falsified) {
    let claim = Claim.flowReachesKKTDirection([.ideal(), example.make(.ideal())])
    #expect(claim.verdict == example.verdict)
  }

  @Test func `a claim about no flows was not run`() {
    #expect(Claim.flowReachesKKTDirection([]).verdict == .notRun)
    #expect(Claim.globalOptimumIsCollapse([]).verdict == .notRun)
    #expect(Claim.networksCollapse([], controls: []).verdict == .notRun)
  }

  // MARK: - The global optimum is neural collapse

  @Test func `a flow that collapses at the predicted rates finds the global optimum`() {
    #expect(Claim.globalOptimumIsCollapse([.ideal()]).verdict == .held)
  }

  @Test(arguments: [
    Falsified("stopped early", .inconclusive) { _ in .ideal(upTo: 1e5) },
    Falsified("another direction", .notHeld) { $0.with(.marginRatio) { _ in 0.75 } },
    Falsified("a ratio above one", .notHeld) { $0.with(.marginRatio) { _ in 1.0001 } },
    Falsified("no collapse", .notHeld) { $0.with(.nc1Within) { _ in 0.3 } },
    Falsified("means do not turn", .notHeld) { $0.with(.nc2MeansAngle) { _ in 0.001 } },
    Falsified("duality rises", .notHeld) { $0.with(.nc3DualityCentered) { $0 / 1e9 } },
    Falsified("norms fall too slowly", .notHeld) {
      $0.with(.nc2MeansNorm) { 0.1 * power($0, -0.5) }
    },
    Falsified("a metric is missing", .notHeld) { $0.without(.nc2MeansNorm) },
  ])
  func `a flow that does not collapse, does not`(_ example: Falsified) {
    let claim = Claim.globalOptimumIsCollapse([.ideal(), example.make(.ideal())])
    #expect(claim.verdict == example.verdict)
  }

  // MARK: - The flow leaves other directions

  static let inPlane = FlowRecord.escape { _ in 0.75 }
  static let leaving = FlowRecord.escape { $0 < 5e4 ? 0.75 : $0 < 3e5 ? 0.9 : 1 }

  @Test func `a square that stays in the plane and leaves it off the plane is an escape`() {
    let claim = Claim.flowLeavesOtherDirections(exact: Self.inPlane, perturbed: Self.leaving)
    #expect(claim.verdict == .held)
  }

  @Test(arguments: [
    Falsified("never leaves", .notHeld) { _ in inPlane },
    Falsified("leaves at once", .notHeld) { _ in .escape { _ in 1 } },
    Falsified("leaves late", .notHeld) { _ in .escape { $0 < 3e5 ? 0.75 : 1 } },
    Falsified("stopped early", .inconclusive) { _ in .escape(upTo: 2e5) { _ in 0.9 } },
  ])
  func `a falsified escape is none`(_ example: Falsified) {
    let claim = Claim.flowLeavesOtherDirections(
      exact: Self.inPlane, perturbed: example.make(Self.leaving))
    #expect(claim.verdict == example.verdict)
  }

  @Test func `a square that leaves without perturbation falsifies the escape`() {
    let claim = Claim.flowLeavesOtherDirections(exact: Self.leaving, perturbed: Self.leaving)
    #expect(claim.verdict == .notHeld)
  }

  // MARK: - Networks collapse

  struct NetworkCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let networks: [NetworkRecord]
    let verdict: Verdict
    init(_ name: String, _ networks: [NetworkRecord], _ verdict: Verdict) {
      (testDescription, self.networks, self.verdict) = (name, networks, verdict)
    }
  }

  @Test(arguments: [
    NetworkCase("falls throughout", [.made(), .made()], .held),
    NetworkCase("one seed rises past zero error", [.made(), .made(end: 0.3)], .inconclusive),
    NetworkCase("falls, but not by half", [.made(), .made(zero: 0.9, end: 0.8)], .inconclusive),
    NetworkCase("rises, and is not halved", [.made(), .made(zero: 0.7, end: 0.9)], .notHeld),
    NetworkCase("no collapse", [.made(zero: 1, end: 1)], .notHeld),
    NetworkCase("with weight decay", [.made(), .made(hadWeightDecay: true)], .inconclusive),
    NetworkCase(
      "interrupted past zero error", [.made(), .made(end: 0.1, termination: .interrupted)],
      .inconclusive),
    NetworkCase(
      "zero error only at the end", [.made(), .made(zero: 1, end: 1, zeroErrorEpoch: 60)],
      .inconclusive),
    NetworkCase("stopped before zero error", [.made(), .made(zeroErrorEpoch: nil)], .inconclusive),
  ])
  func `networks are judged by direction and depth in every seed`(_ example: NetworkCase) {
    let claim = Claim.networksCollapse(example.networks, controls: [])
    #expect(claim.verdict == example.verdict)
    #expect((claim.openBecause != nil) == (example.verdict == .inconclusive))
  }

  @Test func `fewer runs than were planned leave a claim open`() {
    #expect(
      Claim.networksCollapse([.made()], planned: 3, controls: []).verdict == .inconclusive)
    #expect(Claim.flowReachesKKTDirection([.ideal()], planned: 2).verdict == .inconclusive)
    #expect(Claim.globalOptimumIsCollapse([.ideal()], planned: 2).verdict == .inconclusive)
    #expect(Claim.flowLeavesOtherDirections(exact: nil, perturbed: nil).verdict == .notRun)
    #expect(Claim.modelContinuesNetwork(nil, network: nil).verdict == .notRun)
  }

  @Test func `controls decide nothing`() {
    let controls = [NetworkRecord.made(end: 2, hadWeightDecay: true)]
    #expect(Claim.networksCollapse([.made()], controls: controls).verdict == .held)
  }

  // MARK: - The model continues a network

  @Test(arguments: [
    Falsified("evaluation limit", .inconclusive) { $0.ended(.evaluationLimit) },
    Falsified("never separated", .notHeld) {
      $0.with(.leastMargin) { _ in -1 }.ended(.stationary)
    },
    Falsified("no better than the network", .notHeld) { $0.with(.marginRatio) { _ in 0.1 } },
  ])
  func `a flow that does not get there does not continue a network`(_ example: Falsified) {
    let flow = FlowRecord.ideal().ended(.marginRatio)
    let network = NetworkRecord.made()
    #expect(Claim.modelContinuesNetwork(flow, network: network).verdict == .held)
    let claim = Claim.modelContinuesNetwork(example.make(flow), network: network)
    #expect(claim.verdict == example.verdict)
  }

  @Test func `what was not run says so`() {
    let missing = ["put the files into a folder"]
    let claim = Claim.networksCollapseAtPaperScale([], planned: 8, missing: missing)
    #expect(claim.verdict == .notRun && claim.remarks.contains(missing[0]))
    #expect(claim.openBecause?.contains("--preset full") == true)
  }

  // MARK: - Convolutional networks

  @Test func `a narrow convolutional network is judged on three seeds, and shown on one`() {
    let three = [NetworkRecord](repeating: .made(), count: 3)
    let judge = { Claim.narrowResNet18Collapses($0, planned: 3, isJudged: true).verdict }
    #expect(judge(three) == .held)
    #expect(judge([.made(zero: 1, end: 1), .made(), .made(zero: 1, end: 1)]) == .notHeld)
    #expect(judge([.made()]) == .inconclusive)
    #expect(judge([]) == .notRun)
    let shown = Claim.narrowResNet18Collapses([.made()], planned: 1, isJudged: false)
    #expect(shown.verdict == .inconclusive && !shown.measured.isEmpty)
    #expect(shown.openBecause?.contains("--preset laptop") == true)
  }

  // MARK: - Networks move otherwise

  static let free = NetworkRecord.moving(share: 0.999, from: 1, isPlainDescent: true)

  @Test(arguments: [
    ([0.1, 0.4], Verdict.held), ([0.1, 0.6], .notHeld), ([0.5, 0.5], .notHeld),
  ])
  func `features are judged by the share of their motion that the model explains, in every seed`(
    _ shares: [Double], _ verdict: Verdict
  ) {
    let claim = Claim.networksMoveOtherwise(shares.map { .moving(share: $0) }, free: Self.free)
    #expect(claim.verdict == verdict && claim.openBecause == nil)
  }

  struct OpenMotion: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let networks: [NetworkRecord]
    let free: NetworkRecord?
    init(
      _ name: String, _ networks: [NetworkRecord] = [.moving(share: 0.1)],
      free: NetworkRecord? = ClaimTests.free
    ) {
      (testDescription, self.networks, self.free) = (name, networks, free)
    }
  }

  @Test(arguments: [
    OpenMotion("no control", free: nil),
    OpenMotion(
      "free features are not found", free: .moving(share: 0.9, from: 1, isPlainDescent: true)),
    OpenMotion(
      "free features without zero error",
      free: .moving(share: 1, from: 1, zeroErrorEpoch: nil, isPlainDescent: true)),
    OpenMotion(
      "free features move against the model",
      free: .moving(share: 1, from: 1, isPlainDescent: true, isBackward: true)),
    OpenMotion("free features moved by many steps", free: .moving(share: 1, from: 1)),
    OpenMotion("free features probed late", free: .moving(share: 1, isPlainDescent: true)),
    OpenMotion("no zero error", [.moving(share: 0.1, zeroErrorEpoch: nil)]),
    OpenMotion("two probes past zero error", [.moving(share: 0.1, zeroErrorEpoch: 40)]),
    OpenMotion("weight decay", [.moving(share: 0.1, hadWeightDecay: true)]),
    OpenMotion("a share is missing", [.moving(share: nil)]),
  ])
  func `a motion that cannot be judged is open, and says why`(_ example: OpenMotion) {
    let claim = Claim.networksMoveOtherwise(example.networks, free: example.free)
    #expect(claim.verdict == .inconclusive && claim.openBecause != nil)
  }

  @Test func `fewer seeds than planned leave the motion open, none leave it unrun`() {
    let one = [NetworkRecord.moving(share: 0.1)]
    #expect(
      Claim.networksMoveOtherwise(one, planned: 2, free: Self.free).verdict == .inconclusive)
    #expect(Claim.networksMoveOtherwise([], free: Self.free).verdict == .notRun)
  }

  @Test func `a forecast is told beside the motion, and decides nothing`() throws {
    let outcome = try Self.forecastOfDescent()
    let one = [NetworkRecord.moving(share: 0.1)]
    let claim = Claim.networksMoveOtherwise(one, free: Self.free, forecast: outcome)
    let distance = { (name: String) in
      claim.measured.first { $0.name == "forecast: gram_means, network to the \(name)" }?.value
    }
    // Small steps of descent on the model follow the model's flow.
    #expect(try #require(distance("flow")) < 0.1 * #require(distance("start")))
    #expect(claim.verdict == .held)
    let table = ReportTable.forecast(outcome)
    #expect(table.rows.count == 1 && table.rows[0].first == "1" && !table.rows[0].contains("–"))
  }

  /// The forecast of descent on the model itself, and where that is after many small steps.
  private static func forecastOfDescent() throws -> Forecast.Outcome {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: 3, perClass: 3), dimension: 4)
    var generator = SplitMix64(seed: 5)
    let start = model.gaussianPoint(using: &generator)
    var point = start
    for _ in 0..<2000 {
      let here = model.logLoss(at: point)
      point = point + (-0.01 * Double.exp(here.value)) * here.gradient
    }
    var m = CollapseMetrics.measure(point, labels: model.labels)
    m[.logLoss] = .value(model.logLoss(at: point).value)
    let state = Forecast.State(
      measurement: m, geometry: ClassGeometry(of: point, labels: model.labels))
    return try Forecast(labels: model.labels).run(
      from: Forecast.Start(epoch: 0, point: start),
      against: [Forecast.Probe(epoch: 1, state: state)])
  }
}

/// A flow made from another one so that a claim about it fails.
struct Falsified: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let verdict: Verdict
  let make: @Sendable (FlowRecord) -> FlowRecord

  init(_ name: String, _ verdict: Verdict, make: @escaping @Sendable (FlowRecord) -> FlowRecord) {
    (testDescription, self.verdict, self.make) = (name, verdict, make)
  }
}
