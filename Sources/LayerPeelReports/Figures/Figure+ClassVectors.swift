import LayerPeel

extension Figure {
  /// What critical points look like: their class vectors, each in its own principal directions.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - points: A panel each.
  public static func classVectors(
    name: String = "class-vectors", title: String = "What critical points look like",
    of points: [ClassVectors]
  ) -> Figure {
    FigureSheet(
      key: Panel.keyOfVectors,
      panels: points.map { Panel(plane: $0, view: ClassVectorView(of: [$0])) }
    ).figure(
      name: name, title: title,
      caption: """
        The rows of the classifier (arrows) and the class means of the features (rings), numbered by \
        class, in their principal directions and each scaled to the same norm. Sets that span a plane \
        are seen from above; others from a little above the ground (ellipse), with dotted plumb lines, \
        in the three largest directions. Only where every pair of classes is equally far apart, at \
        neural collapse, is the margin the best possible.
        """)
  }
}

extension Panel {
  /// What the marks in panels of class vectors are.
  static var keyOfVectors: [KeyEntry] {
    [
      KeyEntry("rows of the classifier", Stroke(.black)),
      .mark("class means of the features", .ring, .black),
    ]
  }

  /// Class vectors from the origin, on a square.
  init(plane vectors: ClassVectors, view: ClassVectorView) {
    self.init(title: vectors.name, subtitle: vectors.note, x: Axis(), y: Axis())
    isPlane = true
    let reach =
      vectors.rows.map { row in
        let place = view.place(row)
        return max(abs(place.x ?? 0), abs(place.y ?? 0))
      }.max() ?? 1
    let edge = 1.22 * max(reach, 0.1)
    (x, y) = (Axis(range: -edge...edge, ticks: []), Axis(range: -edge...edge, ticks: []))
    curves.append(Curve(view.circle(radius: 1), Stroke(.mist, width: 1.2)))
    let share = view.share(of: vectors)
    if share < 0.995 {
      let percent = FigureText.decimal(100 * share, digits: 0)
      notes = Notes(corner: .bottomRight, lines: [.init("\(percent) % of the norm seen", .grey)])
    }
    for k in 0..<vectors.classifier.rows { add(class: k, vectors, view, edge: edge) }
  }

  private mutating func add(
    class k: Int, _ vectors: ClassVectors, _ view: ClassVectorView, edge: Double
  ) {
    let origin = CurvePoint(x: 0, y: 0)
    let (row, mean) = (vectors.classifier.row(k), vectors.means.row(k))
    let ink = Ink.ofClass(k)
    let tip = view.place(row)
    if view.hasDepth {
      curves.append(Curve([view.shadow(row), tip], Stroke(.grey, width: 0.9, dash: .dotted)))
    }
    arrows.append(Arrow(from: origin, to: tip, stroke: Stroke(ink, width: 1.8)))
    curves.append(.marks([view.place(mean)], .ring, ink))
    guard let x = tip.x, let y = tip.y else { return }
    // Beyond the tip, as far from it in every direction.
    let length = max((x * x + y * y).squareRoot(), 1e-9)
    let beyond = 1 + 0.13 * edge / length
    callouts.append(
      Callout(text: "\(k + 1)", x: beyond * x, y: beyond * y, ink: ink, side: .center))
  }
}

extension Ink {
  /// The colour of a class; from the seventh on they repeat.
  static func ofClass(_ k: Int) -> Ink {
    [.blue, .vermillion, .green, .purple, .amber, .black][k % 6]
  }
}
