/// A picture of gnuplot's, made fit to stand inside a page.
///
/// No prolog and no namespaces, as HTML needs neither; ids that no other picture uses; a title that
/// is read aloud; and the inks as custom properties, so that a dark page can choose others.
struct InlineSVG {
  private let svg: String
  private let id: String
  private let label: String

  /// - Parameters:
  ///   - gnuplot: What gnuplot's `svg` terminal wrote.
  ///   - id: Unique on the page.
  ///   - label: What the picture shows, in a few words.
  init(_ gnuplot: String, id: String, label: String) {
    svg = gnuplot
    self.id = id
    self.label = label
  }

  /// The element, with a class that the page's style sheet knows.
  func markup(for layout: String) -> String {
    var text = content
    text = text.replacing(#/<title>[^<]*<\/title>/#, with: "")
    text = text.replacing(#/<g id="gnuplot_plot_[^"]*"\s*>/#, with: "<g>")
    text = text.replacing("id=\"", with: "id=\"\(id)-").replacing("id='", with: "id='\(id)-")
    text = text.replacing("href='#", with: "href='#\(id)-")
    text = text.replacing("url(#", with: "url(#\(id)-").replacing("xlink:href", with: "href")
    text = text.replacing(" font-family=\"\(FigureStyle.webFont)\"", with: "")
    text = text.replacing(#/ color="(black|white)"/#, with: "")
    for ink in Ink.allCases {
      for colour in ink.inGnuplotSVG {
        text = text.replacing(colour, with: "var(\(ink.property),\(ink.lightValue))")
      }
    }
    text = text.replacing("<tspan >", with: "<tspan>")
    return """
      <svg class="\(layout)" viewBox="\(viewBox)" role="img" aria-labelledby="\(id)-title">
      <title id="\(id)-title">\(HTML.escaped(label))</title>
      \(text)</svg>

      """
  }

  private var viewBox: String {
    svg.firstMatch(of: #/viewBox="([0-9. ]+)"/#).map { String($0.1) } ?? "0 0 720 400"
  }

  /// What stands inside the element, less gnuplot's own title, unused markers and empty lines.
  private var content: String {
    var text = svg[...]
    if let end = svg.firstRange(of: "</desc>") { text = svg[end.upperBound...] }
    if let end = text.firstRange(of: "</svg>") { text = text[..<end.lowerBound] }
    return withoutUnusedDefinitions(String(text))
      .split(whereSeparator: \.isNewline).joined(separator: "\n") + "\n"
  }

  /// Of the definitions only the filled circle is used, and the background boxes never.
  private func withoutUnusedDefinitions(_ text: String) -> String {
    guard let start = text.firstRange(of: "<defs>"), let end = text.firstRange(of: "</defs>") else {
      return text
    }
    let used = text[start.upperBound..<end.lowerBound].split(whereSeparator: \.isNewline).filter {
      $0.contains("id='gpPt5'") || $0.contains("id='gpPt6'")
    }
    return text[..<start.upperBound] + "\n" + used.joined(separator: "\n") + "\n"
      + text[end.lowerBound...]
  }
}
