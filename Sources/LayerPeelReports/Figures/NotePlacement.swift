/// Finds a corner in which a panel's notes cover no curve.
struct NotePlacement {
  private let panel: Panel
  private let x: ClosedRange<Double>
  private let y: ClosedRange<Double>
  private let area: PlotArea

  init(_ panel: Panel, x: ClosedRange<Double>, y: ClosedRange<Double>, area: PlotArea) {
    self.panel = panel
    self.x = x
    self.y = y
    self.area = area
  }

  /// The corner that the fewest pieces of curves run through; the panel's own choice if it is among
  /// the best.
  var corner: Panel.Notes.Corner {
    guard !panel.notes.lines.isEmpty else { return panel.notes.corner }
    let places = panel.curves.flatMap { curve in curve.points.map(place) }
    let corners = [panel.notes.corner] + Panel.Notes.Corner.allCases
    // Equal counts leave the first of them: `min` takes the earliest least.
    return corners.min { hits($0, places) < hits($1, places) } ?? panel.notes.corner
  }

  /// The share of the panel's height that the notes need, if a curve runs through every corner.
  var neededRoom: Double? {
    let places = panel.curves.flatMap { curve in curve.points.map(place) }
    guard !panel.notes.lines.isEmpty, hits(corner, places) > 0 else { return nil }
    return Double(15 * panel.notes.lines.count + 10) / Double(area.bottom - area.top)
  }

  /// How many samples of the curves lie where notes in `corner` would stand.
  private func hits(_ corner: Panel.Notes.Corner, _ places: [(Double, Double)?]) -> Int {
    let longest = panel.notes.lines.map { FigureText.width($0.text) }.max() ?? 0
    let width = Double(longest + 14) / Double(area.right - area.left)
    let height = Double(15 * panel.notes.lines.count + 8) / Double(area.bottom - area.top)
    let isLeft = corner == .topLeft || corner == .bottomLeft
    let isTop = corner == .topLeft || corner == .topRight
    let across = isLeft ? 0...width : (1 - width)...1
    let up = isTop ? (1 - height)...1 : 0...height
    let samples = 8
    var count = 0
    for case (let a?, let b?) in zip(places, places.dropFirst()) {
      for step in 0...samples {
        let share = Double(step) / Double(samples)
        let (u, v) = (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1))
        if across.contains(u), up.contains(v) { count += 1 }
      }
    }
    return count
  }

  /// A point as shares of the panel's width and height; nil for a gap.
  private func place(_ point: CurvePoint) -> (Double, Double)? {
    guard let u = point.x.flatMap(panel.x.place), let v = point.y.flatMap(panel.y.place) else {
      return nil
    }
    return (panel.x.share(u, of: x), panel.y.share(v, of: y))
  }
}
