public import LayerPeel

/// Readings under their keys, dotted where nested: every key stands there, and what is absent is
/// `null` with its reason under `absent`.
public struct ReadingsDocument: Hashable, Sendable, Encodable {
  private let members: JSONValue

  /// Readings, and whatever else stands beside them.
  ///
  /// - Parameters:
  ///   - readings: Each with its key.
  ///   - members: Values under keys of their own, undotted.
  public init(
    _ readings: [(key: String, reading: Reading)], beside members: [String: any Encodable] = [:]
  ) {
    var object = JSONValue.object(members.mapValues { JSONValue(encoding: $0) })
    var reasons: [String: JSONValue] = [:]
    for (key, reading) in readings {
      switch reading {
      case .value(let number): object.set(JSONValue(number), at: key)
      case .list(let numbers): object.set(.array(numbers.map { JSONValue($0) }), at: key)
      case .absent(let reason):
        object.set(.null, at: key)
        reasons[key] = .string(reason)
      }
    }
    object.set(.object(reasons), at: "absent")
    self.members = object
  }

  /// The object.
  public func encode(to encoder: any Encoder) throws { try members.encode(to: encoder) }
}
