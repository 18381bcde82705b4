import LayerPeel
import TestSupport
import Testing

/// Every way for a flow to end.
struct TerminationTests {
  static let example = FlowCase(seed: 7)

  @Test func `a margin ratio that was asked for is met exactly`() throws {
    let trajectory = try Self.example.run { $0.untilMarginRatio = 0.98 }.trajectory
    #expect(trajectory.termination == .marginRatio)
    // The root is found on a polynomial to rounding, and measured again with other sums.
    #expect(abs(trajectory.last[.marginRatio].number! - 0.98) <= 1e-9)
    #expect(trajectory.values(.marginRatio).dropLast().allSatisfy { $0 < 0.98 })
  }

  @Test func `without any target the flow ends at the default ratio`() throws {
    let trajectory = try Self.example.run { _ in }.trajectory
    #expect(trajectory.termination == .marginRatio)
    #expect(abs(trajectory.last[.marginRatio].number! - Flow.Settings.defaultMarginRatio) <= 1e-9)
  }

  @Test(arguments: [-1.0, -26, -1e5])
  func `a log loss that was asked for is met exactly`(_ target: Double) throws {
    let trajectory = try Self.example.run { $0.untilLogLoss = target }.trajectory
    #expect(trajectory.termination == .logLoss)
    #expect(abs(trajectory.last[.logLoss].number! - target) <= 1e-9 * abs(target))
  }

  @Test(arguments: [-10.0, 0, 5, 1e3, 1e6])
  func `a time that was asked for is met exactly`(_ target: Double) throws {
    let trajectory = try Self.example.run { $0.untilLogTime = target }.trajectory
    #expect(trajectory.termination == .logTime)
    let last = try #require(trajectory.records.last)
    #expect(abs(last.coordinate.logTime - target) <= 1e-9 * max(1, abs(target)))
  }

  @Test func `the first of several targets ends the flow`() throws {
    let trajectory = try Self.example.run {
      $0.untilLogLoss = -1e5
      $0.untilLogTime = 10
      $0.untilMarginRatio = 0.999
    }.trajectory
    #expect(trajectory.termination == .logTime)
  }

  @Test func `targets that the start meets end the flow at once`() throws {
    let model = try Self.example.model()
    let optimum = SeparationProblem(sizes: model.sizes).optimum(dimension: 8)
    func run(_ change: (inout Flow.Settings) -> Void) throws -> Trajectory<FlowTime> {
      var settings = Flow.Settings()
      change(&settings)
      return try Flow(model, settings: settings).trajectory(from: 5 * optimum)
    }
    let ratio = try run { $0.untilMarginRatio = 0.9 }
    #expect(ratio.termination == .marginRatio)
    #expect(ratio.records.count == 1)
    #expect(ratio.cost.steps == 0)
    let loss = try run { $0.untilLogLoss = 3 }
    #expect(loss.termination == .logLoss)
    #expect(loss.records.count == 1)
  }

  @Test func `as many evaluations as are allowed end the flow soon`() throws {
    let trajectory = try Self.example.run {
      $0.untilLogLoss = -1e6
      $0.maximumEvaluations = 100
    }.trajectory
    #expect(trajectory.termination == .evaluationLimit)
    // It is asked after every step, and a step takes a few evaluations.
    #expect((100...120).contains(trajectory.cost.gradientEvaluations))
    #expect(trajectory.records.last!.coordinate.logTime > -.infinity)
  }

  @Test(arguments: [1e-6, 1e-8, 1e-11])
  func `a loss beyond rounding ends at the noise floor, without spinning`(
    _ tolerance: Double
  ) throws {
    let trajectory = try Self.example.run {
      $0.untilLogLoss = -1e16
      $0.relativeTolerance = tolerance
    }.trajectory
    #expect(trajectory.termination == .noiseFloor)
    // Far enough to be of use, and at most 16 decades of a few hundred steps.
    #expect(trajectory.last[.logLoss].number! < -1e6)
    #expect(trajectory.cost.gradientEvaluations < 50_000)
    #expect(trajectory.values(.marginRatio).allSatisfy { $0 <= 1 + 1e-12 })
  }

  @Test func `a margin ratio beyond rounding ends at the noise floor`() throws {
    let trajectory = try Self.example.run { $0.untilMarginRatio = 1.0.nextDown }.trajectory
    #expect(trajectory.termination == .noiseFloor)
    let last = trajectory.last
    // Its distance is no larger than what rounding does to the weights.
    #expect(1 - last[.marginRatio].number! <= 10 * last[.roundingNoise].number!)
    #expect(trajectory.cost.gradientEvaluations < 50_000)
  }

  @Test func `the origin is stationary`() throws {
    let model = try Self.example.model()
    let origin = model.point(flat: Array(repeating: 0, count: model.unknowns))
    let run = try Flow(model).run(from: origin)
    #expect(run.trajectory.termination == .stationary)
    #expect(run.trajectory.records.count == 1)
    #expect(run.end == origin)
    // log(N log K)
    let expected = Double.log(20 * .log(4))
    #expect(abs(run.trajectory.last[.logLoss].number! - expected) <= 4 * .ulpOfOne * expected)
    for key in [.gamma, .marginRatio, .logNorm] as [Quantity] {
      #expect(run.trajectory.last[key] == .absent(because: "the point is the origin"))
    }
  }

  @Test(arguments: [2, 3, 4])
  func `a zero classifier on equal class sums has no gradient to follow`(_ classes: Int) throws {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: classes, perClass: 1), dimension: 2)
    let start = Point(
      classifier: Matrix(rows: classes, columns: 2),
      features: Matrix(rows: classes, columns: 2, repeating: 0.5))
    let trajectory = try Flow(model).trajectory(from: start)
    #expect(trajectory.termination == .stationary)
    // Of two classes the sum cancels exactly; of more it leaves rounding, which is not followed.
    #expect(trajectory.cost.steps == 0)
    let expected = Double.log(Double(classes) * .log(Double(classes)))
    #expect(abs(trajectory.last[.logLoss].number! - expected) <= 1e-15)
  }

  @Test func `a start on a line never separates three classes`() throws {
    let trajectory = try FlowCase([2, 2, 2], dimension: 1, .gaussian(seed: 1)).run { _ in }
      .trajectory
    #expect(trajectory.termination == .stationary)
    #expect(!trajectory.termination.reachedTarget)
    #expect(trajectory.values(.logLoss).allSatisfy { $0 > .log(.log(2)) })
    #expect(!trajectory.events.contains { $0.name == .separated })
    #expect(trajectory.cost.gradientEvaluations < 50_000)
    guard case .notSeparated = Destination(trajectory.last, classes: 3, dimension: 1) else {
      Issue.record("\(Destination(trajectory.last, classes: 3, dimension: 1))")
      return
    }
  }

  @Test(arguments: [1e5, 1e20, 1e60])
  func `a start far out that goes nowhere is not called stationary`(_ scale: Double) throws {
    // Its loss is huge, so t L₀ says nothing; no integrator follows it, and that is the answer.
    let start = scale * (try Self.example.point())
    var settings = Flow.Settings()
    settings.maximumEvaluations = 20_000
    let trajectory = try Flow(Self.example.model(), settings: settings).trajectory(from: start)
    #expect(trajectory.termination != .stationary)
  }

  @Test(arguments: [1e-3, 1e-6, 1e-100])
  func `a start near the origin is not stationary`(_ scale: Double) throws {
    let model = try Self.example.model()
    var generator = SplitMix64(seed: 7)
    let start = model.gaussianPoint(scale: scale, using: &generator)
    let trajectory = try Flow(model).trajectory(from: start)
    #expect(trajectory.termination == .marginRatio)
  }

  @Test(arguments: [1, 50])
  func `asked to stop, the flow keeps what it finished`(_ steps: Int) throws {
    var settings = Flow.Settings()
    settings.untilLogLoss = -1e6
    var asked = 0
    let run = try Flow(Self.example.model(), settings: settings)
      .run(
        from: Self.example.point(),
        isCancelled: {
          asked += 1
          return asked >= steps
        })
    #expect(run.trajectory.termination == .interrupted)
    #expect(asked == steps)
    #expect(run.trajectory.cost.steps <= steps)
    let loss = try Self.example.model().logLoss(at: run.end).value
    #expect(run.trajectory.last[.logLoss] == .value(loss))
  }

  @Test func `two runs are bit for bit the same`() throws {
    func run() throws -> Flow.Run {
      try FlowCase([6, 6, 2, 2], dimension: 5, .gaussian(seed: 3)).run { $0.untilLogLoss = -1e4 }
    }
    let (a, b) = try (run(), run())
    #expect(a.end == b.end)
    #expect(a.trajectory.cost == b.trajectory.cost)
    #expect(a.trajectory.records.map(\.coordinate) == b.trajectory.records.map(\.coordinate))
    #expect(a.trajectory.records.map(\.measurement) == b.trajectory.records.map(\.measurement))
    #expect(a.trajectory.events.map(\.coordinate) == b.trajectory.events.map(\.coordinate))
  }

  @Test func `only targets count as reached`() {
    let reached: [Termination] = [.marginRatio, .logLoss, .logTime, .epochs]
    let missed: [Termination] = [
      .evaluationLimit, .noiseFloor, .stationary, .interrupted, .diverged,
    ]
    #expect(reached.allSatisfy { $0.reachedTarget })
    #expect(!missed.contains { $0.reachedTarget })
    #expect(
      (reached + missed).map(\.rawValue) == [
        "margin_ratio", "log_loss", "log_time", "epochs", "evaluation_limit", "noise_floor",
        "stationary", "interrupted", "diverged",
      ])
  }
}
