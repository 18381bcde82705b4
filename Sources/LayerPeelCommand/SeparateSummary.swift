import LayerPeel
import LayerPeelFiles

/// What `separate` found, for people: one case in some lines, several in a table.
struct SeparateSummary {
  private let cases: [SeparationDocument.Case]
  private let isGrid: Bool
  private let tolerance: Double

  init(_ cases: [SeparationDocument.Case], isGrid: Bool, tolerance: Double) {
    self.cases = cases
    self.isGrid = isGrid
    self.tolerance = tolerance
  }

  var text: String {
    guard !isGrid, let one = cases.first, let result = one.result else { return gridText }
    let lines = lines(result)
    return
      ([heading(one), ""] + lines + (lines.isEmpty ? [] : [""])
      + [sentence(result), costs(one)]).joined(separator: "\n")
  }

  // MARK: - One case

  private func heading(_ one: SeparationDocument.Case) -> String {
    return "\(one.sizes.inWords) in \(one.dimension) dimension\(one.dimension == 1 ? "" : "s")"
  }

  private func lines(_ result: SeparationResult) -> [String] {
    guard let search = result.search else { return [certificateTable(result)] }
    let rows = search.values.map { met in
      [
        decimals(met.value, 8), decimals(result.problem.value / met.value, 6), "\(met.count)",
        met.constructions.prefix(3).joined(separator: ", ")
          + (met.constructions.count > 3 ? ", …" : ""),
      ]
    }
    let table =
      rows.isEmpty ? [] : [tableText(["KKT value", "ratio", "starts", "from"], rows), ""]
    return table + (result.solution == nil ? [] : [certificateTable(result)])
  }

  private func certificateTable(_ result: SeparationResult) -> String {
    guard let certificate = result.solution?.certificate else { return "" }
    return tableText(
      ["value", "bound", "gap", "stationarity", "complementarity"],
      [
        [
          decimals(certificate.primal, 8), decimals(result.bound, 8),
          significant(certificate.primal - result.bound, 3),
          significant(certificate.stationarity, 2), significant(certificate.complementarity, 2),
        ]
      ])
  }

  private func sentence(_ result: SeparationResult) -> String {
    guard let search = result.search else {
      return result.verdict(tolerance: tolerance) == .global
        ? "Global: the bound is that of closed-form multipliers, by weak duality alone."
        : "The closed form did not meet the tolerance \(significant(tolerance, 3))."
    }
    guard result.solution != nil else {
      guard search.leastResidual.isFinite else { return "Interrupted before a start was finished." }
      return "No start converged: the least KKT residual is "
        + "\(significant(search.leastResidual, 3)).\n--max-iterations allows more work."
    }
    if result.verdict(tolerance: tolerance) == .global {
      return "Global: the gap is within the tolerance \(significant(tolerance, 3))."
    }
    return wrapped(
      "Best found, not proved: \(search.reached) of \(search.restarts) random starts reached it. "
        + "Below K - 1 = \(result.problem.sufficientDimension) dimensions no bound proves that it is "
        + "optimal; no point has less than \(decimals(result.bound, 8)).")
  }

  private func costs(_ one: SeparationDocument.Case) -> String {
    guard let search = one.result?.search else { return durationText(one.seconds) }
    let refused = search.refused.count
    return "\(search.restarts) random starts, \(refused) did not converge, "
      + durationText(one.seconds)
  }

  // MARK: - Several

  private var gridText: String {
    let rows = cases.map { one in
      [
        one.sizes.areBalanced ? "\(one.sizes.classes)" : "\(one.sizes.classes)*",
        one.sizes.areBalanced ? "\(one.sizes.counts[0])" : "-", "\(one.dimension)",
      ] + cells(one)
    }
    let headings = ["K", "n", "d", "value", "bound", "ratio", "reached", "others", "verdict"]
    return ([tableText(headings, rows), ""] + notes).joined(separator: "\n")
  }

  private var notes: [String] {
    var notes: [String] = []
    if cases.contains(where: { $0.result?.search != nil }) {
      notes.append(
        "kkt_gap_open: best found, not proved; no point has less than the bound.")
    }
    if cases.contains(where: { $0.result == nil }) {
      notes.append("infeasible: in one dimension the classes in the middle cannot be separated.")
    }
    if cases.contains(where: { !$0.sizes.areBalanced }) { notes.append("*: sizes as given.") }
    return notes + [durationText(cases.reduce(0) { $0 + $1.seconds })]
  }

  private func cells(_ one: SeparationDocument.Case) -> [String] {
    guard let result = one.result else { return ["-", "-", "-", "-", "-", "infeasible"] }
    let search = result.search
    return [
      result.solution.map { decimals($0.certificate.primal, 8) } ?? "-",
      decimals(result.bound, 8), result.marginRatio.map { decimals($0, 6) } ?? "-",
      search.map { "\($0.reached)/\($0.restarts)" } ?? "-",
      search.map { "\($0.otherValues.count)" } ?? "-",
      result.verdict(tolerance: tolerance)?.rawValue ?? "not converged",
    ]
  }
}
