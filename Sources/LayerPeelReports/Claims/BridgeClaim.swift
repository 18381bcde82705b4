import LayerPeel

extension Claim {
  /// From a network's own last layer, the model's flow goes on to the global optimum.
  public static func modelContinuesNetwork(
    _ flow: FlowRecord, network: NetworkRecord
  ) -> Claim {
    let start = flow.trajectory.records[0].measurement
    let ratios = (start[.balancedMarginRatio].number, flow.last(.marginRatio))
    let isSeparated = (flow.last(.leastMargin) ?? -1) > 0
    let verdict: Verdict =
      switch (ratios, flow.trajectory.termination) {
      case ((let before?, let after?), .marginRatio):
        isSeparated && after > before ? .held : .notHeld
      case (_, .evaluationLimit), (_, .interrupted), (_, .noiseFloor): .inconclusive
      default: .notHeld
      }
    return Claim(
      name: "model_continues_network",
      statement: """
        If a trained network's last layer were free to move from where training left it, it would \
        go on to the best margin there is.
        """,
      origin: .ours,
      criterion: """
        The flow started from the network's last layer over its whole training set separates it, \
        and its certified margin ratio passes 0.95, above the balanced margin ratio the network \
        itself had.
        """,
      verdict: verdict,
      measured: [
        Claim.Measured("network: balanced margin ratio", ratios.0),
        Claim.Measured("flow: margin ratio at the end", ratios.1),
        Claim.Measured("flow: log L at the end", flow.last(.logLoss)),
        Claim.Measured(
          "mean alignment of the features with the model",
          network.meanAlignment(.alignmentFeatures)),
        Claim.Measured(
          "mean alignment of the classifier with the model",
          network.meanAlignment(.alignmentClassifier)),
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

extension NetworkRecord {
  /// The mean over all probes after the first.
  func meanAlignment(_ quantity: Quantity) -> Double? {
    let values = trajectory.records.compactMap { $0.measurement[quantity].number }
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
