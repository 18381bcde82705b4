import Glibc
import LayerPeel

extension ReportTable {
  /// The zoo of a landscape: its critical points with rising loss, and where each leads.
  ///
  /// Points with `μ < 0`, as many as all others together and alike in what matters, share a row.
  public static func landscape(_ record: LandscapeRecord) -> ReportTable {
    let value = SeparationProblem(sizes: record.sizes).value
    let points = record.points.sorted { $0.logLoss < $1.logLoss }
    let negative = points.filter { $0.kind == .negative }
    let rows = points.filter { $0.kind != .negative }.map { row($0, value: value) }
    return ReportTable(
      caption: """
        Critical points of \(record.name) on the sphere where the best margins are 4 nats. Value is \
        ρ²/(2 q_min), the norm that margins of 1 would need (\(text(value)) is the least there \
        is); margin ratio the margin as a share of the best at this norm, 0 or less where classes \
        are confused. The last columns: how many directions curve down, how many starts met the \
        point, and where the descent from it went. Of \(record.starts) starts \
        \(record.failedStarts) did not converge.
        """,
      columns: [
        "critical point", "log L", "margin ratio", "value", "rank", "μ", "σ", "lowest curvature",
        "negative", "is", "starts", "leads to",
      ],
      rows: rows + (negative.isEmpty ? [] : [summary(negative)]))
  }

  private static func row(_ point: LandscapeRecord.Entry, value: Double) -> [String] {
    let ratio = point.marginRatio.map { abs($0) < 1e-9 ? 0 : $0 }
    let times = point.multiplicity.map { " × \($0)" } ?? ""
    let noise = 1e-9 * point.spectralNorm + point.curvatureError
    let isZero = abs(point.lowestCurvature) <= noise
    return [
      CriticalPointName(point.name).words, text(point.logLoss), ratio.map(text) ?? "–",
      ratio.flatMap { $0 > 0 ? text(value / $0) : nil } ?? "–", "\(point.rank)",
      point.isFlat ? "0" : point.multiplier.map(text) ?? "–", text(point.spectralNorm),
      (isZero ? "0" : text(point.lowestCurvature)) + times, point.index.map(String.init) ?? "–",
      word(point), "\(point.starts)", point.descent?.words ?? "–",
    ]
  }

  /// One row for the points with `μ < 0`, whose direction down is `(W, -H)`.
  private static func summary(_ points: [LandscapeRecord.Entry]) -> [String] {
    let saddles = points.count(where: \.isStrictSaddle)
    let ends = Set(points.map { $0.descent?.destination })
    let end = ends.count == 1 ? ends.first?.map { CriticalPointName($0).words } : nil
    return [
      "\(points.count) with μ < 0", range(points.map(\.logLoss)),
      range(points.compactMap(\.marginRatio)), "–",
      whole(points.map(\.rank)), range(points.compactMap(\.multiplier)),
      range(points.map(\.spectralNorm)), range(points.map(\.lowestCurvature)),
      whole(points.compactMap(\.index)),
      saddles == points.count ? "saddles" : "\(saddles) saddles",
      "\(points.reduce(0) { $0 + $1.starts })", end ?? "various",
    ]
  }

  private static func word(_ point: LandscapeRecord.Entry) -> String {
    switch point.verdict {
    case .globalMinimum: "global minimum"
    case .strictSaddle: "saddle"
    case .localMinimum: "local minimum"
    case .degenerate: "degenerate"
    case .notCritical: "not critical"
    }
  }

  private static func range(_ values: [Double]) -> String {
    guard let least = values.min(), let largest = values.max() else { return "–" }
    return "\(text(least)) … \(text(largest))"
  }

  private static func whole(_ values: [Int]) -> String {
    guard let least = values.min(), let largest = values.max() else { return "–" }
    return least == largest ? "\(least)" : "\(least) … \(largest)"
  }

  /// A number to three digits, five where they stand before the point.
  private static func text(_ value: Double) -> String {
    guard value != 0, abs(value) < 1e5 else { return FigureText.decimal(value, digits: 0) }
    let digits = 2 - Int(floor(log10(abs(value))))
    return FigureText.decimal(value, digits: min(max(digits, 1), 6))
  }
}

extension LandscapeRecord.Descent {
  /// `two pairs → neural collapse`.
  var words: String {
    let stops = saddles.map { $0.map { CriticalPointName($0).words } ?? "another saddle" }
    let end =
      destination.map { CriticalPointName($0).words } ?? (hasSettled ? "another point" : "…")
    return (stops + [end]).joined(separator: " → ")
  }
}
