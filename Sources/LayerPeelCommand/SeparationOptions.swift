import ArgumentParser
import LayerPeel
import LayerPeelFiles

/// The options that say which separation problems are solved.
struct SeparationOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: "Numbers of classes K, such as 4,5,6 or 4..8 (default: 4).")
  var classes: NumberList?

  @Option(parsing: .unconditional, help: "Samples in each class, such as 1,5 (default: 5).")
  var perClass: NumberList?

  @Option(
    parsing: .unconditional,
    help: "Samples class by class, such as 100,100,10; instead of the two above.")
  var classSizes: NumberList?

  @Option(
    name: .customLong("dim"), parsing: .unconditional,
    help:
      "Feature dimensions d, such as 2..6 (default: twice the classes).")
  var dimensions: NumberList?

  func validate() throws {
    try checkGivenOnce(classSizes, beside: classes, perClass)
  }

  /// All cases, with sizes and memory checked.
  func grid() throws -> SeparationGrid {
    let sizes = try self.sizes
    let dimensions = try self.dimensions?.integerRanges(argument: "dim")
    try checkCount(sizes.count * (dimensions?.count ?? 1))
    var cases: [SeparationGrid.Case] = []
    for sizes in sizes {
      for dimension in dimensions ?? [2 * sizes.classes] {
        guard dimension >= 1 else { throw ModelError.dimensionTooSmall(dimension) }
        try requireMemory(SeparationGrid.memoryNeeded(sizes: sizes, dimension: dimension))
        cases.append((sizes, dimension))
      }
    }
    return SeparationGrid(cases: cases)
  }

  private func checkCount(_ cases: Int) throws(ModelError) {
    guard cases <= SeparationGrid.mostCases else {
      throw .badSetting(
        argument: "classes, per-class, dim", value: "\(cases)",
        expected: "at most \(SeparationGrid.mostCases) cases")
    }
  }

  private var sizes: [ClassSizes] {
    get throws {
      if let classSizes { return [try classSizes.classSizes] }
      let counts = try perClass?.integerRanges(argument: "per-class") ?? [5]
      let classes = try self.classes?.integerRanges(argument: "classes") ?? [4]
      try checkCount(classes.count * counts.count)
      var sizes: [ClassSizes] = []
      for classes in classes {
        for perClass in counts {
          sizes.append(try ClassSizes(classes: classes, perClass: perClass))
        }
      }
      return sizes
    }
  }
}

/// Separation problems to be solved one after the other.
struct SeparationGrid {
  typealias Case = (sizes: ClassSizes, dimension: Int)
  let cases: [Case]

  /// More are nobody's table, and their sizes alone would fill the memory.
  static let mostCases = 10_000

  /// Whether there is more than one.
  var isGrid: Bool { cases.count > 1 }

  /// Bytes that a case takes.
  static func memoryNeeded(sizes: ClassSizes, dimension: Int) -> Double {
    dimension >= sizes.classes - 1
      ? SeparationSolution.memoryNeeded(sizes: sizes, dimension: dimension)
      : SeparationSearch.memoryNeeded(sizes: sizes, dimension: dimension)
  }

  /// Solves all, saying how far it is; a case that nothing can solve keeps its reason, unless it is
  /// the only one.
  func solve(
    _ settings: SeparationSearch.Settings, isQuiet: Bool
  ) throws -> [SeparationDocument.Case] {
    var line = ProgressLine(isQuiet: isQuiet)
    defer { line.clear() }
    var results: [SeparationDocument.Case] = []
    for (index, one) in cases.enumerated() {
      // The first case always has its say, if only that nothing was finished.
      if index > 0, Interrupt.isRequested { break }
      let began = ContinuousClock.now
      let outcome: Result<SeparationResult, ModelError>
      do throws(ModelError) {
        outcome = .success(
          try SeparationGrid.solve(one, settings) { progress in
            let share = Double(progress.finished) / Double(progress.starts)
            line.show(
              (Double(index) + share) / Double(cases.count),
              "K = \(one.sizes.classes), d = \(one.dimension)  start \(progress.finished) of "
                + "\(progress.starts)  best \(progress.best.map { significant($0, 9) } ?? "-")")
          })
      } catch {
        guard isGrid else { throw error }
        outcome = .failure(error)
      }
      results.append(
        SeparationDocument.Case(
          sizes: one.sizes, dimension: one.dimension, outcome: outcome,
          seconds: (ContinuousClock.now - began) / .seconds(1)))
    }
    return results
  }

  private static func solve(
    _ one: Case, _ settings: SeparationSearch.Settings,
    progress: (SeparationSearch.Progress) -> Void
  ) throws(ModelError) -> SeparationResult {
    if one.dimension >= one.sizes.classes - 1 {
      return SeparationProblem(sizes: one.sizes).closedForm(dimension: one.dimension)
    }
    let search = try SeparationSearch(
      SeparationProblem(sizes: one.sizes), dimension: one.dimension, settings: settings)
    return search.result(progress: progress, isCancelled: { Interrupt.isRequested })
  }
}
