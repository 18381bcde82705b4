/// A gnuplot script as it grows.
struct Script {
  private(set) var text = ""
  private var blocks = 0

  mutating func line(_ line: String) { text += line + "\n" }

  mutating func open() {
    line("set encoding utf8")
    line("set multiplot")
    line("unset key")
    line("unset title")
    frame()
    line("set grid back")
  }

  /// Axes, ticks and grid as every panel but a plane has them.
  private mutating func frame() {
    line("set border 3 lw 0.8 lc \(Ink.grey.gnuplot)")
    line("set tics out nomirror scale 0.5, 0.25 textcolor \(Ink.black.gnuplot)")
    line("set grid ytics lt 1 lw 0.7 lc \(Ink.mist.gnuplot)")
  }

  mutating func close() { line("unset multiplot") }

  /// A sample of a stroke and what it means.
  mutating func keyEntry(_ entry: KeyEntry, x: Int, y: Int, _ canvas: Canvas) {
    let sample = KeyLayout.sample - 8
    if entry.isShade {
      line(
        "set object rectangle from \(canvas.point(x, y - 7)) to \(canvas.point(x + sample, y + 7)) "
          + "fc \(Ink.shade.gnuplot) fs solid 1 noborder")
    } else if let mark = entry.mark {
      line(
        "set label '' at \(canvas.point(x + sample / 2, y)) point "
          + mark.gnuplot(FigureStyle.markSize, entry.stroke.ink))
    } else {
      line(
        "set arrow from \(canvas.point(x, y)) to \(canvas.point(x + sample, y)) nohead "
          + entry.stroke.gnuplot)
    }
    if entry.hasMarkers {
      line(
        "set label '' at \(canvas.point(x + sample / 2, y)) point pt 7 ps 0.5 "
          + "lc \(entry.stroke.ink.gnuplot)")
    }
    label(
      FigureText.escaped(entry.label), at: canvas.point(x + sample + 8, y), ink: .black,
      size: FigureStyle.textSize)
  }

  /// Everything of one panel; arrows and labels set before it are drawn with it.
  mutating func panel(_ panel: Panel, index: Int, area: PlotArea, _ canvas: Canvas) {
    let ranging = panel.rangingPoints.filter { point in
      point.x.flatMap(panel.x.place) != nil && point.y.flatMap(panel.y.place) != nil
    }
    let x = panel.x.placeRange(ranging.compactMap(\.x))
    var y = panel.y.placeRange(ranging.compactMap(\.y))
    var notes = panel.notes
    let placement = NotePlacement(panel, x: x, y: y, area: area)
    notes.corner = placement.corner
    if panel.y.range == nil, let room = placement.neededRoom {
      y = panel.y.widened(y, by: room)
      notes.corner = .bottomLeft
    }
    margins(area, canvas)
    axis("x", panel.x, x)
    axis("y", panel.y, y)
    if panel.aspect != nil { for part in ["border", "tics", "grid"] { line("unset \(part)") } }
    titles(panel, area, canvas)
    bands(panel, x)
    if !ranging.isEmpty { self.notes(notes, area, canvas) }
    callouts(panel, area, canvas)
    arrows(panel)
    let plots = panel.bands.flatMap { band($0, panel) } + panel.curves.flatMap { curve($0, panel) }
    if ranging.isEmpty {
      line(
        "set label 'no readings' at graph 0.5, graph 0.5 center front "
          + "textcolor \(Ink.grey.gnuplot) font ',\(FigureStyle.smallTextSize)'")
    }
    line("plot " + (plots.isEmpty ? "NaN" : plots.joined(separator: ", \\\n  ")))
    line("unset label")
    line("unset arrow")
    line("unset object")
    if panel.aspect != nil { frame() }
  }

  private mutating func arrows(_ panel: Panel) {
    for arrow in panel.arrows {
      let ends = [arrow.from, arrow.to].compactMap { end -> String? in
        guard let x = end.x.flatMap(panel.x.place), let y = end.y.flatMap(panel.y.place) else {
          return nil
        }
        return "first \(x), first \(y)"
      }
      guard ends.count == 2, arrow.from != arrow.to else { continue }
      line(
        "set arrow from \(ends[0]) to \(ends[1]) head filled size screen 0.012, 18, 60 front "
          + arrow.stroke.gnuplot)
    }
  }

  private mutating func margins(_ area: PlotArea, _ canvas: Canvas) {
    line("set lmargin at screen \(canvas.x(area.left))")
    line("set rmargin at screen \(canvas.x(area.right))")
    line("set tmargin at screen \(canvas.y(area.top))")
    line("set bmargin at screen \(canvas.y(area.bottom))")
  }

  private mutating func axis(_ name: String, _ axis: Axis, _ range: ClosedRange<Double>) {
    line((axis.isLogarithmic ? "set logscale " : "unset logscale ") + name)
    line("set \(name)range [\(range.lowerBound):\(range.upperBound)]")
    let ticks = axis.ticks(in: range).map { "\(FigureText.markup($0.label)) \($0.value)" }
    line(
      "set \(name)tics (" + ticks.joined(separator: ", ")
        + ") font ',\(FigureStyle.smallTextSize)' offset \(name == "x" ? "0,0.3" : "0.6,0")")
  }

  private mutating func titles(_ panel: Panel, _ area: PlotArea, _ canvas: Canvas) {
    let left = panel.aspect != nil ? area.left : area.left - 38
    label(
      "{/:Bold " + FigureText.escaped(panel.title) + "}", at: canvas.point(left, area.top - 35),
      ink: .black, size: FigureStyle.textSize + 1)
    label(
      FigureText.escaped(panel.subtitle), at: canvas.point(left, area.top - 18), ink: .grey,
      size: FigureStyle.smallTextSize)
    label(
      FigureText.escaped(panel.x.label),
      at: canvas.point((area.left + area.right) / 2, area.bottom + 35), ink: .black,
      size: FigureStyle.smallTextSize, side: .center)
  }

  private mutating func bands(_ panel: Panel, _ x: ClosedRange<Double>) {
    for start in panel.shadedFrom {
      guard let place = panel.x.place(start), place < x.upperBound else { continue }
      let from = max(place, x.lowerBound)
      line(
        "set object rectangle from first \(from), graph 0 to graph 1, graph 1 behind "
          + "fc \(Ink.shade.gnuplot) fs solid 1 noborder")
    }
  }

  private mutating func notes(_ notes: Panel.Notes, _ area: PlotArea, _ canvas: Canvas) {
    let step = 15
    for (row, note) in notes.lines.enumerated() {
      let (x, side): (Int, Panel.Callout.Side) =
        switch notes.corner {
        case .topLeft, .bottomLeft: (area.left + 8, .left)
        case .topRight, .bottomRight: (area.right - 4, .right)
        }
      let y =
        switch notes.corner {
        case .topLeft, .topRight: area.top + 10 + row * step
        case .bottomLeft, .bottomRight: area.bottom - 12 - (notes.lines.count - 1 - row) * step
        }
      label(
        FigureText.escaped(note.text), at: canvas.point(x, y), ink: note.ink,
        size: FigureStyle.smallTextSize, side: side)
    }
  }

  private mutating func callouts(_ panel: Panel, _ area: PlotArea, _ canvas: Canvas) {
    for callout in panel.callouts {
      guard let x = panel.x.place(callout.x), let y = panel.y.place(callout.y) else { continue }
      let alignment =
        switch callout.side {
        case .right: "left"
        case .left: "right"
        case .center: "center"
        }
      let dot = callout.hasDot ? " point pt 7 ps 0.6 lc \(callout.ink.gnuplot)" : ""
      let aside = callout.side == .right ? 1.0 : callout.side == .left ? -1.0 : 0
      let lift = FigureText.plain(Double(callout.lift) / 12, digits: 2)
      line(
        "set label \(FigureText.quoted(callout.text)) at first \(x), first \(y) \(alignment) front "
          + "textcolor \(callout.ink.gnuplot) font ',\(FigureStyle.smallTextSize)' "
          + "offset \(aside), \(lift)" + dot)
    }
  }

  private mutating func label(
    _ markup: String, at place: String, ink: Ink, size: Int, side: Panel.Callout.Side = .left
  ) {
    guard !markup.isEmpty else { return }
    line(
      "set label \(FigureText.markup(markup)) at \(place) \(side.rawValue) front "
        + "textcolor \(ink.gnuplot) font ',\(size)'")
  }

  /// Writes a curve's data and returns what plots it.
  ///
  /// A gap ends the line, and a point between two gaps is marked, as a line would not show it.
  private mutating func curve(_ curve: Curve, _ panel: Panel) -> [String] {
    let runs = runs(of: curve, panel).map { $0.map { [$0.0, $0.1] } }
    if let mark = curve.mark {
      return runs.isEmpty
        ? []
        : [
          "\(block(runs)) using 1:2 with points \(mark.gnuplot(curve.markSize, curve.stroke.ink))"
        ]
    }
    var plots: [String] = []
    let lines = runs.filter { $0.count > 1 }
    if !lines.isEmpty {
      plots.append("\(block(lines)) using 1:2 with lines \(curve.stroke.gnuplot)")
    }
    let marked = curve.hasMarkers ? runs : runs.filter { $0.count == 1 }
    if !marked.isEmpty {
      plots.append(
        "\(block(marked)) using 1:2 with points pt 7 ps 0.45 lc \(curve.stroke.ink.gnuplot)")
    }
    return plots
  }

  /// Writes a band's data and returns what plots it.
  private mutating func band(_ band: Panel.Band, _ panel: Panel) -> [String] {
    let rows = band.spans.compactMap { span -> [Double]? in
      let row = [panel.x.place(span.x), panel.y.place(span.low), panel.y.place(span.high)]
      return row.contains(nil) ? nil : row.compactMap { $0 }
    }
    guard rows.count > 1 else { return [] }
    return [
      "\(block([rows])) using 1:2:3 with filledcurves fc \(band.ink.gnuplot) "
        + "fs transparent solid 0.16 noborder"
    ]
  }

  private func runs(of curve: Curve, _ panel: Panel) -> [[(Double, Double)]] {
    var runs: [[(Double, Double)]] = [[]]
    for point in curve.points {
      if let x = point.x.flatMap(panel.x.place), let y = point.y.flatMap(panel.y.place) {
        runs[runs.count - 1].append((x, y))
      } else if !runs[runs.count - 1].isEmpty {
        runs.append([])
      }
    }
    return runs.filter { !$0.isEmpty }
  }

  private mutating func block(_ runs: [[[Double]]]) -> String {
    let name = "$data\(blocks)"
    blocks += 1
    let rows = runs.map { run in
      run.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: "\n")
    }
    text += "\(name) << end\n" + rows.joined(separator: "\n\n") + "\nend\n"
    return name
  }
}
