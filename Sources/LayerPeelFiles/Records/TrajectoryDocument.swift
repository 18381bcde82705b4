public import LayerPeel

/// A trajectory as it is written: what was asked for, what came of it, and how long it took.
///
/// Its keys are an interface (`layerpeel schema` prints them). Every key of every point stands
/// there; a value that is absent is `null`, or an empty cell, and its reason stands in `absent`.
public struct TrajectoryDocument: Hashable, Sendable {
  /// What the name of a file that holds a trajectory may end in.
  public static let formats = ["json", "csv"]

  /// Everything but events and points, under its keys.
  let header: [String: JSONValue]
  let events: [JSONValue]
  let table: TrajectoryTable

  /// What to write of `trajectory`.
  ///
  /// - Parameters:
  ///   - trajectory: What was recorded.
  ///   - command: What made it, such as `flow`.
  ///   - version: Of the program that did.
  ///   - time: When, in ISO 8601.
  ///   - seconds: How long it took.
  ///   - timings: What else the clock said, under keys of `cost`.
  ///   - settings: Values that encode themselves as objects, merged into one; the last one that
  ///     has a key wins. An infinity or NaN among them becomes a string.
  ///   - sections: What else the document holds, under keys of its own.
  public init<Coordinate>(
    _ trajectory: Trajectory<Coordinate>, command: String, version: String, time: String,
    seconds: Double, timings: [String: Double] = [:], settings: [any Encodable],
    sections: [String: any Encodable] = [:]
  ) {
    let own: [String: JSONValue] = [
      "command": .string(command), "version": .string(version), "time": .string(time),
      "settings": TrajectoryDocument.merged(settings),
      "termination": .string(trajectory.termination.rawValue),
      "cost": TrajectoryDocument.value(
        of: trajectory.cost, timings: timings.merging(["seconds": seconds]) { $1 }),
    ]
    header = own.merging(sections.mapValues { JSONValue(encoding: $0) }) { own, _ in own }
    events = trajectory.events.map(TrajectoryDocument.value)
    table = TrajectoryTable(trajectory)
  }
}

extension TrajectoryDocument {
  /// The whole document as JSON on one line, its end included.
  ///
  /// Equal documents give equal text.
  public var json: String {
    var members = header
    members["events"] = .array(events)
    members["points"] = .array(table.rows.indices.map(table.object))
    return jsonText(of: JSONValue.object(members)) + "\n"
  }

  /// Writes it as the file's name says, as a whole or not at all.
  ///
  /// - Precondition: The file's format is one of ``formats``.
  public func write(to file: OutputFile) throws(FileError) {
    precondition(TrajectoryDocument.formats.contains(file.format), "\(file.format): no format")
    try file.write(file.format == "csv" ? csv : json)
  }
}

// MARK: - Parts

extension TrajectoryDocument {
  private static func merged(_ settings: [any Encodable]) -> JSONValue {
    var merged: [String: JSONValue] = [:]
    for part in settings {
      guard case .object(let members) = JSONValue(encoding: part) else {
        preconditionFailure("settings that are no object: \(part)")
      }
      merged.merge(members) { $1 }
    }
    return .object(merged)
  }

  private static func value(of cost: Cost, timings: [String: Double]) -> JSONValue {
    var members: [String: JSONValue] = [
      "gradient_evaluations": .integer(cost.gradientEvaluations),
      "hessian_products": .integer(cost.hessianProducts),
      "steps": .integer(cost.steps),
    ]
    for (key, value) in timings { members[key] = JSONValue(value) }
    return .object(members)
  }

  /// The events of a trajectory, as they stand under `events`.
  package static func events<Coordinate>(of trajectory: Trajectory<Coordinate>) -> some Encodable {
    trajectory.events.map { value(of: $0) }
  }

  private static func value<Coordinate>(of event: Trajectory<Coordinate>.Event) -> JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(event.name.rawValue),
      Coordinate.key: JSONValue(event.coordinate.reading.number),
      "log_loss": JSONValue(event.logLoss),
    ]
    if let value = event.value { members["value"] = JSONValue(value) }
    return .object(members)
  }
}
