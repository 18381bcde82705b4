import Glibc
import LayerPeel

extension Figure {
  /// The critical points of one landscape: how many directions lead down, against the loss.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading; without one, whether there are traps.
  ///   - record: A survey; points whose negative curvatures were not counted are left out.
  public static func landscape(
    name: String = "landscape", title: String? = nil, of record: LandscapeRecord
  ) -> Figure {
    let place = LandscapePlace(record.points)
    var panel = Panel(
      title: "Directions that lead down", subtitle: "number of negative curvatures on the sphere",
      x: place.axis, y: Axis(scale: .shiftedLogarithmic))
    var key: [KeyEntry] = []
    for kind in LandscapePointKind.allCases {
      let points = record.points.filter { LandscapePointKind($0) == kind && $0.index != nil }
      guard !points.isEmpty else { continue }
      key.append(.mark(kind.words, kind.mark, kind.ink))
      panel.curves.append(.marks(points.map(place.of), kind.mark, kind.ink))
    }
    panel.widen(by: record.points.filter { $0.index != nil }.map(place.of))
    panel.callouts = callouts(record, place)
    let heading = record.hasNoTraps ? "No traps in the landscape" : "A landscape's critical points"
    return FigureSheet(key: key, panels: [panel], plotHeight: 250).figure(
      name: name, title: title ?? heading, caption: caption(record))
  }

  private static func caption(_ record: LandscapeRecord) -> String {
    """
    The critical points that were found for \(record.name) \(record.place), one mark for each up to \
    symmetry: \(record.counts). \(record.sentences.joined(separator: " ")) Marks further right have \
    more loss; μ is the weight decay for which the point would be stationary, and it is negative \
    where features point away from their own class.
    """
  }

  /// Names of the points that have one to remember: minima, and the lowest of each other kind.
  private static func callouts(
    _ record: LandscapeRecord, _ place: LandscapePlace
  ) -> [Panel.Callout] {
    let counted = record.points.filter { $0.index != nil }
    return LandscapePointKind.allCases.flatMap { kind -> [Panel.Callout] in
      let points = counted.filter { LandscapePointKind($0) == kind }
        .sorted { $0.logLoss < $1.logLoss }
      let named = kind == .global || kind == .local ? points.prefix(3) : points.prefix(1)
      return named.map { point in
        let place = place.of(point)
        return Panel.Callout(
          text: kind == .flat ? "μ = 0" : CriticalPointName(point.name).words, x: place.x ?? 1,
          y: place.y ?? 0, ink: kind.ink, side: kind == .negative ? .left : .right,
          lift: kind == .negative ? 0 : 9)
      }
    }
  }
}

/// Where a critical point stands: by its loss or, where some are too small for that, by `log L`.
private struct LandscapePlace {
  private let isLogarithm: Bool

  /// Ticks of the loss go down to a thousandth.
  init(_ points: [LandscapeRecord.Entry]) {
    isLogarithm = points.contains { $0.logLoss < log(1e-3) }
  }

  var axis: Axis {
    if isLogarithm { return Axis(label: "log L, L summed over samples, in nats") }
    return Axis(
      label: "loss L, summed over samples, in nats", scale: .logarithmic,
      ticks: (-3...5).flatMap { decade in
        [1, 2, 5].map { Axis.Tick($0 * tenTo(Double(decade))) }
      })
  }

  func of(_ point: LandscapeRecord.Entry) -> CurvePoint {
    CurvePoint(
      x: isLogarithm ? point.logLoss : exp(point.logLoss), y: point.index.map(Double.init))
  }
}

extension LandscapeRecord {
  private func count(_ verdict: CriticalPoint.Verdict) -> Int {
    points.count { $0.verdict == verdict }
  }

  /// Whether there is a global minimum, and nothing else but strict saddles.
  fileprivate var hasNoTraps: Bool {
    let minima = count(.globalMinimum)
    return minima > 0 && minima + count(.strictSaddle) == points.count
  }

  /// `1 global minimum, 12 strict saddles`.
  fileprivate var counts: String {
    let kinds: [(CriticalPoint.Verdict, String, String)] = [
      (.globalMinimum, "global minimum", "global minima"),
      (.localMinimum, "local minimum", "local minima"),
      (.strictSaddle, "strict saddle", "strict saddles"),
      (.degenerate, "degenerate point", "degenerate points"),
      (.notCritical, "point that is not critical", "points that are not critical"),
    ]
    let parts = kinds.compactMap { verdict, one, many in
      let number = count(verdict)
      return number == 0 ? nil : "\(number) \(number == 1 ? one : many)"
    }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }

  /// What that means, and which points are not drawn.
  fileprivate var sentences: [String] {
    let uncounted = points.count { $0.index == nil }
    let all: [(Bool, String)] = [
      (
        hasNoTraps,
        "Only the global minimum has no direction that curves down: everything else is a saddle."
      ),
      (count(.localMinimum) > 0, "A local minimum has no such direction, and is not global."),
      (
        count(.degenerate) > 0,
        "At a degenerate point no such direction was found, which does not make it a minimum."
      ),
      (
        uncounted > 0,
        "Not drawn, with too many unknowns to count such directions: \(uncounted)."
      ),
    ]
    return all.filter(\.0).map(\.1)
  }
}

/// How a critical point is marked.
private enum LandscapePointKind: CaseIterable {
  case global, local, positive, flat, negative

  init(_ point: LandscapeRecord.Entry) {
    switch (point.verdict, point.kind) {
    case (.localMinimum, _), (.degenerate, _): self = .local
    case (.globalMinimum, _), (_, .global): self = .global
    case (_, .positive): self = .positive
    case (_, .flat): self = .flat
    case (_, .negative): self = .negative
    }
  }

  var words: String {
    switch self {
    case .global: "global minimum"
    case .local: "not global, no way down found"
    case .positive: "saddle, μ > 0"
    case .flat: "saddle, μ = 0"
    case .negative: "saddle, μ < 0"
    }
  }

  var ink: Ink {
    switch self {
    case .global: .green
    case .local: .purple
    case .positive: .blue
    case .flat: .black
    case .negative: .vermillion
    }
  }

  var mark: Mark { self == .negative ? .ring : .dot }
}

extension Panel {
  /// Leaves room around marks, which are wider than the points they stand at.
  fileprivate mutating func widen(by points: [CurvePoint]) {
    let xs = points.compactMap(\.x)
    let ys = points.compactMap(\.y)
    if let least = xs.min(), let largest = xs.max() {
      let room = max(0.05 * (largest - least), 0.1)
      x.range =
        x.isLogarithmic ? least / 1.25...largest * 1.25 : least - room...largest + room
    }
    if let largest = ys.max() { y.range = -0.25...max(1, largest) * 1.6 }
  }
}
