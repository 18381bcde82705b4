import Glibc
import LayerPeel
import TestSupport
import Testing

struct EscapeTests {
  private static let landscape = Result {
    try LandscapeCase([5, 5, 5, 5], dimension: 8, restarts: 0).landscape()
  }

  private func route(from name: String) throws -> Route {
    let landscape = try EscapeTests.landscape.get()
    let survey = try landscape.survey()
    let entry = try #require(survey.entry(named: name))
    return survey.route(from: entry, escape: try landscape.escape(from: entry.point))
  }

  @Test func `the escape from two blocks ends at neural collapse`() throws {
    let route = try route(from: "blocks-2+2")
    let escape = try #require(route.escape)
    #expect(escape.trajectory.termination == .settled)
    #expect(route.destination == "collapse")
    #expect(route.saddles.isEmpty)
    #expect(escape.visits.count == 2)
    // N log(1 + (K - 1) e^-margin), with the default radius's margin of 4.
    let closed = log(20 * log1p(3 * exp(-4.0)))
    let reached = try #require(escape.trajectory.last[.logLoss].number)
    // A margin of 4 is right to some hundred roundings, and so is log L.
    #expect(abs(reached - closed) <= 1024 * .ulpOfOne)
    #expect(abs((escape.trajectory.last[.marginRatio].number ?? 0) - 1) <= 1024 * .ulpOfOne)
    #expect(abs(escape.end.norm - escape.visits[0].point.point.norm) <= 64 * .ulpOfOne)
  }

  @Test(arguments: ["blocks-2", "merged-3", "collapse-flip", "merged-2-flip", "flat", "blocks-3"])
  func `an escape never rises and meets saddles of falling loss`(_ name: String) throws {
    let escape = try #require(try route(from: name).escape)
    let losses = escape.trajectory.records.compactMap { $0.measurement[.logLoss].number }
    #expect(losses.count == escape.trajectory.records.count)
    for (last, next) in zip(losses, losses.dropFirst()) {
      #expect(next <= last + 16 * .ulpOfOne * abs(last))
    }
    let saddles = escape.trajectory.events
    #expect(saddles.first?.coordinate == Step(0))
    #expect(saddles.allSatisfy { $0.name == .saddle })
    #expect(zip(saddles, saddles.dropFirst()).allSatisfy { $1.logLoss < $0.logLoss })
    #expect(escape.visits.count == saddles.count + 1)
    #expect(escape.visits.last?.point.verdict == .globalMinimum)
    #expect(escape.trajectory.records.map(\.coordinate.number) == Array(0...losses.count - 1))
  }

  @Test func `the escape from one pair goes by way of two`() throws {
    let route = try route(from: "blocks-2")
    #expect(route.saddles == ["blocks-2+2"])
    #expect(route.destination == "collapse")
  }

  @Test func `every saddle of six classes leads to neural collapse`() throws {
    let landscape = try LandscapeCase(Array(repeating: 2, count: 6), dimension: 5, restarts: 0)
      .landscape()
    var survey = try landscape.survey()
    let count = survey.entries.count
    let routes = try landscape.routes(of: &survey)
    // Every saddle on a way has a name and a route now, and those without a start are no starts.
    #expect(routes.map(\.start.name) == survey.entries.map(\.name))
    #expect(routes.allSatisfy { route in !route.saddles.contains(nil) })
    #expect(
      survey.entries.dropFirst(count).allSatisfy { $0.count == 0 && $0.name.hasPrefix("met-") })
    #expect(survey.entries.count > count)
    for route in routes where route.start.verdict == .strictSaddle {
      #expect(route.destination == "collapse", "\(route.start.name)")
    }
    #expect(routes.filter { $0.escape == nil }.map(\.start.name) == ["collapse"])
  }

  @Test func `a limit on steps or saddles and an interrupt end it with what was recorded`() throws {
    let landscape = try EscapeTests.landscape.get()
    let pair = try #require(try landscape.survey().entry(named: "blocks-2")).point
    var settings = Escape.Settings()
    settings.maximumSteps = 5
    let short = try landscape.escape(from: pair, settings: settings)
    #expect(short.trajectory.termination == .evaluationLimit)
    #expect(short.destination == nil)
    #expect(short.trajectory.records.count == 6)
    settings = Escape.Settings()
    settings.maximumSaddles = 1
    let stopped = try landscape.escape(from: pair, settings: settings)
    #expect(stopped.trajectory.termination == .evaluationLimit)
    var steps = 0
    let interrupted = try landscape.escape(
      from: pair, progress: { steps = $0.steps }, isCancelled: { steps >= 3 })
    #expect(interrupted.trajectory.termination == .interrupted)
  }

  @Test func `an interrupt during a refinement ends it too`() throws {
    let landscape = try EscapeTests.landscape.get()
    let pair = try #require(try landscape.survey().entry(named: "blocks-2")).point
    // Once a round, and within refinements more often: more questions than rounds.
    var (questions, rounds) = (0, 0)
    _ = try landscape.escape(
      from: pair, progress: { _ in rounds += 1 },
      isCancelled: {
        questions += 1
        return false
      })
    #expect(questions > rounds)
    for limit in [questions / 2, questions - 1] {
      var asked = 0
      let interrupted = try landscape.escape(
        from: pair,
        isCancelled: {
          asked += 1
          return asked > limit
        })
      #expect(interrupted.trajectory.termination == .interrupted)
      #expect(asked == limit + 1)
    }
  }

  @Test func `a saddle of another sphere or another decay is refused`() throws {
    let landscape = try EscapeTests.landscape.get()
    let pair = try #require(try landscape.survey().entry(named: "blocks-2")).point
    for level in [Landscape.Level.radius(7), .weightDecay(0.2)] {
      let other = Landscape(landscape.model, settings: Landscape.Settings(level: level))
      #expect(throws: ModelError.self) { try other.escape(from: pair) }
    }
    let small = Landscape(
      try LayerPeeledModel(sizes: ClassSizes(classes: 3, perClass: 5), dimension: 8),
      settings: landscape.settings)
    #expect(throws: ModelError.self) { try small.escape(from: pair) }
  }

  @Test func `nothing leaves a global minimum`() throws {
    let landscape = try EscapeTests.landscape.get()
    let collapse = try #require(try landscape.survey().entry(named: "collapse")).point
    let escape = try landscape.escape(from: collapse)
    #expect(escape.trajectory.termination == .settled)
    #expect(escape.trajectory.records.count == 1)
  }

  @Test func `points on the way have the ranks of their geometry`() throws {
    // One pair on a line, two pairs in a plane, then a simplex in space.
    let escape = try #require(try route(from: "blocks-2").escape)
    #expect(escape.visits.map(\.point.rank) == [1, 2, 3])
  }

  @Test func `a push from the origin onto another saddle is left in turn`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes([6, 6, 2, 2]), dimension: 6)
    let landscape = Landscape(model, settings: .init(level: .radius(model.radius())))
    let origin = try CriticalPoint(model, at: 0 * model.squarePoint, name: "origin")
    let escape = try landscape.escape(from: origin)
    #expect(escape.trajectory.termination == .settled)
    // The push along one axis gives two large classes opposite vectors, which is critical.
    let first = try #require(escape.visits.dropFirst().first)
    #expect(first.step.number == 1 && first.point.verdict == .strictSaddle)
    #expect(try #require(escape.destination).verdict == .globalMinimum)
  }
}
