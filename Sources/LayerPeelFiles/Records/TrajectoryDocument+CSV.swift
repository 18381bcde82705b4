import LayerPeel

extension TrajectoryDocument {
  /// The whole document as CSV: lines that start with `#`, the names of the columns, the points.
  ///
  /// The first lines say `# key: value` for all but events and points, and `# event: {…}` for each
  /// event, as in JSON. Columns have the names of JSON, dotted where nested, but metrics bare.
  /// Entries of a list are joined by semicolons; what is absent is an empty cell.
  public var csv: String {
    var lines = JSONValue.object(header).flattened(under: "").map { path, value in
      "# \(path.dropFirst()): \(commentText(of: value))"
    }
    lines += events.map { "# event: \(jsonText(of: $0))" }
    lines.append(csvLine(table.keys.map(columnName)))
    lines += table.rows.map { csvLine($0.map(cellText)) }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Fields in one line, quoted where they must be (RFC 4180).
func csvLine(_ fields: [String]) -> String {
  fields.map { field in
    field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      ? "\"\(field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
      : field
  }.joined(separator: ",")
}

private func columnName(_ key: String) -> String {
  let prefix = "metrics."
  return key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : key
}

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
