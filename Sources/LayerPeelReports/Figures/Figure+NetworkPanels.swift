public import LayerPeel

extension Figure {
  /// The paper's four panels for trained networks, against epochs.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - seeds: Runs that differ in their seed alone: thin lines of one colour.
  ///   - controls: Runs that differ in what their label says, each in a colour of its own.
  ///   - baseline: Metrics of random features and a random classifier, if known.
  public static func networkPanels<Coordinate>(
    name: String = "network-panels", title: String = "Collapse of a network's last layer",
    seeds: [LabelledTrajectory<Coordinate>], controls: [LabelledTrajectory<Coordinate>] = [],
    baseline: Measurement? = nil
  ) -> Figure {
    let panels = NetworkPanels(seeds: seeds, controls: controls, baseline: baseline)
    let others = controls.isEmpty ? "" : "; controls in other colours"
    let dotted =
      baseline == nil ? "" : " The dotted line is what random features and classifiers score."
    return FigureSheet(key: panels.key, panels: panels.all).figure(
      name: name, title: title,
      caption: """
        Last-layer metrics over the whole training set in evaluation mode, against epochs (0 is \
        the untrained network). One line a seed\(others). A dot marks the first epoch with zero \
        training error; the shaded part is where all seeds are past it, the terminal phase. \
        Collapse is a fall towards 0 on every panel.\(dotted)
        """)
  }
}

/// The panels of trained networks.
private struct NetworkPanels<Coordinate: TrajectoryCoordinate> {
  let seeds: [LabelledTrajectory<Coordinate>]
  let controls: [LabelledTrajectory<Coordinate>]
  let baseline: Measurement?

  var key: [KeyEntry] {
    let label = seeds.first?.label ?? ""
    let runs =
      [KeyEntry(seeds.count > 1 ? "\(label), \(seeds.count) seeds" : label, Stroke(.blue))]
      + controls.enumerated().map {
        KeyEntry($0.element.label, Stroke(.control($0.offset)))
      }
    return runs + [KeyEntry("classifier", Stroke(.blue, width: 1.1, dash: .dashed))]
      + (baseline == nil ? [] : [KeyEntry("random", .baseline)])
      + (commonTerminalPhase == nil ? [] : [.shade("terminal phase")])
  }

  var all: [Panel] {
    [
      panel(
        "Norm variation", "standard deviation over mean of the norms", .nc2MeansNorm,
        classifier: .nc2WeightsNormCentered),
      panel("Within-class variation", "nc1_trace, tr(Σ_W Σ_B⁺)/K", .nc1Trace),
      panel(
        "Pairwise cosines", "mean distance from −1/(K − 1)", .nc2MeansAngle,
        classifier: .nc2WeightsAngleCentered),
      panel(
        "Self-duality", "distance of centred classifier and means, each of norm 1",
        .nc3DualityCentered),
    ]
  }

  private func panel(
    _ title: String, _ subtitle: String, _ quantity: Quantity, classifier: Quantity? = nil
  ) -> Panel {
    var panel = Panel(
      title: title, subtitle: subtitle, x: .epochs, y: Axis(scale: .logarithmic))
    if let start = commonTerminalPhase {
      panel.shadedFrom = [start]
    }
    for (index, control) in controls.enumerated() {
      panel.curves += curves(control.trajectory, quantity, Stroke(.control(index), width: 1.4))
    }
    for seed in seeds {
      panel.curves += curves(seed.trajectory, quantity, Stroke(.blue, width: 1.2))
      if let classifier {
        panel.curves.append(
          Curve(
            seed.trajectory.points(classifier), Stroke(.blue, width: 1.1, dash: .dashed)))
      }
    }
    if let value = baseline?[quantity].number {
      panel.curves.append(Curve(level(value, along: seeds + controls), .baseline))
    }
    return panel
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
  private var commonTerminalPhase: Double? {
    let starts = seeds.map { $0.trajectory.coordinate(of: .terminalPhase) }
    guard !starts.contains(nil) else { return nil }
    return starts.compactMap { $0 }.max()
  }
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
