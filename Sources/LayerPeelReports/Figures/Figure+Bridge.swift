public import LayerPeel

extension Figure {
  /// Whether a network's last layer moves as the model says, and where the model says it goes.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - network: A run of training.
  ///   - controls: Runs of training to compare with.
  ///   - continuation: The flow from the network's last layer.
  ///   - ceiling: The largest ratio that non-negative features can have.
  public static func bridge<Coordinate>(
    name: String = "bridge", title: String = "From a network to the model",
    network: LabelledTrajectory<Coordinate>, controls: [LabelledTrajectory<Coordinate>] = [],
    continuation: LabelledTrajectory<FlowTime>?, ceiling: Double?
  ) -> Figure {
    let panels = [
      alignmentPanel([network] + controls),
      ratioPanel([network] + controls, continuation: continuation, ceiling: ceiling),
    ]
    var key = ([network] + controls).enumerated().map {
      KeyEntry($0.element.label, Stroke(.series($0.offset)), hasMarkers: true)
    }
    key.append(
      KeyEntry("\(network.label), classifier", Stroke(.blue, width: 1.1, dash: .dashed)))
    if let continuation { key.append(KeyEntry(continuation.label, Stroke(.black))) }
    return FigureSheet(key: key, panels: panels).figure(
      name: name, title: title,
      caption: """
        Left: the cosine between how the network's last-layer features (solid) and classifier \
        (dashed) really moved since the probe before, and how the model says they would: 1 is \
        perfect agreement, 0 none. Right: the margin of the logits as a share of the best possible \
        one, at the network's probes (dots) and along the flow continued from its last layer \
        (black), against −log L of the summed loss; values below the axis are cut off. Features after a ReLU cannot be negative, which \
        puts a ceiling below 1 on the network; the flow knows no such limit.
        """)
  }
}

private func alignmentPanel<Coordinate>(_ runs: [LabelledTrajectory<Coordinate>]) -> Panel {
  var panel = Panel(
    title: "Surrogate alignment", subtitle: "cosine of the actual and the model's motion",
    x: .epochs, y: Axis())
  panel.curves = [Curve(level(0, along: runs), Stroke(.grey, width: 0.8))]
  for (index, run) in runs.enumerated() {
    panel.curves.append(
      Curve(
        run.trajectory.points(.alignmentFeatures), Stroke(.series(index)), hasMarkers: true))
  }
  if let network = runs.first {
    panel.curves.append(
      Curve(
        network.trajectory.points(.alignmentClassifier),
        Stroke(.blue, width: 1.1, dash: .dashed)))
  }
  return panel
}

private func ratioPanel<Coordinate>(
  _ runs: [LabelledTrajectory<Coordinate>], continuation: LabelledTrajectory<FlowTime>?,
  ceiling: Double?
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
  for value in [1, ceiling].compactMap({ $0 }) {
    panel.curves.append(Curve(ends.map { CurvePoint(x: $0, y: value) }, .guide))
  }
  panel.curves.append(
    Curve(ends.map { CurvePoint(x: $0, y: 0) }, Stroke(.grey, width: 0.8)))
  if let ceiling, let left = ends[0] {
    panel.callouts.append(
      Panel.Callout(
        text: "ceiling after a ReLU, \(FigureText.decimal(ceiling, digits: 3))",
        x: left, y: ceiling, side: .right, lift: -9))
  }
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
