import Glibc
public import LayerPeel

extension Figure {
  /// How the flow stays at a KKT direction that is not global, and how a little noise leaves it.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - exact: From the start of rank 2.
  ///   - disturbed: From the same start with noise.
  ///   - level: The margin ratio of the KKT direction, 3/4 for the square.
  ///   - marks: Margin ratios whose times are written down.
  public static func escape(
    name: String = "escape", title: String = "A direction that is not collapse, and the way out",
    exact: LabelledTrajectory<FlowTime>, disturbed: LabelledTrajectory<FlowTime>,
    level: Double = 0.75, marks: [Double] = [0.8, 0.9, 0.99]
  ) -> Figure {
    let runs = [exact, disturbed]
    let largest = runs.compactMap { $0.trajectory.records.last?.coordinate.reading.number }.max()
    var panel = Panel(
      title: "Margin ratio", subtitle: "normalised margin over the best possible one",
      x: .logTime(upTo: largest), y: Axis(range: 0.5...1.07))
    panel.curves = [1, level].map { .level($0, across: panel.x, .guide) }
    panel.curves.append(
      Curve(disturbed.trajectory.points(.marginRatio), Stroke(.vermillion, width: 1.8)))
    panel.curves.append(
      Curve(exact.trajectory.points(.marginRatio), Stroke(.blue, width: 1.8, dash: .dashed)))
    panel.callouts = [
      Panel.Callout(text: "neural collapse, 1", x: 1.1, y: 1, side: .right, lift: -9),
      Panel.Callout(
        text: "the square, \(FigureText.shortest(level))", x: 1.1, y: level, side: .right, lift: 9),
    ]
    for mark in marks {
      guard let time = passage(of: mark, disturbed.trajectory) else { continue }
      panel.callouts.append(
        Panel.Callout(
          text: "\(FigureText.shortest(mark)) at log t = \(FigureText.grouped(time))", x: time,
          y: mark, ink: .vermillion, side: .left, lift: mark > 0.95 ? 12 : 0, hasDot: true))
    }
    return FigureSheet(
      key: [
        KeyEntry(exact.label, Stroke(.blue, width: 1.8, dash: .dashed)),
        KeyEntry(disturbed.label, Stroke(.vermillion, width: 1.8)),
      ], panels: [panel], plotHeight: 230
    ).figure(
      name: name, title: title,
      caption: """
        Two flows of the same model from the same start, one of them disturbed a little. Both reach the square, a KKT direction with \(FigureText.shortest(level)) of the \
        best margin, which is not neural collapse. The start of rank 2 stays there for ever, as the \
        flow never leaves its span; the other leaves, but only after times like e^100000.
        """)
  }
}

/// The `log t` at which the margin ratio first passes `mark` from below after having been below it,
/// interpolated in `log log t`.
private func passage(of mark: Double, _ flow: Trajectory<FlowTime>) -> Double? {
  let points: [(Double, Double)] = flow.points(.marginRatio).compactMap { point in
    guard let x = point.x, let y = point.y, x > 0 else { return nil }
    return (log(x), y)
  }
  for (before, after) in zip(points, points.dropFirst()) where before.1 < mark && after.1 >= mark {
    let share = (mark - before.1) / (after.1 - before.1)
    return exp(before.0 + share * (after.0 - before.0))
  }
  return nil
}
