import LayerPeel
import LayerPeelFiles

/// The search for a point that beats a KKT point, below `K - 1` dimensions: a service beside the
/// judgement, which never costs it.
struct BetterPointSearch {
  let sizes: ClassSizes
  let dimension: Int
  /// Random starts; nil where nobody said how many.
  let restarts: Int?

  static let usualRestarts = 20

  /// What became of it.
  enum Outcome {
    /// No KKT point has an open gap.
    case notNeeded
    case skipped(because: String)
    case searched(SeparationResult)

    var result: SeparationResult? {
      if case .searched(let result) = self { result } else { nil }
    }

    /// Why there was none, where one was called for.
    var reason: String? {
      if case .skipped(let reason) = self { reason } else { nil }
    }
  }

  /// Searches, unless something speaks against it.
  func outcome(isQuiet: Bool) throws(ModelError) -> Outcome {
    if let objection { return .skipped(because: objection) }
    var settings = SeparationSearch.Settings()
    settings.restarts = restarts ?? BetterPointSearch.usualRestarts
    let search = try SeparationSearch(
      SeparationProblem(sizes: sizes), dimension: dimension, settings: settings)
    var line = ProgressLine(isQuiet: isQuiet)
    defer { line.clear() }
    let result = search.result(
      progress: { progress in
        line.show(
          Double(progress.finished) / Double(progress.starts),
          "looking for a better point: start \(progress.finished) of \(progress.starts)")
      }, isCancelled: { Interrupt.isRequested })
    return .searched(result)
  }

  private var objection: String? {
    if restarts == 0 { return "--restarts 0 asks for none" }
    let needed = SeparationSearch.memoryNeeded(sizes: sizes, dimension: dimension)
    let available = Double(availableMemory())
    guard needed <= available else {
      return "\(ModelError.tooLarge(needed: needed, available: available))"
    }
    guard restarts != nil || isShort else {
      return "with \(sizes.classes) classes in \(dimension) dimensions it would take minutes; "
        + "--restarts \(BetterPointSearch.usualRestarts) asks for it all the same"
    }
    return nil
  }

  /// Whether the usual starts take a minute or so: their steps factor systems of `2Kd` unknowns and
  /// up to `K(K - 1)` constraints, and 3000 of both together are some seconds a start.
  private var isShort: Bool {
    2 * sizes.classes * dimension + sizes.classes * (sizes.classes - 1) <= 3000
  }
}
