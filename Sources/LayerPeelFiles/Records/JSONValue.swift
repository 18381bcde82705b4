import FoundationEssentials

/// Anything that JSON can say.
enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case large(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// A number, or `null` where JSON has none: infinities and NaN.
  init(_ number: Double?) {
    self = number.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// What `value` encodes itself as.
  init(encoding value: some Encodable) {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: jsonData(of: value))
    } catch {
      preconditionFailure("a value that does not come back from JSON: \(error)")
    }
  }
}

extension JSONValue: Codable {
  init(from decoder: any Decoder) throws {
    if let object = try? [String: JSONValue](from: decoder) {
      self = .object(object)
    } else if let array = try? [JSONValue](from: decoder) {
      self = .array(array)
    } else {
      self = JSONValue(scalar: try decoder.singleValueContainer())
    }
  }

  private init(scalar: any SingleValueDecodingContainer) {
    if let bool = try? scalar.decode(Bool.self) {
      self = .bool(bool)
    } else if let integer = try? scalar.decode(Int.self) {
      // Minus zero is an integer too, but only a double keeps its sign.
      let number = try? scalar.decode(Double.self)
      self = integer == 0 && number?.sign == .minus ? .number(-0.0) : .integer(integer)
    } else if let large = try? scalar.decode(UInt64.self) {
      self = .large(large)
    } else if let number = try? scalar.decode(Double.self) {
      self = .number(number)
    } else {
      self = (try? scalar.decode(String.self)).map(JSONValue.string) ?? .null
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .large(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }
}

extension JSONValue {
  /// Sets the member at a dotted path, making the objects that lead there.
  mutating func set(_ value: JSONValue, at path: some StringProtocol) {
    guard case .object(var members) = self else {
      preconditionFailure("\(path) would stand in something that is no object")
    }
    self = .null  // so that members has one owner and is changed in place
    if let dot = path.firstIndex(of: ".") {
      var child = members.removeValue(forKey: String(path[..<dot])) ?? .object([:])
      child.set(value, at: path[path.index(after: dot)...])
      members[String(path[..<dot])] = child
    } else {
      members[String(path)] = value
    }
    self = .object(members)
  }

  /// Every member that is no object, under its dotted path, sorted.
  func flattened(under prefix: String) -> [(path: String, value: JSONValue)] {
    guard case .object(let members) = self, !members.isEmpty else { return [(prefix, self)] }
    return members.sorted { $0.key < $1.key }.flatMap { key, value in
      value.flattened(under: "\(prefix).\(key)")
    }
  }
}
