import LayerPeel
import LayerPeelNetworks

/// Where a forecast led and whether the network went there, for people.
struct ForecastSummary {
  let outcome: Forecast.Outcome

  init(_ outcome: Forecast.Outcome) { self.outcome = outcome }

  var text: String {
    let parts =
      [wrapped(destination)]
      + (outcome.comparisons.isEmpty ? [] : [table, wrapped("\(columns) \(way)")])
    return parts.joined(separator: "\n")
  }

  /// The same without its table.
  var words: String { outcome.comparisons.isEmpty ? destination : "\(destination) \(way)" }

  private var destination: String {
    let (first, last) = (outcome.trajectory.records[0].measurement, outcome.trajectory.last)
    let balanced = text(first, .balancedMarginRatio)
    let cost = "\(outcome.trajectory.cost.gradientEvaluations) evaluations"
    let end =
      switch outcome.trajectory.termination {
      case .marginRatio: "comes to a margin ratio of \(text(last, .marginRatio)) in \(cost)"
      case .evaluationLimit:
        "was followed for \(cost) to a margin ratio of \(text(last, .marginRatio)), not to its end"
      case .interrupted: "was interrupted at a margin ratio of \(text(last, .marginRatio))"
      case .noiseFloor:
        "reaches its noise floor at a margin ratio of \(text(last, .marginRatio))"
      default: "stops (\(outcome.trajectory.termination.rawValue))"
      }
    let gap =
      last[.gap].number.map {
        "; at margins of 1 its value is \(text(last, .primal)), within \(significant($0, 2)) of the "
          + "least there is"
      } ?? ""
    return
      "Forecast: from the last layer of epoch \(outcome.epoch), whose balanced margin ratio is "
      + "\(balanced), the model's flow \(end)\(gap)."
  }

  private func text(_ measurement: Measurement, _ quantity: Quantity) -> String {
    measurement[quantity].number.map { significant($0, 3) } ?? "-"
  }

  /// For class means, classifier rows and their products: the way the network has come, and how
  /// far it is from the forecast at the same loss.
  private var table: String {
    let rows = outcome.comparisons.map { comparison in
      ["\(comparison.epoch)", comparison.logLoss.map { significant($0, 3) } ?? "-"]
        + zip(comparison.toStart.geometry, comparison.toSameLoss.geometry).flatMap {
          [short($0.reading), short($1.reading)]
        }
        + [short(comparison.toEnd.product)]
    }
    return tableText(
      ["epoch", "log L", "means", "missed", "rows", "missed", "product", "missed", "to end"], rows)
  }

  private func short(_ reading: Reading) -> String {
    reading.number.map { decimals($0, 3) } ?? "-"
  }

  private var way: String {
    guard let match = outcome.lastMatch else {
      return "At no later probe had the network a loss that the forecast passed."
    }
    let parts = zip(match.toStart.geometry, match.toSameLoss.geometry)
    let names = ["class means", "classifier rows", "their products"]
    let verdicts = zip(names, parts).compactMap { name, part -> String? in
      guard let come = part.0.reading.number, let missed = part.1.reading.number else { return nil }
      return "\(name) \(verdict(come: come, missed: missed))"
    }
    return "At epoch \(match.epoch): \(verdicts.joined(separator: ", "))."
  }

  private var columns: String {
    "Columns: log L of all images together; how far the network has come since, and how far it misses "
      + "the forecast at the same loss."
  }

  /// A forecast of no change would miss by as much as the network has come; one that misses by half
  /// of that or less is called right, by nine tenths or more wrong.
  private func verdict(come: Double, missed: Double) -> String {
    if missed <= come / 2 { return "went as forecast" }
    return missed < 0.9 * come ? "went partly that way" : "did not go there"
  }
}
