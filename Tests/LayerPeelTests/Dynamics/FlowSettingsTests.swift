import LayerPeel
import TestSupport
import Testing

struct FlowSettingsTests {
  struct Refusal: Sendable, CustomStringConvertible {
    let name: String
    let change: @Sendable (inout Flow.Settings) -> Void
    let sentence: String
    var description: String { name }

    init(
      _ name: String, _ change: @escaping @Sendable (inout Flow.Settings) -> Void,
      _ sentence: String
    ) {
      self.name = name
      self.change = change
      self.sentence = sentence
    }
  }

  private static let ratio =
    "until-margin-ratio, mark-margin-ratio: expected a number above 0 and below 1, "
    + "the ratio of the unreachable optimum, got "
  private static let list =
    "at-times, at-log-loss, mark-margin-ratio: expected times and marks in rising order, "
    + "log losses in falling order, none twice, got a list that turns back"

  static let refusals = [
    Refusal("ratio 1", { $0.untilMarginRatio = 1 }, ratio + "1.0"),
    Refusal("ratio above 1", { $0.untilMarginRatio = 1.5 }, ratio + "1.5"),
    Refusal("ratio 0", { $0.untilMarginRatio = 0 }, ratio + "0.0"),
    Refusal("ratio NaN", { $0.untilMarginRatio = .nan }, ratio + "nan"),
    Refusal("mark 1", { $0.markedMarginRatios = [0.5, 1] }, ratio + "1.0"),
    Refusal("times turn back", { $0.logTimes = [1, 3, 2] }, list),
    Refusal("a time twice", { $0.logTimes = [1, 1] }, list),
    Refusal("losses rise", { $0.logLosses = [-5, -1] }, list),
    Refusal("marks turn back", { $0.markedMarginRatios = [0.9, 0.5] }, list),
    Refusal(
      "loss NaN", { $0.untilLogLoss = .nan }, "until-…, at-…: expected a finite number, got nan"),
    Refusal(
      "time infinite", { $0.untilLogTime = .infinity },
      "until-…, at-…: expected a finite number, got inf"),
    Refusal(
      "record at no time", { $0.logTimes = [-.infinity, 0] },
      "until-…, at-…: expected a finite number, got -inf"),
    Refusal(
      "no records", { $0.recordsPerDecade = 0 }, "points: expected 1 to 100000 a decade, got 0"),
    Refusal(
      "no evaluations", { $0.maximumEvaluations = 0 },
      "max-evaluations: expected at least 1, got 0"),
    Refusal(
      "no tolerance", { $0.relativeTolerance = 0 },
      "rtol: expected between 1e-13 and 1e-2, got 0.0"),
    Refusal(
      "tolerance NaN", { $0.relativeTolerance = .nan },
      "rtol: expected between 1e-13 and 1e-2, got nan"),
  ]

  @Test(arguments: refusals)
  func `a setting outside its range is refused in a sentence`(_ refusal: Refusal) {
    var settings = Flow.Settings()
    refusal.change(&settings)
    do {
      try settings.validate()
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)" == refusal.sentence)
    }
    #expect(throws: ModelError.self) { try FlowCase(seed: 1).run(refusal.change) }
  }

  @Test func `a record at a loss that the start is past is refused`() throws {
    let example = FlowCase(seed: 1)
    let start = try example.model().logLoss(at: example.point()).value
    let expected = ModelError.targetPassed(argument: "log loss", value: start + 1, start: start)
    #expect(throws: expected) { try example.run { $0.logLosses = [start + 1, -5] } }
    #expect(
      "\(expected)" == "log loss: \(start + 1) is already passed at the start, which has \(start); "
        + "ask for a later one")
  }

  @Test func `what counts as a target, and as a schedule`() {
    var settings = Flow.Settings()
    #expect(!settings.hasTarget)
    settings.markedMarginRatios = [0.5]
    #expect(!settings.hasTarget)
    settings.logTimes = [1]
    #expect(settings.hasTarget && settings.hasSchedule)
    settings.logTimes = []
    settings.untilLogTime = 1
    #expect(settings.hasTarget && !settings.hasSchedule)
  }

  @Test func `memory grows with the unknowns and with the logits`() throws {
    let small = Flow.memoryNeeded(sizes: try ClassSizes([5, 5]), dimension: 4)
    #expect(small >= 8 * 12 * 4)
    let wide = Flow.memoryNeeded(sizes: try ClassSizes([5, 5]), dimension: 8)
    let many = Flow.memoryNeeded(sizes: try ClassSizes([10, 10]), dimension: 4)
    #expect(wide > 1.5 * small && wide < 2 * small)
    #expect(many > 1.5 * small && many < 2 * small)
  }
}
