import LayerPeelReports
import Testing

struct ReportPageTests {
  private static let hostile = "<script>alert('x')</script> & \"quotes\""

  private static func page(_ figures: [Figure], text: String = "plain") -> ReportPage {
    let claim = Claim(
      name: text, statement: text, origin: .ours, criterion: text, verdict: .inconclusive,
      measured: [.init(text, 1.5e-9), .init("absent", nil), .init("count", -1_000_000)],
      remarks: [text])
    return ReportPage(
      title: text, introduction: text + "\n\nSecond.",
      sections: [
        ReportSection(
          claim: claim,
          tables: [ReportTable(caption: text, columns: [text, "value"], rows: [[text, "−1.5"]])],
          figures: figures)
      ], provenance: [(text, text)],
      caveats: [text], citations: [text + " arXiv:2110.02796"])
  }

  private static func drawn() throws -> String {
    let gnuplot = try Gnuplot()
    let figures = FigureCase.all.map(\.figure)
    var svgs: [String: String] = [:]
    for figure in figures { svgs[figure.name] = try gnuplot.inlineSVG(figure) }
    return page(figures).html(svgs: svgs)
  }

  @Test func `a page of every figure is well formed, and its ids are its own`() throws {
    let html = try ReportPageTests.drawn()
    #expect(unbalancedTag(in: html) == nil)
    let ids = html.matches(of: #/ id=["']([^"']*)["']/#).map { String($0.1) }
    #expect(ids.count == Set(ids).count)
    #expect(ids.allSatisfy { !$0.contains(" ") && !$0.isEmpty })
    let uses = html.matches(of: #/ href=["']#([^"']*)["']/#).map { String($0.1) }
    #expect(uses.allSatisfy(Set(ids).contains))
  }

  @Test func `a page asks for nothing from outside`() throws {
    let html = try ReportPageTests.drawn()
    #expect(html.matches(of: #/(src|xlink:href|data|action)\s*=/#).isEmpty)
    #expect(!html.contains("<script") && !html.contains("<link") && !html.contains("@import"))
    #expect(html.matches(of: #/url\((?!#)/#).isEmpty)
    let addresses = html.matches(of: #/https?:[^"<\s]*/#).map { String($0.0) }
    #expect(addresses == ["https://arxiv.org/abs/2110.02796"])
  }

  @Test func `every picture has a title, a view box and no fixed size`() throws {
    let figure = FigureCase.all[0].figure
    let svg = try Gnuplot().inlineSVG(figure)
    #expect(svg.ranges(of: "<svg ").count == 2)
    #expect(svg.ranges(of: "role=\"img\"").count == 2)
    #expect(svg.contains("viewBox=\"0 0 \(figure.wide.width) \(figure.wide.height)\""))
    #expect(svg.ranges(of: ">\(figure.title)</title>").count == 2)
    #expect(svg.matches(of: #/<svg [^>]*(width|height)=/#).isEmpty)
    #expect(!svg.contains("<?xml") && !svg.contains("gnuplot_plot"))
    // Every ink follows the page's colour scheme.
    #expect(!svg.contains("rgb("))
  }

  @Test func `whatever is passed in is escaped`() {
    let figure = Figure(
      name: "a figure", title: ReportPageTests.hostile, caption: ReportPageTests.hostile,
      wide: .init(width: 1, height: 1, script: ""), narrow: .init(width: 1, height: 1, script: ""))
    let html = ReportPageTests.page([figure], text: ReportPageTests.hostile).html(svgs: [:])
    #expect(!html.contains("<script") && !html.contains("\"quotes\""))
    #expect(
      html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quotes&quot;"))
    #expect(html.contains("This picture was not drawn."))
    #expect(unbalancedTag(in: html) == nil)
  }

  @Test func `numbers, powers, code and verdicts read as they should`() {
    let text = "reaches `nc1_trace` < 1 at t = e^100000 (e^(10^5)); a lone ` stays"
    let html = ReportPageTests.page([], text: text).html(svgs: [:])
    #expect(html.contains("<code>nc1_trace</code> &lt; 1 at t = e<sup>100000</sup>"))
    #expect(html.contains("(e<sup>10<sup>5</sup></sup>); a lone ` stays"))
    #expect(html.contains("1.500 × 10<sup>−9</sup>") && html.contains("−1,000,000"))
    #expect(html.contains("<td class=\"absent\">none</td>"))
    #expect(html.contains("<td class=\"figure\">−1.5</td>"))
    #expect(html.contains("badge inconclusive") && html.contains("Of 1 claim: 1 inconclusive."))
  }
}

/// The first tag that closes nothing or is never closed, in markup whose text is escaped.
func unbalancedTag(in html: String) -> String? {
  let alone: Set<Substring> = ["meta", "br", "hr", "img", "input", "!DOCTYPE"]
  var open: [Substring] = []
  for tag in html.matches(of: #/<(\/?)([!A-Za-z][A-Za-z0-9]*)[^>]*?(\/?)>/#) {
    let name = tag.2
    if alone.contains(name) || !tag.3.isEmpty { continue }
    if tag.1.isEmpty {
      open.append(name)
    } else if open.popLast() != name {
      return "</\(name)>"
    }
  }
  return open.last.map(String.init)
}
