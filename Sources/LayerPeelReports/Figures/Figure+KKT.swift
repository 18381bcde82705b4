public import LayerPeel

extension Figure {
  /// How a flow meets the conditions of the separation problem, and how its margin rises.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - flow: What was recorded.
  ///   - complementarityExponent: The predicted power of `log t`: -5/2 balanced, -1 otherwise.
  ///   - window: Where slopes are fitted, in `log t`.
  public static func conditions(
    name: String = "kkt", title: String = "The flow reaches a KKT direction",
    of flow: Trajectory<FlowTime>, complementarityExponent: Double = -2.5,
    window: ClosedRange<Double> = 40...640
  ) -> Figure {
    let largest = flow.records.last?.coordinate.reading.number
    var residuals = Panel(
      title: "Residuals", subtitle: "of the optimality conditions, scaled",
      x: .logTime(upTo: largest), y: Axis(scale: .logarithmic))
    for (quantity, name, ink, exponent) in [
      (.stationarity, "stationarity", .blue, -0.5),
      (.complementarity, "complementarity", .vermillion, complementarityExponent),
    ] as [(Quantity, String, Ink, Double)] {
      let points = flow.points(quantity).filter { ($0.x ?? 0) >= 1 }
      residuals.curves.append(Curve(points, Stroke(ink)))
      guard let law = PowerLaw([points], window: window) else { continue }
      residuals.curves.append(Curve(law.guide(exponent: exponent, lift: 6), .guide))
      residuals.notes.lines.append(
        Panel.Notes.Line(text: law.note(name, predicted: exponent), ink: ink))
    }
    let best = largestGamma(flow)
    var margins = Panel(
      title: "Normalised margins", subtitle: "in units of the largest possible one",
      x: .logTime(upTo: largest),
      y: .ratio(flow.points { share($0[.smoothedGamma].number, of: best) }))
    margins.curves = [
      .level(1, across: margins.x, .guide),
      Curve(flow.points { share($0[.gamma].number, of: best) }, Stroke(.green)),
      Curve(flow.points { share($0[.smoothedGamma].number, of: best) }, Stroke(.purple)),
    ]
    return FigureSheet(
      key: [
        KeyEntry("stationarity", Stroke(.blue)), KeyEntry("complementarity", Stroke(.vermillion)),
        KeyEntry("margin γ", Stroke(.green)), KeyEntry("smoothed margin", Stroke(.purple)),
        KeyEntry("predicted", .guide),
      ], panels: [residuals, margins]
    ).figure(
      name: name, title: title,
      caption: """
        Left: how far the direction of the flow is from satisfying the optimality conditions of \
        the separation problem (stationarity divided by the norm, complementarity by the sum of \
        the multipliers), with slopes fitted over log t from \
        \(FigureText.shortest(window.lowerBound)) to \(FigureText.shortest(window.upperBound)) and \
        guides of the predicted slope. Right: the normalised margin and its smoothed version, \
        which bounds it from below and never decreases once the loss is below log 2; the dashed \
        line is the largest margin there can be.
        """)
  }
}

/// `γ*`, as the last record tells it.
private func largestGamma(_ flow: Trajectory<FlowTime>) -> Double? {
  guard let gamma = flow.last[.gamma].number, let ratio = flow.last[.marginRatio].number, ratio != 0
  else { return nil }
  return gamma / ratio
}

private func share(_ value: Double?, of whole: Double?) -> Double? {
  guard let value, let whole else { return nil }
  return value / whole
}
