import LayerPeel

/// A landscape for people: a table, what it adds up to, and where the escape went.
struct LandscapeSummary {
  private let landscape: Landscape
  private let survey: Survey
  private let follow: String?
  private let route: Route?
  private let seconds: Double

  init(_ landscape: Landscape, survey: Survey, follow: String?, route: Route?, seconds: Double) {
    self.landscape = landscape
    self.survey = survey
    self.follow = follow
    self.route = route
    self.seconds = seconds
  }

  var text: String {
    let escape = follow == nil ? [] : [escapeSentence]
    return ([heading, "", table, "", count] + tiny + failures + absent + escape + [costs])
      .joined(separator: "\n")
  }

  private var heading: String {
    let model = landscape.model
    let level =
      switch landscape.settings.level {
      case .radius(let radius): "sphere of radius \(significant(radius, 5))"
      case .weightDecay(let decay): "weight decay \(significant(decay, 5))"
      }
    let space = model.dimension == 1 ? "one dimension" : "\(model.dimension) dimensions"
    return "\(model.sizes.inWords) in \(space), \(level)"
  }

  private var table: String {
    tableText(
      ["", "log L", "rk", "μ", "σ", "lowest", "neg", "is", "met"], survey.entries.map(row))
  }

  private func row(_ entry: Survey.Entry) -> [String] {
    let point = entry.point
    let times = point.multiplicity.map { "×\($0)" } ?? ""
    let multiplier = point.multiplier == nil ? "-" : scaled(point.reading(.multiplier))
    return [
      entry.name, compact(point.logLoss, 5), "\(point.rank)", entry.isFlat ? "0" : multiplier,
      scaled(point.reading(.spectralNorm)), curvature(of: entry) + times,
      entry.index.map { "\($0)" } ?? "-", word(for: entry.verdict), "\(entry.count)",
    ]
  }

  /// Zero where it is as small as its error or the largest curvature's rounding.
  private func curvature(of entry: Survey.Entry) -> String {
    let point = entry.point
    let noise =
      1e-10 * (point.ratio(.largestCurvature) ?? 0) + (point.ratio(.curvatureError) ?? 0)
    return abs(entry.curvatureRatio) <= noise ? "0" : scaled(entry.lowestCurvatureReading)
  }

  /// A number, or a dash where it is too small for one.
  private func scaled(_ reading: Reading) -> String { reading.number.map { compact($0) } ?? "-" }

  /// Why there are dashes, where there are.
  private var tiny: [String] {
    guard
      survey.entries.contains(where: { $0.point.reading(.spectralNorm).number == nil })
    else { return [] }
    return [
      wrapped(
        "Of some points L is too small for a double, and μ, σ and the lowest curvature with it: "
          + "-. Verdicts and signs are judged over L, and hold; --json has the ratios.")
    ]
  }

  private func word(for verdict: CriticalPoint.Verdict) -> String {
    switch verdict {
    case .globalMinimum: "global"
    case .strictSaddle: "saddle"
    case .localMinimum: "local"
    case .degenerate: "degen."
    case .notCritical: "none"
    }
  }

  private var count: String {
    let kinds: [(CriticalPoint.Verdict, String, String)] = [
      (.globalMinimum, "global minimum", "global minima"),
      (.localMinimum, "local minimum", "local minima"),
      (.strictSaddle, "strict saddle", "strict saddles"),
      (.degenerate, "degenerate point", "degenerate points"),
      (.notCritical, "point that is not critical", "points that are not critical"),
    ]
    let parts = kinds.compactMap { verdict, one, many in
      let number = survey.entries.count { $0.verdict == verdict }
      return number == 0 ? nil : "\(number) \(number == 1 ? one : many)"
    }
    return wrapped(
      "\(survey.entries.count) distinct critical points: \(parts.joined(separator: ", ")). "
        + "Of \(survey.startCount) starts \(survey.trivialCount) met the continuum μ = 0, "
        + "\(survey.failures.count) did not converge."
        + (survey.isInterrupted ? " Interrupted: there were more starts." : ""))
  }

  private var failures: [String] {
    list(
      "Not converged",
      survey.failures.map { "\($0.name) (gradient \(significant($0.gradientNorm, 2)))" })
  }

  private var absent: [String] { list("Without a radius of this multiplier", survey.absent) }

  /// The first few of a list, and how many there are more.
  private func list(_ heading: String, _ items: [String]) -> [String] {
    guard !items.isEmpty else { return [] }
    let more = items.count > 4 ? ", \(items.count - 4) more" : ""
    return [wrapped("\(heading): \(items.prefix(4).joined(separator: ", "))\(more).")]
  }

  private var escapeSentence: String {
    guard let route else {
      let failure = survey.failures.first { $0.name == follow }
      return failure.map {
        "\($0.name) did not converge: the gradient is still \(significant($0.gradientNorm, 3))."
      } ?? "No such saddle in the table: nothing to follow."
    }
    guard let escape = route.escape else {
      return "\(route.start.name) is no saddle: there is nothing to follow, and no file is written."
    }
    let stops = route.saddles.map { $0 ?? "-" }
    let way = stops.isEmpty ? "" : ", by way of \(stops.joined(separator: ", "))"
    let margin = escape.trajectory.last[.marginRatio].number.map {
      " (margin ratio \(significant($0, 6)))"
    }
    return wrapped(
      "From \(route.start.name), log L \(compact(route.start.point.logLoss, 5)), in "
        + "\(escape.trajectory.cost.steps) steps\(way), to \(end(of: escape, route)), log L "
        + "\(compact(escape.trajectory.last[.logLoss].number ?? 0, 5))\(margin ?? "").")
  }

  private func end(of escape: Escape, _ route: Route) -> String {
    switch escape.trajectory.termination {
    case .settled: route.destination ?? "-"
    case .interrupted: "where it was interrupted"
    default: "where it was given up"
    }
  }

  private var costs: String {
    "\(survey.cost.steps) refinement steps, \(survey.cost.hessianProducts) Hessian products, "
      + durationText(seconds)
  }
}

/// A number in few characters: fewer digits where there is an exponent.
private func compact(_ value: Double, _ digits: Int32 = 3) -> String {
  guard value != 0 else { return "0" }
  let text = significant(value, digits)
  return text.contains("e") ? significant(value, min(digits, 2)) : text
}
