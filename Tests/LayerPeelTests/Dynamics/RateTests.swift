import LayerPeel
import TestSupport
import Testing

/// Exponents of collapse in `log t`: balanced classes, a start of full joint rank, 13 times evenly
/// spaced in `log log t` from `log t` = 40 to 640.
struct RateTests {
  static let seeds = 0..<8 as Range<UInt64>
  static let centred: [Quantity] = [
    .nc2MeansNorm, .nc2MeansAngle, .nc2MeansEtf, .nc2WeightsNormCentered,
    .nc2WeightsAngleCentered, .nc2WeightsEtfCentered, .nc3DualityCentered,
  ]
  static let uncentred: [Quantity] = [
    .nc2WeightsNorm, .nc2WeightsAngle, .nc2WeightsEtf, .nc3Duality, .nc3Product,
  ]

  private func trajectory(_ seed: UInt64) throws -> Trajectory<FlowTime> {
    try FlowCase([5, 5, 5, 5], dimension: 20, .gaussian(seed: seed)).run {
      $0.logTimes = (0...12).map { 40 * Double.exp(.log(16) * Double($0) / 12) }
    }.trajectory
  }

  /// The fitted slope of `log(metric)` on `log log t`, from a time on.
  private func slope(
    _ quantity: Quantity, _ trajectory: Trajectory<FlowTime>, from logTime: Double = 0
  ) throws -> Double {
    let points = try trajectory.records.filter { $0.coordinate.logTime > logTime }.map {
      (Double.log($0.coordinate.logTime), Double.log(try #require($0.measurement[quantity].number)))
    }
    return try #require(LineFit(points)).slope
  }

  @Test(arguments: seeds)
  func `centred norms, angles and duality fall as 1 over log t`(_ seed: UInt64) throws {
    let trajectory = try trajectory(seed)
    for quantity in Self.centred {
      let all = try slope(quantity, trajectory)
      let tail = try slope(quantity, trajectory, from: 319)
      #expect(abs(all + 0.95) <= 0.02, "\(quantity.rawValue)")
      #expect(abs(tail + 0.982) <= 0.003, "\(quantity.rawValue)")
    }
  }

  @Test(arguments: seeds)
  func `the within-class ratio falls as the root of that, and its square as that`(
    _ seed: UInt64
  ) throws {
    let trajectory = try trajectory(seed)
    #expect(abs(try slope(.nc1Within, trajectory) + 0.47) <= 0.02)
    #expect(abs(try slope(.nc1Ratio, trajectory) + 0.94) <= 2 * 0.02)
  }

  @Test func `with the conserved row sum in W, the median start falls as the root`() throws {
    // A mean of absolute values has kinks where one of them changes sign, so that single starts can
    // lie outside: the middle of eight does not.
    let trajectories = try Self.seeds.map { try trajectory($0) }
    for quantity in Self.uncentred {
      let slopes = try trajectories.map { try slope(quantity, $0) }.sorted()
      #expect(abs((slopes[3] + slopes[4]) / 2 + 0.48) <= 0.06, "\(quantity.rawValue): \(slopes)")
    }
    #expect(trajectories.allSatisfy { $0.values(.nc0).allSatisfy { $0 > 0.1 } })
  }

  @Test(arguments: seeds)
  func `what ignores the frozen part falls faster`(_ seed: UInt64) throws {
    let trajectory = try trajectory(seed)
    // Stated as about -3, and as -2.5: half a unit of the last digit that is given.
    #expect(abs(try slope(.nc1Trace, trajectory, from: 319) + 3) <= 0.5)
    #expect(abs(try slope(.nc3ProductCentered, trajectory, from: 319) + 2.5) <= 0.05)
  }

  @Test func `the loss falls as 1 over 4 γ* t log t`() throws {
    let trajectory = try FlowCase([5, 5, 5, 5], dimension: 20, .gaussian(seed: 0)).run {
      $0.logTimes = [640, 5000]
    }.trajectory
    let gamma = SeparationProblem(sizes: try ClassSizes(classes: 4, perClass: 5)).largestGamma
    for (record, expected) in zip(trajectory.records.dropFirst(), [0.987, 0.998]) {
      let logTime = record.coordinate.logTime
      let product = 4 * gamma * logTime * .exp(record.measurement[.logLoss].number! + logTime)
      // Half a unit in the last digit that is given.
      #expect(abs(product - expected) <= 5e-4, "log t = \(logTime)")
    }
  }

  @Test(arguments: seeds)
  func `ρ² is known to 0.3 % at log t = 40`(_ seed: UInt64) throws {
    let example = FlowCase([5, 5, 5, 5], dimension: 20, .gaussian(seed: seed))
    let last = try example.run { $0.untilLogTime = 40 }.trajectory.last
    let problem = SeparationProblem(sizes: try ClassSizes(example.counts))
    let terms = Double.log(40) + .log(4 * problem.largestGamma) + .log(20 * 3)
    let predicted = (40 + terms) / last[.gamma].number!
    #expect(abs(.exp(2 * last[.logNorm].number!) / predicted - 1) <= 3e-3)
  }

  @Test(arguments: seeds)
  func `imbalanced classes tend to the optimum's own metrics, not to zero`(_ seed: UInt64) throws {
    let example = FlowCase([6, 6, 2, 2], dimension: 5, .gaussian(seed: seed))
    let trajectory = try example.run { $0.logTimes = [1e3, 3e3, 1e4, 3e4, 1e5] }.trajectory
    let sizes = try ClassSizes(example.counts)
    let limit = CollapseMetrics.measure(
      SeparationProblem(sizes: sizes).optimum(dimension: 5), labels: Labels(sorted: sizes))
    // They come near like 1/log t, with factors of order one.
    for quantity in [.nc2MeansNorm, .nc2MeansAngle, .nc2MeansEtf, .nc3DualityCentered] as [Quantity] {
      for record in trajectory.records.dropFirst() {
        let distance = abs(record.measurement[quantity].number! - limit[quantity].number!)
        #expect(distance <= 2 / record.coordinate.logTime, "\(quantity.rawValue)")
      }
    }
    // Stated as -1, and as about -1.95.
    #expect(abs(try slope(.nc3ProductCentered, trajectory) + 1) <= 0.01)
    #expect(abs(try slope(.nc1Trace, trajectory) + 1.95) <= 0.1)
  }
}
