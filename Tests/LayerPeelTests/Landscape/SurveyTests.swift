import Glibc
import LayerPeel
import TestSupport
import Testing

/// Every critical point but the global ones is a strict saddle, in `K - 1` dimensions or more.
struct SurveyTests {
  /// Each surveyed once.
  private static let surveys = LandscapeCase.sufficient.map { example in
    Result { (example, try example.landscape().survey()) }
  }

  private func surveys() throws -> [(example: LandscapeCase, survey: Survey)] {
    try SurveyTests.surveys.map { try $0.get() }
  }

  @Test func `every point is critical, and global or a strict saddle`() throws {
    for (example, survey) in try surveys() {
      for entry in survey.entries {
        let comment: Comment = "\(example): \(entry.name)"
        #expect(entry.point.gradientNorm <= 1e-10, comment)
        let isGlobal = entry.name == "collapse" || entry.name == "seli"
        #expect(entry.verdict == (isGlobal ? .globalMinimum : .strictSaddle), comment)
        // A negative curvature certain beyond its error, or none.
        let certain = entry.point.lowestCurvature + entry.point.curvatureError
        #expect(isGlobal == (certain > -1e-9), comment)
      }
    }
  }

  @Test func `following the way down from every saddle lowers the loss as predicted`() throws {
    for (example, survey) in try surveys() {
      for entry in survey.entries where entry.verdict == .strictSaddle {
        let model = entry.point.model
        let descent = try #require(entry.point.descent)
        let loss = { (step: Double) in
          let moved = entry.point.point + step * descent.direction
          let radius = entry.point.point.norm
          return exp(model.logLoss(at: (radius > 0 ? radius / moved.norm : 1) * moved).value)
        }
        let step = 0.01
        let change = (loss(step) + loss(-step)) / 2 - loss(0)
        let comment: Comment = "\(example): \(entry.name)"
        #expect(min(loss(step), loss(-step)) < loss(0), comment)
        // The fourth order is relatively of size s²; rounding of the loss is ε L / s².
        let predicted = descent.predictedSecondOrder * step * step
        let rounding = 100 * Double.ulpOfOne * loss(0)
        #expect(abs(change - predicted) <= 0.01 * abs(predicted) + rounding, comment)
      }
    }
  }

  @Test func `the lowest curvature is the multiplier minus sigma where a direction is free`() throws
  {
    var count = 0
    for (example, survey) in try surveys() {
      for entry in survey.entries where entry.point.jointRank < example.dimension {
        let theory = (entry.point.multiplier ?? 0) - entry.point.spectralNorm
        #expect(abs(entry.point.lowestCurvature - theory) <= 1e-8, "\(example): \(entry.name)")
        count += 1
      }
    }
    #expect(count >= 60)
  }

  @Test func `there are enough of each kind, by loss, multiplier and singular values`() throws {
    struct Kind { let (logLoss, multiplier, values): (Double, Double, [Double]) }
    var (all, falling, rising, flat) = (0, 0, 0, 0)
    for (_, survey) in try surveys() {
      var kinds: [Kind] = []
      for entry in survey.entries {
        guard let multiplier = entry.point.multiplier, !entry.isFlat else { continue }
        let kind = Kind(
          logLoss: entry.point.logLoss, multiplier: multiplier,
          values: entry.point.classifierSingularValues)
        let isKnown = kinds.contains {
          abs($0.logLoss - kind.logLoss) <= 1e-6 && abs($0.multiplier - kind.multiplier) <= 1e-6
            && zip($0.values, kind.values).allSatisfy { abs($0 - $1) <= 1e-6 }
        }
        if isKnown { continue }
        kinds.append(kind)
        all += 1
        if multiplier < 0 { falling += 1 }
        if multiplier > 0, entry.verdict != .globalMinimum { rising += 1 }
      }
      flat += survey.entries.contains(where: \.isFlat) ? 1 : 0
    }
    #expect(
      all >= 30 && falling >= 8 && rising >= 8 && flat >= 4, "\(all) \(falling) \(rising) \(flat)")
  }

  @Test func `the continuum is one row, a saddle even where no direction is free`() throws {
    for (example, survey) in try surveys() {
      let flat = survey.entries.filter(\.isFlat)
      #expect(flat.count == 1, "\(example)")
      let point = try #require(flat.first?.point)
      let logLoss = log(Double(point.model.sizes.samples) * log(Double(example.counts.count)))
      #expect(abs(point.logLoss - logLoss) <= 8 * .ulpOfOne * logLoss, "\(example)")
      #expect(survey.trivialCount == flat[0].count)
    }
    let full = try #require(try surveys()[1].survey.entry(named: "flat")).point
    // Neither W nor H leaves a direction free.
    #expect(full.jointRank == full.model.dimension)
    #expect(full.featureSingularValues[full.model.dimension - 1] > 0.01 * full.point.norm)
  }

  @Test func `below K - 1 dimensions the square and the pentagon are local minima`() throws {
    let square = try LandscapeCase([5, 5, 5, 5], dimension: 2).landscape().survey()
    let pentagon = try LandscapeCase([3, 3, 3, 3, 3], dimension: 2).landscape().survey()
    for survey in [square, pentagon] {
      let minima = survey.entries.filter { $0.verdict == .localMinimum }
      #expect(minima.count == 1)
      #expect(minima.first?.starts.contains("polygon") == true)
      #expect(survey.entries.allSatisfy { $0.verdict != .globalMinimum })
    }
    #expect(square.entry(named: "polygon")?.name == "blocks-2+2")
  }

  @Test func `equal settings find the same, other seeds other starts`() throws {
    let landscape = try LandscapeCase([2, 2, 2], dimension: 2, restarts: 20).landscape()
    let (first, second) = (try landscape.survey(), try landscape.survey())
    #expect(first.entries.map(\.point.logLoss) == second.entries.map(\.point.logLoss))
    #expect(first.entries.map(\.starts) == second.entries.map(\.starts))
    #expect(first.failures == second.failures)
    var settings = landscape.settings
    settings.seed = 1
    let other = try Landscape(landscape.model, settings: settings).survey()
    #expect(first.entries.map(\.starts) != other.entries.map(\.starts))
  }

  @Test func `a start that is not given the steps it needs is an answer with its residual`() throws
  {
    let example = try LandscapeCase([2, 2, 2], dimension: 2, restarts: 4).landscape()
    var settings = example.settings
    settings.refinement.maximumSteps = 1
    let survey = try Landscape(example.model, settings: settings).survey()
    let failure = try #require(survey.failures.first { $0.name == "search-1" })
    #expect(failure.gradientNorm > 1e-10)
    #expect(failure.termination == .evaluationLimit)
    #expect(survey.entry(named: "search-1") == nil)
  }

  @Test func `what was finished is kept when it is interrupted`() throws {
    let landscape = try LandscapeCase([2, 2, 2], dimension: 4).landscape()
    var questions = 0
    let survey = try landscape.survey(isCancelled: {
      questions += 1
      return questions > 12
    })
    #expect(survey.isInterrupted)
    #expect(!survey.entries.isEmpty)
    #expect(survey.startCount < landscape.startNames.count)
  }

  @Test(arguments: [
    Landscape.Level.radius(0), .radius(-1), .radius(.nan), .radius(1e9), .weightDecay(0),
    .weightDecay(-0.1), .weightDecay(.infinity), .weightDecay(1e300),
  ])
  func `levels out of range are refused`(_ level: Landscape.Level) throws {
    let model = try LandscapeCase([2, 2, 2], dimension: 2).model()
    let landscape = Landscape(model, settings: Landscape.Settings(level: level))
    #expect(throws: ModelError.self) { try landscape.survey() }
  }
}
