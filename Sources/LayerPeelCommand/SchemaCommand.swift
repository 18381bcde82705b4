import ArgumentParser
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks

/// `layerpeel schema`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Every key of the output, and what it means.",
    discussion: """
      Keys are stable and snake_case; nested ones are dotted here. Every key of a point is always \
      there: a value that is infinite, undefined or not computable is null, and its key stands in \
      the point's "absent" with the reason. CSV has the same names, metrics bare.
      """)

  @Flag(help: "Print one JSON object on standard output.")
  var json = false

  func run() throws {
    try reportingErrors { try emit((json ? machineText : text) + "\n") }
  }

  private var machineText: String {
    jsonText(of: [
      "trajectory": KeySection.trajectory.keys,
      "flow": keys(of: FlowTime.self), "train": keys(of: Epoch.self),
      "train settings": KeySection.trainingSettings.keys, "data list": KeySection.dataList.keys,
      "data show": KeySection.dataShow.keys,
      "reproduce": KeySection.reproduction.keys + KeySection.claim.keys,
      "forecast": KeySection.forecast.keys + KeySection.forecastComparison.keys,
      "separate": KeySection.separation.keys, "certify": KeySection.judgement.keys,
      "landscape": KeySection.criticalPoint.keys, "landscape --follow": keys(of: Step.self),
    ])
  }

  private var text: String {
    [
      .trajectory, .flow, .training, .trainingSettings, .forecast, .forecastComparison, .descent,
      .separation, .judgement, .landscape, .criticalPoint, .dataList, .dataShow, .reproduction,
      .claim,
    ].map { (section: KeySection) in section.text }.joined(separator: "\n\n")
  }

  private func keys<Coordinate: TrajectoryCoordinate>(of: Coordinate.Type) -> [String] {
    [Coordinate.key] + Coordinate.quantities.map(\.rawValue) + ["absent"]
  }
}
