import LayerPeel

extension Claim {
  /// From a network's own last layer, the model's flow goes on to the global optimum.
  public static func modelContinuesNetwork(
    _ flow: FlowRecord?, network: NetworkRecord?
  ) -> Claim {
    return Claim(
      name: "model_continues_network",
      statement: """
        If a trained network's last layer were free to move from where training left it, it would \
        go on towards the best margin there is.
        """,
      origin: .ours,
      criterion: """
        The flow started from the network's last layer over its whole training set separates it, \
        and its certified margin ratio passes 0.95, above the balanced margin ratio the network \
        itself had.
        """,
      verdict: flow.map(bridgeVerdict) ?? .notRun,
      measured: [
        Claim.Measured("network: balanced margin ratio", flow?.first(.balancedMarginRatio)),
        Claim.Measured("flow: margin ratio at the end", flow?.last(.marginRatio)),
        Claim.Measured("flow: log L at the end", flow?.last(.logLoss)),
        Claim.Measured(
          "mean alignment of the features with the model",
          network?.meanAlignment(.alignmentFeatures)),
        Claim.Measured(
          "mean alignment of the classifier with the model",
          network?.meanAlignment(.alignmentClassifier)),
      ],
      remarks: [
        """
        The alignment is measured, not judged: it is the cosine between how the features really \
        moved from probe to probe and how free features would have moved. Where it is far below 1 \
        the network reaches similar ends by other ways.
        """
      ])
  }
}

/// Whether the flow separated, and passed both its target and what the network had.
private func bridgeVerdict(_ flow: FlowRecord) -> Verdict {
  switch flow.trajectory.termination {
  case .evaluationLimit, .interrupted, .noiseFloor: return .inconclusive
  case .marginRatio:
    guard let before = flow.first(.balancedMarginRatio), let after = flow.last(.marginRatio),
      let margin = flow.last(.leastMargin)
    else { return .inconclusive }
    return margin > 0 && after > before ? .held : .notHeld
  default: return .notHeld
  }
}

extension NetworkRecord {
  /// The mean over all probes after the first.
  func meanAlignment(_ quantity: Quantity) -> Double? {
    let values = trajectory.records.compactMap { $0.measurement[quantity].number }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
