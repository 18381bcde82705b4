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

private func columnName(_ key: String) -> String {
  let prefix = "metrics."
  return key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : key
}
