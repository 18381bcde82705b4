/// The critical points that a landscape's starts led to, each once.
public struct Survey: Sendable {
  /// A start from which no critical point was reached.
  public struct Failure: Hashable, Sendable {
    /// The start.
    public let name: String
    /// Norm of the gradient where it stopped.
    public let gradientNorm: Double
    /// Why it stopped.
    public let termination: Termination
  }

  /// Whose critical points these are: a sphere's, or those of a weight decay.
  public let level: Landscape.Level
  /// Critical points in the order of their first starts.
  public internal(set) var entries: [Entry] = []
  /// Starts that refused to converge, with their residuals.
  public internal(set) var failures: [Failure] = []
  /// Constructions that do not exist at this weight decay: no radius has its multiplier.
  public internal(set) var absent: [String] = []
  /// Whether it was stopped from outside, with starts left.
  public internal(set) var isInterrupted = false
  /// Hessian products and steps of all refinements.
  public internal(set) var cost = Cost()

  /// How many starts met the continuum `μ = 0`.
  public var trivialCount: Int { entries.filter(\.isFlat).reduce(0) { $0 + $1.count } }
  /// How many starts were refined.
  public var startCount: Int { failures.count + entries.reduce(0) { $0 + $1.count } }

  /// The entry of that name, or with a start of that name.
  public func entry(named name: String) -> Entry? {
    entries.first { $0.name == name } ?? entries.first { $0.starts.contains(name) }
  }

  /// The entry that is the same point up to symmetry.
  public func entry(like point: CriticalPoint) -> Entry? {
    let trait = Trait(point.point, model: point.model)
    return entries.first { $0.trait.isSame(as: trait) }
  }

  /// The first saddle with `μ > 0`, whose escape is the most instructive.
  public var firstSaddle: Entry? {
    entries.first {
      $0.verdict == .strictSaddle && !$0.isFlat && ($0.point.ratio(.multiplier) ?? 0) > 0
    }
  }
}

/// How far a survey is.
public struct SurveyProgress: Hashable, Sendable {
  /// Starts that are done.
  public let done: Int
  /// All starts.
  public let total: Int
  /// Distinct critical points so far.
  public let points: Int
}

extension Landscape {
  /// Refines every start and merges what is the same up to symmetry.
  ///
  /// *Cost:* a refinement a start, curvatures for each distinct point; equal settings give equal
  /// results.
  ///
  /// - Parameters:
  ///   - progress: Told before each start.
  ///   - isCancelled: Asked once a step; what was finished is kept.
  /// - Throws: What ``Settings/validate()`` says.
  public func survey(
    progress: (SurveyProgress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws(ModelError) -> Survey {
    try settings.validate()
    let constructions = model.landscapeStarts
    var generator = SplitMix64(seed: settings.seed)
    var survey = Survey(level: settings.level)
    let total = constructions.count + settings.restarts
    for done in 0..<total {
      if isCancelled() {
        survey.isInterrupted = true
        break
      }
      progress(SurveyProgress(done: done, total: total, points: survey.entries.count))
      let number = done - constructions.count
      let start = number < 0 ? constructions[done] : randomStart(number, using: &generator)
      let place = placed(start, isRandom: number >= 0, constructions: constructions)
      guard let place else {
        survey.absent.append(start.name)
        continue
      }
      let result = refine(place, isCancelled: isCancelled)
      if result.termination == .interrupted {
        survey.isInterrupted = true
        break
      }
      try add(result, of: start.name, to: &survey)
    }
    return survey
  }

  /// The names of all starts, constructions first.
  public var startNames: [String] {
    model.landscapeStarts.map(\.name) + (0..<settings.restarts).map(Landscape.searchName)
  }

  /// About how many bytes a survey takes: vectors of the refinement, the points found, and the
  /// Hessian of one where it is formed.
  public static func memoryNeeded(sizes: ClassSizes, dimension: Int) -> Double {
    let (classes, samples) = (Double(sizes.classes), Double(sizes.samples))
    let unknowns = (classes + samples) * Double(dimension)
    let dense = min(unknowns, Double(CriticalPoint.Settings().mostCountedUnknowns))
    return 8 * (100 * unknowns + 10 * classes * samples + 3 * dense * dense)
  }

  private func add(
    _ result: Refinement.Result, of name: String, to survey: inout Survey
  ) throws(ModelError) {
    survey.cost.add(result.cost)
    guard result.isCritical else {
      survey.failures.append(
        Survey.Failure(
          name: name, gradientNorm: result.gradientNorm, termination: result.termination))
      return
    }
    let trait = Trait(result.point, model: model)
    if let known = survey.entries.firstIndex(where: { $0.trait.isSame(as: trait) }) {
      survey.entries[known].starts.append(name)
    } else {
      let point = try CriticalPoint(model, at: result.point, name: name)
      survey.entries.append(Survey.Entry(point, at: settings.level, starts: [name], trait: trait))
    }
  }
}

extension Cost {
  mutating func add(_ other: Cost) {
    gradientEvaluations += other.gradientEvaluations
    hessianProducts += other.hessianProducts
    steps += other.steps
  }
}
