public import LayerPeel

extension Figure {
  /// Where the model says that a network's last layer goes.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - network: A run of training.
  ///   - controls: Runs of training to compare with.
  ///   - continuation: The flow from the network's last layer.
  public static func bridge<Coordinate>(
    name: String = "bridge", title: String = "From a network to the model",
    network: LabelledTrajectory<Coordinate>, controls: [LabelledTrajectory<Coordinate>] = [],
    continuation: LabelledTrajectory<FlowTime>?
  ) -> Figure {
    var key = ([network] + controls).enumerated().map {
      KeyEntry($0.element.label, Stroke(.series($0.offset)), hasMarkers: true)
    }
    if let continuation { key.append(KeyEntry(continuation.label, Stroke(.black))) }
    return FigureSheet(
      key: key, panels: [ratioPanel([network] + controls, continuation: continuation)]
    ).figure(
      name: name, title: title,
      caption: """
        The margin of the logits as a share of the best possible one, at the network's probes (dots) \
        and along the flow continued from its last layer (black), against −log L of the summed \
        loss; values below the axis are cut off.
        """)
  }
}

private func ratioPanel<Coordinate>(
  _ runs: [LabelledTrajectory<Coordinate>], continuation: LabelledTrajectory<FlowTime>?
) -> Panel {
  let ratios = runs.map { run in
    run.trajectory.pointsAgainstLogLoss { $0[.balancedMarginRatio].number }
  }
  let flow = continuation?.trajectory.pointsAgainstLogLoss { $0[.balancedMarginRatio].number } ?? []
  let places = (ratios + [flow]).flatMap { $0 }.filter { $0.y != nil }.compactMap(\.x)
  let ends = [places.min(), places.max()]
  let least = (ratios + [flow]).flatMap { $0 }.compactMap(\.y).min() ?? 0
  var panel = Panel(
    title: "Balanced margin ratio", subtitle: "margin of the logits over the best possible one",
    x: Axis(label: "−log L", scale: .symmetric),
    y: Axis(range: max(-0.6, min(0, least)) - 0.03...1.06))
  panel.curves.append(Curve(ends.map { CurvePoint(x: $0, y: 1) }, .guide))
  panel.curves.append(
    Curve(ends.map { CurvePoint(x: $0, y: 0) }, Stroke(.grey, width: 0.8)))
  panel.curves.append(Curve(flow, Stroke(.black)))
  for (index, ratio) in ratios.enumerated() {
    panel.curves.append(Curve(ratio, Stroke(.series(index)), hasMarkers: true))
  }
  return panel
}

/// A level line over the coordinates of some runs.
func level<Coordinate>(
  _ value: Double, along runs: [LabelledTrajectory<Coordinate>]
) -> [CurvePoint] {
  let places = runs.flatMap { run in
    run.trajectory.records.compactMap { $0.coordinate.reading.number }
  }
  return [places.min(), places.max()].map { CurvePoint(x: $0, y: value) }
}
