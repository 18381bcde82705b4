import Glibc
import LayerPeel

extension ReportTable {
  /// The zoo of a landscape: its critical points with rising loss, and where each leads.
  ///
  /// Points with `μ < 0`, nearly as many as all others and alike in what matters, are summed up in
  /// the caption.
  ///
  /// - Parameters:
  ///   - record: The landscape.
  ///   - explains: Whether the caption says what the columns are.
  public static func landscape(_ record: LandscapeRecord, explains: Bool = true) -> ReportTable {
    let points = record.points.sorted { $0.logLoss < $1.logLoss }
    let listed = points.filter { $0.kind != .negative }
    return ReportTable(
      caption: """
        Critical points of \(record.name) \(record.place), and where the descent from each arrives \
        first.\(explains ? meaning : "") \(verdicts(listed)) Of \(record.starts) starts \
        \(record.failedStarts == 0 ? "all converged" : "\(record.failedStarts) did not converge"). \
        \(summary(points.filter { $0.kind == .negative }))
        """,
      columns: [
        "critical point", "leads to", "log L", "value", "ratio", "rank", "μ", "lowest", "down",
        "met",
      ],
      rows: listed.map { row($0, best: SeparationProblem(sizes: record.sizes).value) })
  }

  /// What the columns are.
  private static let meaning = """
     Value is ρ²/(2 q_min), the norm that margins of 1 need, where classes are not confused; ratio the \
    least margin as a share of the best at this norm, 0 or less where they are; lowest the least \
    curvature, and how many directions have it; down the number of \
    directions that curve down; met the number of starts that led there (search 2: found from the \
    second random point; met 1: on a descent only).
    """

  private static func row(_ point: LandscapeRecord.Entry, best: Double) -> [String] {
    let ratio = point.marginRatio.map { abs($0) < 1e-9 ? 0 : $0 }
    let times = point.multiplicity.map { " × \($0)" } ?? ""
    let noise = 1e-9 * point.spectralNormRatio + point.errorRatio
    let isZero = abs(point.curvatureRatio) <= noise
    let loss = exp(point.logLoss)
    return [
      CriticalPointName(point.name).words, point.descent?.next ?? "–", text(point.logLoss),
      ratio.flatMap { $0 > 0 ? text(best / $0) : nil } ?? "–", ratio.map(text) ?? "–",
      "\(point.rank)", point.isFlat ? "0" : point.multiplierRatio.map { text(loss * $0) } ?? "–",
      (isZero ? "0" : text(loss * point.curvatureRatio)) + times,
      point.index.map(String.init) ?? "–",
      "\(point.starts)",
    ]
  }

  /// What the points are, in a sentence.
  private static func verdicts(_ points: [LandscapeRecord.Entry]) -> String {
    let others = points.filter { !$0.isStrictSaddle }
    let names = others.map { point in
      CriticalPointName(point.name).words + (point.isGlobal ? ", the global minimum," : "")
    }
    return names.isEmpty
      ? "All are strict saddles."
      : "All but \(names.joined(separator: " and ")) are strict saddles."
  }

  /// The points with `μ < 0`, whose direction down is `(W, -H)`, in a sentence.
  private static func summary(_ points: [LandscapeRecord.Entry]) -> String {
    guard let first = points.first, let last = points.last else { return "" }
    let indices = points.compactMap(\.index)
    let down = [indices.min(), indices.max()].compactMap { $0.map(String.init) }
    let kind =
      points.allSatisfy(\.isStrictSaddle)
      ? "all saddles" : "\(points.count(where: \.isStrictSaddle)) of them saddles"
    return """
      Not listed: \(points.count) points with μ < 0, where features point away from their own \
      class, most of them those above with H flipped; \(kind), log L \(text(first.logLoss)) to \
      \(text(last.logLoss)), \(down.joined(separator: " to ")) directions down.
      """
  }

  /// A number to three digits, five where they stand before the point.
  private static func text(_ value: Double) -> String {
    guard value != 0, abs(value) < 1e5 else { return FigureText.decimal(value, digits: 0) }
    let digits = 2 - Int(floor(log10(abs(value))))
    return FigureText.decimal(value, digits: min(max(digits, 1), 5))
  }
}

extension LandscapeRecord.Descent {
  /// The first critical point on the way, or the end where there is none before.
  fileprivate var next: String {
    if let first = saddles.first {
      return first.map { CriticalPointName($0).words } ?? "another saddle"
    }
    let unknown = hasSettled ? "another point" : "not settled"
    return destination.map { CriticalPointName($0).words } ?? unknown
  }
}
