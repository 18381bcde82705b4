/// A table beside a claim, row by row: what many things have in common, and where they differ.
public struct ReportTable: Hashable, Sendable {
  /// What is listed, and how to read it.
  public let caption: String
  /// Headings.
  public let columns: [String]
  /// A cell a column; numbers as they are to be read.
  public let rows: [[String]]

  /// A table of given parts.
  ///
  /// - Precondition: A cell for each column.
  public init(caption: String, columns: [String], rows: [[String]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "a cell for each column")
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  /// The table, wide ones scrolling by themselves, and its caption below; cells after the first stand
  /// to the right where all of their column are numbers.
  var html: String {
    let headings = columns.indices.map { "<th\(style($0))>\(HTML.linked(columns[$0]))</th>" }
    let body = rows.map { row in
      "<tr>" + row.indices.map { "<td\(style($0))>\(HTML.linked(row[$0]))</td>" }.joined()
        + "</tr>"
    }
    return """
      <div class="scroll"><table class="listing">
      <thead><tr>\(headings.joined())</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody>
      </table></div>
      <p class="listed">\(HTML.linked(caption))</p>
      """
  }

  private func style(_ column: Int) -> String {
    guard column > 0 else { return "" }
    return rows.allSatisfy { isNumber($0[column]) } ? " class=\"figure\"" : ""
  }

  private func isNumber(_ cell: String) -> Bool {
    let start = cell.drop { "−-+~".contains($0) }
    return cell == "–" || start.first?.isNumber == true
  }
}
