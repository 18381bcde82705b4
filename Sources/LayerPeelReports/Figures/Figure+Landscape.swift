import Glibc
import LayerPeel

extension Figure {
  /// The critical points of one landscape: how many directions lead down, against the loss.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - record: A survey; points whose negative curvatures were not counted are left out.
  public static func landscape(
    name: String = "landscape", title: String = "No traps in the landscape",
    of record: LandscapeRecord
  ) -> Figure {
    var panel = Panel(
      title: "Directions that lead down", subtitle: "number of negative curvatures on the sphere",
      x: Axis(
        label: "loss L, summed over samples, in nats", scale: .logarithmic,
        ticks: (-3...5).flatMap { decade in
          [1, 2, 5].map { Axis.Tick($0 * tenTo(Double(decade))) }
        }),
      y: Axis(scale: .shiftedLogarithmic))
    var key: [KeyEntry] = []
    for kind in LandscapePointKind.allCases {
      let points = record.points.filter { LandscapePointKind($0) == kind && $0.index != nil }
      guard !points.isEmpty else { continue }
      key.append(.mark(kind.words, kind.mark, kind.ink))
      panel.curves.append(.marks(points.map(place), kind.mark, kind.ink))
    }
    panel.widen(by: record.points.map(place))
    panel.callouts = callouts(record)
    return FigureSheet(key: key, panels: [panel], plotHeight: 250).figure(
      name: name, title: title, caption: caption(record))
  }

  private static func caption(_ record: LandscapeRecord) -> String {
    let minima = record.points.filter { $0.index == 0 }
    let others = record.points.count - minima.count
    let sentence =
      minima.allSatisfy { $0.verdict == .globalMinimum }
      ? "Only the global minimum has none: everything else is a saddle."
      : "Points with none are minima."
    return """
      The critical points that were found for \(record.name) \(record.place), one mark for each up to symmetry: \(minima.count) with no direction of negative \
      curvature, \(others) with some. \(sentence) Marks further right have more loss; μ is the \
      weight decay for which the point would be stationary, and it is negative where features point \
      away from their own class.
      """
  }

  private static func place(_ point: LandscapeRecord.Entry) -> CurvePoint {
    CurvePoint(x: exp(point.logLoss), y: point.index.map(Double.init))
  }

  /// Names of the points that have one to remember: minima, and the lowest of each other kind.
  private static func callouts(_ record: LandscapeRecord) -> [Panel.Callout] {
    let counted = record.points.filter { $0.index != nil }
    return LandscapePointKind.allCases.flatMap { kind -> [Panel.Callout] in
      let points = counted.filter { LandscapePointKind($0) == kind }
        .sorted { $0.logLoss < $1.logLoss }
      let named = kind == .global || kind == .local ? points.prefix(3) : points.prefix(1)
      return named.map { point in
        let place = place(point)
        return Panel.Callout(
          text: kind == .flat ? "μ = 0" : CriticalPointName(point.name).words, x: place.x ?? 1,
          y: place.y ?? 0, ink: kind.ink, side: kind == .negative ? .left : .right,
          lift: kind == .negative ? 0 : 9)
      }
    }
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
    let xs = points.compactMap(\.x).filter { $0 > 0 }
    let ys = points.compactMap(\.y)
    if let least = xs.min(), let largest = xs.max() { x.range = least / 1.25...largest * 1.25 }
    if let largest = ys.max() { y.range = -0.25...max(1, largest) * 1.6 }
  }
}
