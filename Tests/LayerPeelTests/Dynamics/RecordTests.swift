import LayerPeel
import TestSupport
import Testing

/// Where records and events lie.
struct RecordTests {
  static let example = FlowCase(seed: 7)

  @Test func `records lie at the times that were asked for, after the start`() throws {
    let times = [-5.0, 0, 1.5, 10, 20, 640, 1e5]
    let trajectory = try Self.example.run { $0.logTimes = times }.trajectory
    #expect(trajectory.records[0].coordinate == .zero)
    #expect(trajectory.records[0].coordinate.reading.reason == "time zero has no logarithm")
    try #require(trajectory.records.count == times.count + 1)
    for (record, time) in zip(trajectory.records.dropFirst(), times) {
      #expect(abs(record.coordinate.logTime - time) <= 1e-9 * max(1, abs(time)))
      #expect(record.coordinate.reading == .value(record.coordinate.logTime))
    }
  }

  @Test func `records lie at the losses that were asked for`() throws {
    let losses = [2.0, 0, -1, -26, -600, -1e6]
    let trajectory = try Self.example.run { $0.logLosses = losses }.trajectory
    try #require(trajectory.records.count == losses.count + 1)
    for (record, loss) in zip(trajectory.records.dropFirst(), losses) {
      #expect(abs(record.measurement[.logLoss].number! - loss) <= 1e-9 * max(1, abs(loss)))
    }
  }

  @Test func `times and losses may be asked for together, with a later end`() throws {
    let trajectory = try Self.example.run {
      $0.logTimes = [0, 5]
      $0.logLosses = [-1, -3]
      $0.untilLogTime = 8
    }.trajectory
    #expect(trajectory.termination == .logTime)
    // Start, four records, and the end.
    #expect(trajectory.records.count == 6)
    let times = trajectory.records.map(\.coordinate.logTime)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    #expect(abs(times[5] - 8) <= 8e-9)
  }

  @Test func `a record at the very end is made once`() throws {
    let trajectory = try Self.example.run {
      $0.logLosses = [-1, -20]
      $0.untilLogLoss = -20
    }.trajectory
    #expect(trajectory.termination == .logLoss)
    #expect(trajectory.records.count == 3)
  }

  @Test(arguments: [1, 20, 150])
  func `without a schedule, records lie evenly in log ρ²`(_ perDecade: Int) throws {
    let trajectory = try Self.example.run {
      $0.untilLogLoss = -1e4
      $0.recordsPerDecade = perDecade
    }.trajectory
    let norms = trajectory.values(.logNorm).map { 2 * $0 }
    let step = Double.log(10) / Double(perDecade)
    // All but the last, where the flow ends.
    let gaps = zip(norms, norms.dropFirst()).map { $1 - $0 }
    for gap in gaps.dropLast() { #expect(abs(abs(gap) - step) <= 1e-9) }
    #expect(gaps.last! <= step + 1e-9)
  }

  @Test func `events come in order, each where its condition begins to hold`() throws {
    let marks = [0.5, 0.9, 0.99]
    let trajectory = try Self.example.run {
      $0.markedMarginRatios = marks
      $0.untilMarginRatio = 0.999
    }.trajectory
    let events = trajectory.events
    #expect(events.filter { $0.name == .marginRatio }.map(\.value) == marks)
    let times = events.map(\.coordinate.logTime)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })

    let below = try #require(events.first { $0.name == .lossBelowLog2 })
    #expect(abs(below.logLoss - .log(.log(2))) <= 1e-9)
    // A loss below log 2 implies that all samples are on their side.
    let separated = try #require(events.first { $0.name == .separated })
    #expect(separated.coordinate.logTime <= below.coordinate.logTime)
    let atSeparation = try Self.example.run {
      $0.untilLogTime = separated.coordinate.logTime
    }
    // Margins move by about their own size while log t moves by 1.
    #expect(abs(atSeparation.trajectory.last[.leastMargin].number!) <= 1e-8)

    for event in events where event.name == .marginRatio {
      let there = try Self.example.run { $0.untilMarginRatio = event.value! }.trajectory
      let time = there.records.last!.coordinate.logTime
      #expect(abs(time - event.coordinate.logTime) <= 1e-6 * abs(time))
    }
  }

  @Test func `what holds at the start is an event there`() throws {
    let model = try Self.example.model()
    let optimum = SeparationProblem(sizes: model.sizes).optimum(dimension: 8)
    var settings = Flow.Settings()
    settings.markedMarginRatios = [0.5, 0.9]
    settings.untilLogTime = 5
    let trajectory = try Flow(model, settings: settings).trajectory(from: 5 * optimum)
    #expect(
      trajectory.events.map(\.name)
        == [.separated, .lossBelowLog2, .marginRatio, .marginRatio])
    #expect(trajectory.events.allSatisfy { $0.coordinate == .zero })
    #expect(trajectory.events.map(\.value) == [nil, nil, 0.5, 0.9])
  }

  @Test func `progress tells every step, and a share that ends at one`() throws {
    var settings = Flow.Settings()
    settings.untilLogLoss = -1e4
    var seen: [Flow.Progress] = []
    let run = try Flow(Self.example.model(), settings: settings)
      .run(from: Self.example.point(), progress: { seen.append($0) })
    #expect(seen.count >= run.trajectory.cost.steps)
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.steps <= $1.steps })
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.logLoss >= $1.logLoss })
    #expect(seen.compactMap(\.fraction).allSatisfy { (0...1).contains($0) })
    #expect(try #require(seen.last?.fraction) > 0.999)
  }

  @Test func `the trajectory's own bound never falls and never passes the optimum`() throws {
    let trajectory = try Self.example.run { $0.untilLogLoss = -1e5 }.trajectory
    let bounds = trajectory.values(.trajectoryDual)
    #expect(bounds.count == trajectory.records.count)
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 <= $1 })
    let best = trajectory.last[.dual].number!
    #expect(bounds.allSatisfy { $0 <= best * (1 + 16 * .ulpOfOne) })
    // It closes like (log t)^-2.
    #expect(best - bounds.last! <= 1e-4 * best)
  }
}
