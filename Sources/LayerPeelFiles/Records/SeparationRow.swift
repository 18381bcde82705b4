import LayerPeel

/// One case of a separation document, key by key.
struct SeparationRow {
  /// The keys of a case, but for `absent`, in the order of the columns.
  static let keys = [
    "classes", "class_sizes", "dim", "primal", "dual", "gap", "kkt_stationarity",
    "kkt_complementarity", "margin_ratio", "balanced_margin_ratio", "tolerance", "verdict",
    "balanced_verdict", "escape", "restarts", "reached", "constructions", "other_values",
    "not_converged", "least_residual", "interrupted", "seconds",
  ]

  private var values: [String: JSONValue] = [:]
  private var reasons: [String: String] = [:]

  init(_ one: SeparationDocument.Case, tolerance: Double) {
    values["classes"] = .integer(one.sizes.classes)
    values["class_sizes"] = .array(one.sizes.counts.map(JSONValue.integer))
    values["dim"] = .integer(one.dimension)
    values["tolerance"] = .number(tolerance)
    values["seconds"] = .number(one.seconds)
    switch one.outcome {
    case .failure(let error):
      for key in SeparationRow.keys where values[key] == nil { reasons[key] = "\(error)" }
    case .success(let result):
      addBounds(result)
      addSolution(result, tolerance: tolerance)
      addSearch(result)
    }
  }

  private mutating func addBounds(_ result: SeparationResult) {
    values["dual"] = .number(result.bound)
    reasons["escape"] =
      result.dimension >= result.problem.sufficientDimension
      ? "a global optimum has no way out" : "no better point is known at this dimension"
  }

  private mutating func addSolution(_ result: SeparationResult, tolerance: Double) {
    guard let solution = result.solution, let verdict = result.verdict(tolerance: tolerance) else {
      let keys = [
        "primal", "gap", "kkt_stationarity", "kkt_complementarity", "margin_ratio",
        "balanced_margin_ratio", "verdict", "balanced_verdict", "escape",
      ]
      for key in keys { reasons[key] = "no start converged" }
      return
    }
    let certificate = solution.certificate
    values["primal"] = .number(certificate.primal)
    values["gap"] = .number(certificate.primal - result.bound)
    values["kkt_stationarity"] = .number(certificate.stationarity)
    values["kkt_complementarity"] = .number(certificate.complementarity)
    values["margin_ratio"] = JSONValue(result.marginRatio)
    values["balanced_margin_ratio"] = JSONValue(result.balancedMarginRatio)
    // A KKT point shares its norm equally: W = A H and H = Aᵀ W give Wᵀ W = Hᵀ H.
    for key in ["verdict", "balanced_verdict"] { values[key] = .string(verdict.rawValue) }
  }

  private mutating func addSearch(_ result: SeparationResult) {
    guard let search = result.search else {
      let keys = [
        "restarts", "reached", "constructions", "other_values", "not_converged",
        "least_residual", "interrupted",
      ]
      for key in keys { reasons[key] = "a closed form needs no search" }
      return
    }
    values["restarts"] = .integer(search.restarts)
    values["reached"] = .integer(search.reached)
    values["constructions"] = .array(
      (search.values.first?.constructions ?? []).map(JSONValue.string))
    values["other_values"] = .array(search.otherValues.map(SeparationRow.object))
    values["not_converged"] = .integer(search.refused.count)
    values["least_residual"] = JSONValue(search.leastResidual)
    values["interrupted"] = .bool(search.wasCancelled)
    if !search.leastResidual.isFinite { reasons["least_residual"] = "no start was finished" }
  }

  private static func object(_ met: SeparationResult.MetValue) -> JSONValue {
    .object([
      "value": .number(met.value), "count": .integer(met.count),
      "constructions": .array(met.constructions.map(JSONValue.string)),
    ])
  }

  /// Every key, with the reasons of what is not there.
  var members: [String: JSONValue] {
    var members: [String: JSONValue] = ["absent": .object(reasons.mapValues(JSONValue.string))]
    for key in SeparationRow.keys { members[key] = values[key] ?? .null }
    return members
  }

  /// The same as cells of a line.
  var cells: [String] {
    let absent = Set(reasons.values).sorted().joined(separator: "; ")
    return SeparationRow.keys.map { cellText(values[$0] ?? .null) } + [absent]
  }
}
