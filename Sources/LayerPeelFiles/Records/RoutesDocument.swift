public import LayerPeel

/// What leads where in a landscape, as it is written: a descent from each saddle of a survey.
public struct RoutesDocument: Hashable, Sendable {
  private let routes: [JSONValue]

  /// What to write of the routes that were followed; points without a way down have none.
  public init(_ routes: [Route]) {
    self.routes = routes.compactMap(JSONValue.init(escapeOf:))
  }

  /// The whole document as JSON on one line, its end included.
  public var json: String { jsonText(of: ["routes": JSONValue.array(routes)]) + "\n" }
}

extension JSONValue {
  /// Where an escape led, with the reasons of what is not known in `absent`; nil without an escape.
  init?(escapeOf route: Route) {
    guard let trajectory = route.escape?.trajectory else { return nil }
    let (logLoss, ratio) = (trajectory.last[.logLoss], trajectory.last[.marginRatio])
    var absent: [String: JSONValue] = [:]
    absent["log_loss"] = logLoss.reason.map(JSONValue.string)
    absent["margin_ratio"] = ratio.reason.map(JSONValue.string)
    if route.destination == nil {
      absent["to"] = .string(
        trajectory.termination == .settled
          ? "the survey does not have the point where it settled" : "it did not settle")
    }
    if route.saddles.contains(nil) {
      absent["saddles"] = .string("a saddle on the way that the survey does not have is null")
    }
    self = .object([
      "from": .string(route.start.name),
      "saddles": .array(route.saddles.map { $0.map(JSONValue.string) ?? .null }),
      "to": route.destination.map(JSONValue.string) ?? .null,
      "log_loss": JSONValue(logLoss.number), "margin_ratio": JSONValue(ratio.number),
      "steps": .integer(trajectory.cost.steps),
      "termination": .string(trajectory.termination.rawValue), "absent": .object(absent),
    ])
  }
}
