import LayerPeel
public import LayerPeelNetworks

extension ReportTable {
  /// A network's later epochs beside the model's flow from an earlier one.
  public static func forecast(
    _ outcome: Forecast.Outcome, network: String = "The first network"
  ) -> ReportTable {
    ReportTable(
      caption: """
        \(network) after epoch \(outcome.epoch), beside the model's flow from its last layer \
        then, at the same loss: how far its normalised Gram matrices are from where they were when \
        the flow started (start), and from where the flow has taken them (flow). The flow forecasts \
        better than no change at all where the second is the smaller. A dash: there is no such number, \
        as where the network's loss was above the flow's first.
        """,
      columns: [
        "epoch", "log L", "means: start", "flow", "classifier: start", "flow", "product: start",
        "flow",
      ],
      rows: outcome.comparisons.map { later in
        ["\(later.epoch)", digits(later.logLoss, 2)]
          + zip(later.toStart.geometry, later.toSameLoss.geometry).flatMap { start, flow in
            [digits(start.reading.number, 3), digits(flow.reading.number, 3)]
          }
      })
  }

  private static func digits(_ value: Double?, _ digits: Int) -> String {
    value.map { FigureText.decimal($0, digits: digits) } ?? "–"
  }
}
