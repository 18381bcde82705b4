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
    if !networks.isEmpty {
      figures["networks_collapse"] = [
        .networkPanels(
          seeds: networks.map { LabelledTrajectory("no weight decay", $0.trajectory) },
          controls: controls.map(labelled), baseline: baseline)
      ]
    }
    if let bridge, let network = networks.first {
      figures["model_continues_network"] = [
        .bridge(
          network: LabelledTrajectory("no weight decay", network.trajectory),
          controls: controls.map(labelled),
          continuation: LabelledTrajectory("the model's flow from there", bridge.trajectory),
          ceiling: SeparationProblem(sizes: bridge.sizes).ceilingOfNonnegativeFeatures)
      ]
    }
    return figures
  }

  private func labelled(_ flow: FlowRecord) -> LabelledTrajectory<FlowTime> {
    LabelledTrajectory(flow.name, flow.trajectory)
  }
  private func labelled(_ network: NetworkRecord) -> LabelledTrajectory<Epoch> {
    LabelledTrajectory(network.name, network.trajectory)
  }
}
