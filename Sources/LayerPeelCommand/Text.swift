import FoundationEssentials
import Glibc

/// A number by C's `%.*f`.
func decimals(_ value: Double, _ digits: Int32) -> String { formatted(value, "%.*f", digits) }
/// A number by C's `%.*g`.
func significant(_ value: Double, _ digits: Int32) -> String { formatted(value, "%.*g", digits) }

private func formatted(_ value: Double, _ format: String, _ digits: Int32) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
    _ = withVaList([digits, value]) { vsnprintf(buffer.baseAddress!, buffer.count, format, $0) }
    return String(cString: buffer.baseAddress!)
  }
}

/// Rows under their headings, the first column to the left, the others to the right.
func tableText(_ headings: [String], _ rows: [[String]]) -> String {
  let all = [headings] + rows
  let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
  return all.map { row in
    let cells = row.indices.map { column in
      let padding = String(repeating: " ", count: widths[column] - row[column].count)
      return column == 0 ? row[column] + padding : padding + row[column]
    }
    return withoutTrailingSpaces("  " + cells.joined(separator: "  "))
  }.joined(separator: "\n")
}

/// A line up to its last letter.
func withoutTrailingSpaces(_ line: String) -> String {
  String(line.reversed().drop { $0 == " " }.reversed())
}

/// A paragraph broken at spaces into lines of so many columns at most.
func wrapped(_ text: String, columns: Int = 80) -> String {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= columns {
      lines[lines.count - 1] = last + " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines.joined(separator: "\n")
}

/// Now, in ISO 8601.
func timestamp() -> String { Date.now.formatted(.iso8601) }
