import Glibc
public import LayerPeel

extension Figure {
  /// The paper's four panels for trained networks, against epochs, and for the model beside them.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - seeds: Runs that differ in their seed alone: thin lines of one colour.
  ///   - controls: Runs that differ in what their label says, each in a colour of its own.
  ///   - baseline: Metrics of random features and a random classifier, if known.
  ///   - flows: The model's own flows, to the right of each panel on the same vertical axis; none
  ///     leaves the networks' panels alone.
  public static func networkPanels<Coordinate>(
    name: String = "network-panels", title: String = "Collapse of a network's last layer",
    seeds: [LabelledTrajectory<Coordinate>], controls: [LabelledTrajectory<Coordinate>] = [],
    baseline: Measurement? = nil, flows: [Trajectory<FlowTime>] = []
  ) -> Figure {
    let panels = NetworkPanels(
      seeds: seeds, controls: controls, baseline: baseline, flows: flows)
    return FigureSheet(
      key: panels.key, panels: panels.all, plotHeight: flows.isEmpty ? 185 : 150
    ).figure(name: name, title: title, caption: panels.caption)
  }
}

/// The panels of trained networks, and of the model.
private struct NetworkPanels<Coordinate: TrajectoryCoordinate> {
  let seeds: [LabelledTrajectory<Coordinate>]
  let controls: [LabelledTrajectory<Coordinate>]
  let baseline: Measurement?
  let flows: [Trajectory<FlowTime>]

  var key: [KeyEntry] {
    let label = seeds.first?.label ?? ""
    let runs =
      [KeyEntry(seeds.count > 1 ? "\(label), \(seeds.count) seeds" : label, Stroke(.blue))]
      + controls.enumerated().map {
        KeyEntry($0.element.label, Stroke(.control($0.offset)))
      }
    let model = flows.isEmpty ? [] : [KeyEntry("the model's flow", Stroke(.black))]
    return runs + model
      + [KeyEntry("classifier, or nc1_within", Stroke(.blue, width: 1.1, dash: .dashed))]
      + (baseline == nil ? [] : [KeyEntry("random", .baseline)])
      + (commonTerminalPhase == nil ? [] : [.shade("terminal phase")])
  }

  var caption: String {
    let phase =
      switch (commonTerminalPhase, seeds.count) {
      case (nil, 0): ""
      case (nil, 1): " The run does not reach it."
      case (nil, _): " Not every seed reaches it, so that no terminal phase is shaded."
      case (_, 1): " The shaded part is past it, the terminal phase."
      default: " The shaded part is where all seeds are past it, the terminal phase."
      }
    return """
      \(flows.isEmpty ? "Last-layer" : "Left: last-layer") metrics over the whole training set in \
      evaluation mode, against epochs (0 is the untrained network).\
      \(seeds.count > 1 ? " One line a seed." : "")\
      \(controls.isEmpty ? "" : " Other runs are in other colours.") A dot marks the first epoch with \
      zero training error.\(phase) Solid is of the features, dashed of the classifier, centred; \
      within classes solid is nc1_trace and dashed nc1_within. Collapse is a fall towards 0 on \
      every panel.\(baseline == nil ? "" : " The dotted line is what random features and classifiers score.")\
      \(modelCaption)
      """
  }

  private var modelCaption: String {
    guard !flows.isEmpty else { return "" }
    let starts = flows.count == 1 ? "one start" : "\(flows.count) starts"
    return """
       Right: the same measures along the model's gradient flow from \(starts), against log log t, \
      on the same vertical axes: 6 is t = e^403. Where the model falls further than 30 times below \
      the networks it leaves its panel.
      """
  }

  var all: [Panel] {
    measures.flatMap { measure in
      var network = networkPanel(measure)
      guard !flows.isEmpty else { return [network] }
      var model = modelPanel(measure)
      network.title += ", networks"
      model.title += ", model"
      let range = commonRange(network, model)
      network.y.range = range
      model.y.range = range
      return [network, model]
    }
  }

  /// What a row of panels shows.
  private struct Measure {
    let title: String
    let subtitle: String
    let solid: Quantity
    var dashed: Quantity?
    /// Whether the model's solid curve falls so fast that it may leave the panel.
    var leaves = false
  }

  private let measures = [
    Measure(
      title: "Norm variation", subtitle: "standard deviation over mean of the norms",
      solid: .nc2MeansNorm, dashed: .nc2WeightsNormCentered),
    Measure(
      title: "Within-class variation", subtitle: "nc1_trace, tr(Σ_W Σ_B⁺)/K; nc1_within",
      solid: .nc1Trace, dashed: .nc1Within, leaves: true),
    Measure(
      title: "Pairwise cosines", subtitle: "mean distance from −1/(K − 1)", solid: .nc2MeansAngle,
      dashed: .nc2WeightsAngleCentered),
    Measure(
      title: "Self-duality", subtitle: "distance of centred classifier and means, each of norm 1",
      solid: .nc3DualityCentered),
  ]

  private func networkPanel(_ measure: Measure) -> Panel {
    var panel = Panel(
      title: measure.title, subtitle: measure.subtitle, x: .epochs, y: Axis(scale: .logarithmic))
    if let start = commonTerminalPhase { panel.shadedFrom = [start] }
    for (index, control) in controls.enumerated() {
      panel.curves += curves(control.trajectory, measure.solid, Stroke(.control(index), width: 1.4))
    }
    for seed in seeds {
      panel.curves += curves(seed.trajectory, measure.solid, Stroke(.blue, width: 1.2))
      if let dashed = measure.dashed {
        panel.curves.append(
          Curve(seed.trajectory.points(dashed), Stroke(.blue, width: 1.1, dash: .dashed)))
      }
    }
    if let value = baseline?[measure.solid].number {
      panel.curves.append(Curve(level(value, along: seeds + controls), .baseline))
    }
    return panel
  }

  private func modelPanel(_ measure: Measure) -> Panel {
    var panel = Panel(
      title: measure.title, subtitle: measure.subtitle, x: .logLogTime(of: flows),
      y: Axis(scale: .logarithmic))
    for flow in flows {
      panel.curves.append(
        Curve(points(measure.solid, of: flow), Stroke(.black), setsRange: !measure.leaves))
      if let dashed = measure.dashed {
        panel.curves.append(
          Curve(points(dashed, of: flow), Stroke(.black, width: 1.1, dash: .dashed)))
      }
    }
    return panel
  }

  /// What an axis from `log t = 1` on can show.
  private func points(_ quantity: Quantity, of flow: Trajectory<FlowTime>) -> [CurvePoint] {
    flow.points(quantity).filter { ($0.x ?? 0) >= 1 }
  }

  /// A range of logarithmic axes that holds all of the networks' panel, and of the model's what is no
  /// more than 30 times lower: it falls for ever, and would press the networks' curves flat.
  private func commonRange(_ network: Panel, _ model: Panel) -> ClosedRange<Double>? {
    let values = { (panel: Panel) in
      panel.rangingPoints.filter { $0.x != nil }.compactMap(\.y).filter { $0 > 0 }
    }
    let all = values(network) + values(model)
    guard let least = all.min(), let largest = all.max() else { return nil }
    let floor = values(network).min().map { max(least, $0 / 30) } ?? least
    return floor / 1.3...largest * 1.3
  }

  /// The curve of a run, and a dot where its terminal phase begins.
  private func curves(
    _ run: Trajectory<Coordinate>, _ quantity: Quantity, _ stroke: Stroke
  ) -> [Curve] {
    let points = run.points(quantity)
    let start = run.coordinate(of: .terminalPhase)
    let dot = points.filter { $0.x != nil && $0.x == start }
    return [Curve(points, stroke)] + (dot.isEmpty ? [] : [Curve(dot, stroke)])
  }

  /// The epoch from which on every seed is past zero training error, if each gets there.
  private var commonTerminalPhase: Double? { terminalPhase(ofAll: seeds) }
}

/// The coordinate from which on every run is past zero training error, if each gets there.
func terminalPhase<Coordinate>(ofAll runs: [LabelledTrajectory<Coordinate>]) -> Double? {
  let starts = runs.map { $0.trajectory.coordinate(of: .terminalPhase) }
  guard !starts.contains(nil) else { return nil }
  return starts.compactMap { $0 }.max()
}

extension Axis {
  /// Epochs, with a place for 0.
  static let epochs = Axis(label: "epoch", scale: .shiftedLogarithmic)
}

extension Ink {
  /// The ink of the control or flow of this number.
  static func control(_ index: Int) -> Ink {
    let inks: [Ink] = [.vermillion, .green, .purple, .amber, .black]
    return inks[index % inks.count]
  }

  /// The ink of the series of this number.
  static func series(_ index: Int) -> Ink { index == 0 ? .blue : control(index - 1) }
}
