import LayerPeel

/// The points of a trajectory: one row a point, one column a key, the coordinate first.
struct TrajectoryTable: Hashable, Sendable {
  /// Dotted keys.
  let keys: [String]
  /// As many readings a row as there are keys; those that are there are finite.
  let rows: [[Reading]]

  init<Coordinate>(_ trajectory: Trajectory<Coordinate>) {
    keys = [Coordinate.key] + Coordinate.quantities.map(\.rawValue)
    rows = trajectory.records.map { record in
      [TrajectoryTable.checked(record.coordinate.reading)]
        + Coordinate.quantities.map { TrajectoryTable.checked(record.measurement[$0]) }
    }
  }

  private static func checked(_ reading: Reading) -> Reading {
    switch reading {
    case .value(let number) where !number.isFinite: .absent(because: "came out as \(number)")
    case .list(let numbers) where !numbers.allSatisfy(\.isFinite):
      .absent(because: "came out as \(numbers)")
    default: reading
    }
  }

  /// A row as an object: nested where keys are dotted, with the reasons of what is not there.
  func object(_ row: Int) -> JSONValue {
    var object = JSONValue.object([:])
    var absent: [String: JSONValue] = [:]
    for (key, reading) in zip(keys, rows[row]) {
      switch reading {
      case .value(let number): object.set(.number(number), at: key)
      case .list(let numbers): object.set(.array(numbers.map(JSONValue.number)), at: key)
      case .absent(let reason):
        object.set(.null, at: key)
        absent[key] = .string(reason)
      }
    }
    object.set(.object(absent), at: "absent")
    return object
  }
}
