import LayerPeel

extension Figure {
  /// Whether last layers move as the layer-peeled model says, between one probe and the next.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - seeds: Runs that differ in their seed alone: lines of one colour; the band is of the first.
  ///   - controls: Runs that differ in what their label says, each in a colour of its own.
  public static func alignment<Coordinate>(
    name: String = "alignment", title: String = "The last layer's motion beside the model's",
    seeds: [LabelledTrajectory<Coordinate>], controls: [LabelledTrajectory<Coordinate>] = []
  ) -> Figure {
    let panels = AlignmentPanels(seeds: seeds, controls: controls)
    return FigureSheet(key: panels.key, panels: panels.all, plotHeight: 165).figure(
      name: name, title: title, caption: panels.caption)
  }
}

/// The panels of the surrogate's alignment.
private struct AlignmentPanels<Coordinate: TrajectoryCoordinate> {
  let seeds: [LabelledTrajectory<Coordinate>]
  let controls: [LabelledTrajectory<Coordinate>]

  var key: [KeyEntry] {
    let label = seeds.first?.label ?? ""
    return [
      KeyEntry(
        seeds.count > 1 ? "\(label), \(seeds.count) seeds" : label, Stroke(.blue),
        hasMarkers: true)
    ]
      + controls.enumerated().map {
        KeyEntry($0.element.label, Stroke(.control($0.offset)), hasMarkers: true)
      }
      + [KeyEntry("perfect, or none", .guide)]
      + (terminalPhase(ofAll: seeds) == nil ? [] : [.shade("terminal phase")])
  }

  var caption: String {
    let band =
      perClassBand.isEmpty
      ? ""
      : " The pale band spans the classes\(seeds.count > 1 ? " of the first run" : ""), each judged "
        + "by itself."
    return """
      How the last layer really moved since the probe before, beside the step that the model of \
      free features would make from there, −GᵀW for the features and −GH for the classifier: the \
      cosine of the two (1 is perfect agreement, 0 none), its square, which is the share of the \
      features' motion that the model explains, and the share of that motion which whole classes \
      make together, along their means. A point stands at the later of its two probes.\(band) Probes \
      lie further and further apart, and a network's path bends between them.
      """
  }

  var all: [Panel] {
    var features = panel(
      "Features", "cosine of their motion with the model's", .alignmentFeatures, isCosine: true)
    features.bands = perClassBand
    if !perClassBand.isEmpty { features.y = cosines(features) }
    return [
      features,
      panel(
        "Classifier", "cosine of its motion with the model's", .alignmentClassifier,
        isCosine: true),
      panel("Explained share", "square of the features' cosine", .alignmentExplained),
      panel(
        "Class-mean part", "share of the features' motion along class means",
        .alignmentClassMeanPart),
    ]
  }

  private func panel(
    _ title: String, _ subtitle: String, _ quantity: Quantity, isCosine: Bool = false
  ) -> Panel {
    var panel = Panel(
      title: title, subtitle: subtitle, x: .epochs, y: Axis(range: -0.03...1.05))
    if let start = terminalPhase(ofAll: seeds) { panel.shadedFrom = [start] }
    let runs = seeds + controls
    for value in [0.0, 1] {
      panel.curves.append(Curve(level(value, along: runs), .guide, setsRange: false))
    }
    for (index, control) in controls.enumerated() {
      panel.curves.append(
        Curve(
          control.trajectory.points(quantity), Stroke(.control(index), width: 1.4),
          hasMarkers: true))
    }
    for seed in seeds {
      panel.curves.append(
        Curve(seed.trajectory.points(quantity), Stroke(.blue, width: 1.2), hasMarkers: true))
    }
    if isCosine { panel.y = cosines(panel) }
    return panel
  }

  /// From a little below the least cosine, or 0, to a little above 1.
  private func cosines(_ panel: Panel) -> Axis {
    let least = panel.rangingPoints.compactMap(\.y).min() ?? 0
    return Axis(range: min(least, 0) - 0.05...1.05)
  }

  /// From the least to the largest cosine of the first run's classes.
  private var perClassBand: [Panel.Band] {
    guard let run = seeds.first?.trajectory else { return [] }
    let spans = run.records.compactMap { record -> Panel.Band.Span? in
      guard let x = record.coordinate.reading.number,
        case .list(let cosines) = record.measurement[.alignmentPerClass],
        let low = cosines.min(), let high = cosines.max()
      else { return nil }
      return Panel.Band.Span(x: x, low: low, high: high)
    }
    return spans.count > 1 ? [Panel.Band(spans: spans, ink: .blue)] : []
  }
}
