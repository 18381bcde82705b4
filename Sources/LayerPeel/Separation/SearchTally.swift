/// Counts what the starts of a search came to.
struct SearchTally {
  private let problem: ClassProblem
  private let settings: SeparationSearch.Settings
  private var best: Attempt?
  private var met: [(value: Double, construction: String?)] = []
  private var refused: [Double] = []
  private var restarts = 0
  private var leastResidual = Double.infinity
  var wasCancelled = false

  init(_ problem: ClassProblem, settings: SeparationSearch.Settings) {
    self.problem = problem
    self.settings = settings
  }

  /// The least value met.
  var bestValue: Double? { best.map { problem.value(of: $0.point) } }

  mutating func add(_ attempt: Attempt, construction: String?) {
    if construction == nil { restarts += 1 }
    leastResidual = min(leastResidual, attempt.residual)
    guard attempt.residual <= settings.tolerance else {
      if construction == nil { refused.append(attempt.residual) }
      return
    }
    let value = problem.value(of: attempt.point)
    met.append((value, construction))
    if bestValue.map({ value < $0 }) ?? true { best = attempt }
  }

  /// Values in rising order; each takes in those within the tolerance above the least of its own.
  private var values: [SeparationResult.MetValue] {
    var groups: [[(value: Double, construction: String?)]] = []
    for one in met.sorted(by: { $0.value < $1.value }) {
      if let least = groups.last?.first?.value,
        one.value <= least * (1 + settings.mergeTolerance)
      {
        groups[groups.count - 1].append(one)
      } else {
        groups.append([one])
      }
    }
    return groups.map { group in
      SeparationResult.MetValue(
        value: group[0].value, count: group.count { $0.construction == nil },
        constructions: group.compactMap(\.construction))
    }
  }

  func result(_ whole: SeparationProblem) -> SeparationResult {
    SeparationResult(
      problem: whole, dimension: problem.dimension,
      solution: best.flatMap {
        SeparationSolution(
          point: problem.expanded($0.point),
          multipliers: problem.expanded(multipliers: $0.multipliers))
      },
      search: SeparationResult.Search(
        restarts: restarts, values: values, refused: refused.sorted(),
        leastResidual: leastResidual, wasCancelled: wasCancelled))
  }
}
