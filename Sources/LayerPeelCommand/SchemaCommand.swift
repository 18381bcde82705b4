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
      "flow": keys(of: FlowTime.self), "train": keys(of: Epoch.self),
      "landscape": ["name", "verdict", "count", "starts"]
        + LandscapeDocument.Key.allCases.map(\.rawValue),
      "landscape --follow": keys(of: Step.self),
    ])
  }

  private var text: String {
    let own = Epoch.quantities.filter { !FlowTime.quantities.contains($0) }
    return [
      "A trajectory (flow, train, landscape --follow):",
      tableLines([
        ("command", "what made it"), ("version", "of the program"), ("time", "ISO 8601"),
        ("settings", "everything that was asked for, with seed and versions"),
        ("termination", "why it stopped: margin_ratio, log_loss, log_time, epochs,"),
        ("", "settled, evaluation_limit, noise_floor, stationary, interrupted,"),
        ("", "diverged"),
        ("cost", "gradient_evaluations, hessian_products, steps, seconds"),
        ("events", "name, coordinate, log_loss, and the value that was marked;"),
        ("", "separated, loss_below_log2, margin_ratio, terminal_phase, saddle"),
        ("points", "the records, each with the keys below"),
      ]), "A point of a flow (log_time is null at time zero):",
      tableLines([("log_time", "log t, t the physical time")] + meanings(FlowTime.quantities)),
      "A point of a training, besides those above:",
      tableLines([("epoch", "passes over the training set; 0 is untrained")] + meanings(own)),
      "A step of landscape --follow, besides margins and metrics as above:",
      tableLines(
        [("step", "steps of the descent; 0 is the saddle")]
          + meanings([.gradientNorm, .multiplier])),
      "A landscape, besides command, version, time, settings and cost:",
      tableLines([
        ("start_count", "starts that were refined"),
        ("trivial_count", "those of them that met the continuum μ = 0"),
        ("not_converged", "the others: name, gradient_norm, termination"),
        ("no_radius", "constructions that no radius gives the weight decay as μ"),
        ("interrupted", "whether there were more starts"),
        ("escape", "null, or from, saddles, to, steps, log_loss, margin_ratio,"),
        ("", "termination"),
        ("points", "critical points, each with the keys below"),
      ]), "A critical point:",
      tableLines(
        [
          ("name", "of the first start that led there"),
          ("verdict", "global_minimum, strict_saddle, local_minimum, degenerate,"),
          ("", "not_critical"),
          ("starts", "the names of all starts that led there"), ("count", "their number"),
        ] + LandscapeDocument.Key.allCases.map { ($0.rawValue, $0.meaning) }),
    ].joined(separator: "\n\n")
  }

  private func keys<Coordinate: TrajectoryCoordinate>(of: Coordinate.Type) -> [String] {
    [Coordinate.key] + Coordinate.quantities.map(\.rawValue)
  }

  private func meanings(_ quantities: [Quantity]) -> [(String, String)] {
    quantities.map { ($0.rawValue, $0.meaning) }
  }

  private func tableLines(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { key, meaning in
      "  \(key)\(String(repeating: " ", count: width - key.count))  \(meaning)"
    }.joined(separator: "\n")
  }
}
