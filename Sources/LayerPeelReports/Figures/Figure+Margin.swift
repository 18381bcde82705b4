import Glibc
public import LayerPeel

extension Figure {
  /// How near flows come to the best margin, against `-log L`.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - flows: Flows, each in a colour of its own.
  ///   - window: Where the slope is fitted, in `-log L`.
  public static func margin(
    name: String = "margin", title: String = "The flow finds the global optimum",
    of flows: [LabelledTrajectory<FlowTime>], window: ClosedRange<Double> = 100...100_000
  ) -> Figure {
    let x = Axis(label: "−log L", scale: .logarithmic, range: 1...max(2, deepest(flows)) * 1.05)
    var ratio = Panel(
      title: "Margin ratio", subtitle: "normalised margin over the best possible one", x: x,
      y: .ratio(flows.flatMap { $0.trajectory.pointsAgainstLogLoss { $0[.marginRatio].number } }))
    var distance = Panel(
      title: "Distance from the optimum", subtitle: "certified gap over the primal value", x: x,
      y: Axis(scale: .logarithmic))
    ratio.curves.append(.level(1, across: x, .guide))
    for (index, flow) in flows.enumerated() {
      let stroke = Stroke(.series(index))
      ratio.curves.append(
        Curve(flow.trajectory.pointsAgainstLogLoss { $0[.marginRatio].number }, stroke))
      distance.curves.append(
        Curve(flow.trajectory.pointsAgainstLogLoss { relativeGap($0, .dual) }, stroke))
      distance.curves.append(
        Curve(
          flow.trajectory.pointsAgainstLogLoss { relativeGap($0, .trajectoryDual) },
          Stroke(.series(index), width: 1, dash: .dotted)))
    }
    let gaps = flows.map { $0.trajectory.pointsAgainstLogLoss { relativeGap($0, .dual) } }
    if let first = gaps.first, let law = PowerLaw([first], window: window) {
      distance.curves.append(Curve(law.guide(exponent: -1, lift: 2), .guide))
      distance.notes.lines = gaps.enumerated().compactMap { index, gap in
        PowerLaw([gap], window: window).map {
          Panel.Notes.Line(
            text: $0.note(flows[index].label, predicted: -1), ink: .series(index))
        }
      }
    }
    let key =
      flows.enumerated().map { KeyEntry($0.element.label, Stroke(.series($0.offset))) } + [
        KeyEntry("bound of the flow's own multipliers", Stroke(.black, width: 1, dash: .dotted)),
        KeyEntry("predicted", .guide),
      ]
    return FigureSheet(key: key, panels: [ratio, distance]).figure(
      name: name, title: title,
      caption: """
        Left: the normalised margin as a share of the largest possible one; 1 is the global \
        optimum of the separation problem, which for balanced classes is neural collapse. Right: \
        the proven distance from it, (primal − dual)/primal, with the bound in closed form (solid) \
        and with the one that the trajectory's own multipliers prove (dotted). It falls like \
        1/log t, so slope −1 is predicted; −log L = 10^6 is a loss of e^−1000000.
        """)
  }
}

private func deepest(_ flows: [LabelledTrajectory<FlowTime>]) -> Double {
  flows.flatMap { $0.trajectory.records.compactMap { $0.measurement[.logLoss].number } }
    .min().map { -$0 } ?? 10
}

private func relativeGap(_ m: Measurement, _ bound: Quantity) -> Double? {
  guard let primal = m[.primal].number, let dual = m[bound].number, primal > 0 else { return nil }
  return (primal - dual) / primal
}

extension Axis {
  /// Ratios up to 1, from a little below the least of those whose `x` is 1 or more.
  static func ratio(_ points: [CurvePoint]) -> Axis {
    let least = points.filter { ($0.x ?? 0) >= 1 }.compactMap(\.y).min() ?? 0
    return Axis(range: max(-0.5, min(0.9, floor(least * 10) / 10))...1.04)
  }
}
