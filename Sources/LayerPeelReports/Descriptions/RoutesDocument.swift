public import LayerPeel
import LayerPeelFiles

/// What leads where in a landscape, as it is written: a descent from each saddle of a survey.
public struct RoutesDocument: Encodable, Sendable {
  private let routes: [Entry]

  /// What to write of the routes that were followed; points without a way down have none.
  public init(_ routes: [Route]) {
    self.routes = routes.compactMap(Entry.init)
  }

  /// The whole document as JSON on one line, its end included.
  public var json: String { jsonText(of: self) + "\n" }

  private struct Entry: Encodable {
    let from: String
    let saddles: [String?]
    let to: String?
    let steps: Int
    let logLoss: Double?
    let marginRatio: Double?
    let termination: String

    init?(_ route: Route) {
      guard let trajectory = route.escape?.trajectory else { return nil }
      from = route.start.name
      saddles = route.saddles
      to = route.destination
      steps = trajectory.cost.steps
      logLoss = trajectory.last[.logLoss].number
      marginRatio = trajectory.last[.marginRatio].number
      termination = trajectory.termination.rawValue
    }

    enum CodingKeys: String, CodingKey {
      case from, saddles, to, steps
      case logLoss = "log_loss"
      case marginRatio = "margin_ratio"
      case termination
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(from, forKey: .from)
      try container.encode(saddles, forKey: .saddles)
      try container.encode(to, forKey: .to)
      try container.encode(steps, forKey: .steps)
      try container.encode(logLoss, forKey: .logLoss)
      try container.encode(marginRatio, forKey: .marginRatio)
      try container.encode(termination, forKey: .termination)
    }
  }
}
