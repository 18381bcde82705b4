import LayerPeel
import LayerPeelNetworks

extension Evidence {
  /// The figures of each claim, by the claim's name; what was not run has none.
  public var figures: [String: [Figure]] {
    var figures: [String: [Figure]] = [:]
    if let first = gaussian.first {
      figures["flow_reaches_kkt_direction"] = [.conditions(of: first.trajectory)]
      let flows = gaussian.prefix(1) + [imbalanced].compactMap { $0 }
      figures["global_optimum_is_collapse"] = [
        .flowPanels(of: gaussian.map(\.trajectory)), .margin(of: flows.map(labelled)),
      ]
    }
    if let square, let perturbed {
      figures["flow_leaves_other_directions"] = [
        .escape(exact: labelled(square), disturbed: labelled(perturbed))
      ]
    }
    figures["other_critical_points_are_strict_saddles"] = landscapeFigures
    if !networks.isEmpty {
      let seeds = networks.map { LabelledTrajectory("no weight decay", $0.trajectory) }
      figures["networks_collapse"] =
        [
          .networkPanels(
            seeds: seeds, controls: controls.map(labelled), baseline: baseline,
            flows: gaussian.map(\.trajectory))
        ] + scenes.map { .simplexStrip(name: $0.key, of: $0.value) }
      figures["networks_move_otherwise"] = [
        .alignment(seeds: seeds, controls: controls.map(labelled))
      ]
    }
    if !narrow.isEmpty {
      figures["networks_collapse_resnet18"] = [
        .networkPanels(
          name: "resnet18-panels", title: "Collapse of a convolutional network's last layer",
          seeds: narrow.map { LabelledTrajectory("ResNet-18", $0.trajectory) },
          controls: networks.prefix(1).map { LabelledTrajectory("perceptron", $0.trajectory) })
      ]
    }
    if let bridge, let network = networks.first {
      figures["model_continues_network"] = [
        .bridge(
          network: LabelledTrajectory("no weight decay", network.trajectory),
          controls: controls.map(labelled),
          continuation: LabelledTrajectory("the model's flow from there", bridge.trajectory))
      ]
    }
    return figures
  }

  /// The simplex of the first network, by its figure's name; none if nothing was trained.
  public var scenes: [String: SimplexScene] {
    guard let network = networks.first, !network.snapshots.isEmpty else { return [:] }
    return ["simplex": SimplexScene(network.snapshots, of: network.trajectory)]
  }

  /// The largest landscape, the descent, and what points look like; what there is of them.
  private var landscapeFigures: [Figure] {
    let largest = landscapes.max { $0.points.count < $1.points.count }
    return [
      largest.map { .landscape(of: $0) },
      descent.map { .saddleEscape($0.trajectory, stops: $0.stops) },
      classVectors.isEmpty ? nil : .classVectors(of: classVectors),
    ].compactMap { $0 }
  }

  /// The tables of each claim, by the claim's name.
  public var tables: [String: [ReportTable]] {
    let zoo = landscapes.filter { $0.sizes.areBalanced && $0.dimension == $0.sizes.classes }
    return [
      "other_kkt_points_have_a_way_out": kktPoints.isEmpty
        ? [] : [.kktPoints(kktPoints + planePolygons)],
      "networks_move_otherwise": forecast.map { [.forecast($0)] } ?? [],
      "other_critical_points_are_strict_saddles": zoo.enumerated().map {
        .landscape($0.element, explains: $0.offset == 0)
      },
    ]
  }

  private func labelled(_ flow: FlowRecord) -> LabelledTrajectory<FlowTime> {
    LabelledTrajectory(flow.name, flow.trajectory)
  }
  private func labelled(_ network: NetworkRecord) -> LabelledTrajectory<Epoch> {
    LabelledTrajectory(network.name, network.trajectory)
  }
}
