import FoundationEssentials

/// A value as JSON on one line: keys sorted, every double in the fewest digits that give it back.
///
/// - Precondition: `value` encodes itself; an infinity or NaN in it is written as a string.
public func jsonText(of value: some Encodable) -> String {
  String(decoding: jsonData(of: value), as: UTF8.self)
}

/// The same as bytes.
func jsonData(of value: some Encodable) -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  do {
    return try encoder.encode(value)
  } catch {
    preconditionFailure("a value that cannot be written as JSON: \(error)")
  }
}
