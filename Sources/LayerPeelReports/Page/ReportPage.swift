/// One page that holds a whole report: claims, their verdicts, the numbers and the pictures.
///
/// The page asks for nothing from outside: its style sheet and pictures stand in it. It serves a
/// desk, a phone, a dark room and paper. Everything that is not a picture is escaped.
public struct ReportPage: Sendable {
  /// Its heading.
  public let title: String
  /// What this is, in a few sentences; blank lines part paragraphs.
  public let introduction: String
  /// Claims with their figures, in order.
  public let sections: [ReportSection]
  /// What made the numbers: version, settings, seeds, commands, costs.
  public let provenance: [(String, String)]
  /// What a reader must not conclude, one sentence or two each.
  public let caveats: [String]
  /// How to cite, and what is reproduced.
  public let citations: [String]

  /// A page of given parts.
  public init(
    title: String, introduction: String, sections: [ReportSection],
    provenance: [(String, String)], caveats: [String] = [], citations: [String] = []
  ) {
    self.title = title
    self.introduction = introduction
    self.sections = sections
    self.provenance = provenance
    self.caveats = caveats
    self.citations = citations
  }

  /// The page.
  ///
  /// - Parameters:
  ///   - svgs: Each figure's picture by its name, from ``Gnuplot/inlineSVG(_:)``; a figure without one
  ///     is a caption that says so.
  ///   - scenes: What turns above a figure's picture, by the figure's name.
  ///   - plotly: What draws scenes; without it there are only pictures.
  public func html(
    svgs: [String: String], scenes: [String: SimplexScene] = [:], plotly: PlotlyLibrary? = nil
  ) -> String {
    let pictures = PagePictures(svgs: svgs, scenes: scenes, plotly: plotly)
    let claims = sections.enumerated().map { section($0.offset + 1, $0.element, pictures) }
    let body = [
      header, summary, claims.joined(separator: "\n"), caveatList, provenanceTable, citationList,
      pictures.scripts,
    ]
    return HTML.document(title: title, body: body)
  }

  private var header: String {
    """
    <header>
    <h1>\(HTML.escaped(title))</h1>
    \(HTML.paragraphs(introduction))
    </header>
    """
  }

  private var summary: String {
    guard !sections.isEmpty else { return "" }
    let rows = sections.enumerated().map { index, section in
      """
      <tr><td class="number">\(index + 1)</td>\
      <td><a href="#\(section.anchor)">\(HTML.withPowers(section.claim.statement))</a></td>\
      <td>\(section.claim.origin.words)</td><td>\(section.claim.verdict.badge)\
      \(section.claim.isOnlyShown ? " (shown, not judged)" : "")</td></tr>
      """
    }
    return """
      <section id="summary">
      <h2>What was claimed, and what held</h2>
      <p class="tally">\(tally)</p>
      <div class="scroll"><table class="claims">
      <thead><tr><th></th><th>Claim</th><th>Whose</th><th>Verdict</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }

  /// How many claims met each fate.
  private var tally: String {
    let counts = Verdict.inOrder.compactMap { verdict -> String? in
      let count = sections.count { $0.claim.verdict == verdict }
      return count == 0 ? nil : "\(count) \(verdict.words.lowercased())"
    }
    let claims = sections.count == 1 ? "claim" : "claims"
    return "Of \(sections.count) \(claims): " + counts.joined(separator: ", ")
      + ". Each criterion was fixed before the run, and each verdict is computed from the numbers "
      + "shown with it."
  }

  private func section(
    _ number: Int, _ section: ReportSection, _ pictures: PagePictures
  ) -> String {
    let claim = section.claim
    let figures = section.figures.map(pictures.markup).joined(separator: "\n")
    let tables = section.tables.map(\.html).joined(separator: "\n")
    let remarks = claim.remarks.map { "<li>\(HTML.linked($0))</li>" }.joined(separator: "\n")
    return """
      <section id="\(section.anchor)" class="claim">
      <h2><span class="number">\(number)</span> \(HTML.withPowers(claim.statement))</h2>
      <p class="verdict">\(claim.verdict.badge) <span class="origin">\(claim.origin.sentence)</span>\
      \(claim.openBecause.map { " \(HTML.linked($0))" } ?? "")</p>
      <p class="criterion"><b>Criterion.</b> \(HTML.linked(claim.criterion))</p>
      \(measuredTable(claim.measured))
      \(tables)
      \(figures)
      \(remarks.isEmpty ? "" : "<ul class=\"remarks\">\n\(remarks)\n</ul>")
      </section>
      """
  }

  private func measuredTable(_ measured: [Claim.Measured]) -> String {
    guard !measured.isEmpty else { return "" }
    let rows = measured.map { number in
      let value = number.value.map { "<td title=\"\($0)\">\(HTML.number($0))</td>" }
      return """
        <tr><th scope="row">\(HTML.escaped(number.name))</th>\
        \(value ?? "<td class=\"absent\">none</td>")</tr>
        """
    }
    return """
      <div class="scroll"><table class="measured">
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  private var caveatList: String {
    list("What this does not show", id: "caveats", caveats)
  }

  private var citationList: String { list("How to cite", id: "cite", citations) }

  private func list(_ heading: String, id: String, _ items: [String]) -> String {
    guard !items.isEmpty else { return "" }
    return """
      <section id="\(id)">
      <h2>\(heading)</h2>
      <ul>
      \(items.map { "<li>\(HTML.linked($0))</li>" }.joined(separator: "\n"))
      </ul>
      </section>
      """
  }

  private var provenanceTable: String {
    guard !provenance.isEmpty else { return "" }
    let rows = provenance.map {
      "<tr><th scope=\"row\">\(HTML.escaped($0.0))</th><td>\(HTML.linked($0.1))</td></tr>"
    }
    return """
      <section id="provenance">
      <h2>How it was made</h2>
      <div class="scroll"><table class="provenance">
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }
}

/// A claim with the tables and pictures that show it.
public struct ReportSection: Hashable, Sendable {
  /// What is claimed, and what became of it.
  public let claim: Claim
  /// What stands beside it, row by row.
  public let tables: [ReportTable]
  /// What it looks like.
  public let figures: [Figure]

  /// A claim, its tables and its figures.
  public init(claim: Claim, tables: [ReportTable] = [], figures: [Figure] = []) {
    self.claim = claim
    self.tables = tables
    self.figures = figures
  }

  /// Where a link finds it on the page.
  var anchor: String { "claim-" + HTML.identifier(claim.name) }
}
