import LayerPeel

/// Fields in one line, quoted where they must be (RFC 4180).
func csvLine(_ fields: [String]) -> String {
  fields.map { field in
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    let parts = field.split(separator: "\"", omittingEmptySubsequences: false)
    return "\"\(parts.joined(separator: "\"\""))\""
  }.joined(separator: ",")
}

/// A reading as a cell: entries of a list joined by semicolons, empty where it is absent.
func cellText(_ reading: Reading) -> String {
  switch reading {
  case .value(let number): numberText(number)
  case .list(let numbers): numbers.map(numberText).joined(separator: ";")
  case .absent: ""
  }
}

/// The fewest digits that give the number back, as in JSON.
func numberText(_ number: Double) -> String {
  let text = number.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Text bare where it stays on its line, everything else as in JSON.
func commentText(of value: JSONValue) -> String {
  if case .string(let text) = value, !text.contains(where: \.isNewline) { return text }
  return jsonText(of: value)
}

/// A value as a cell: a list joined by semicolons, a value that was met as `value*count`.
func cellText(_ value: JSONValue) -> String {
  switch value {
  case .null: ""
  case .string(let text): text
  case .number(let number): numberText(number)
  case .array(let values): values.map(cellText).joined(separator: ";")
  case .object(let members):
    "\(cellText(members["value"] ?? .null))*\(cellText(members["count"] ?? .null))"
  default: jsonText(of: value)
  }
}
