/// The pictures of a page, still and turning, and the scripts that the turning ones need.
struct PagePictures {
  /// By the figure's name.
  let svgs: [String: String]
  /// By the figure's name.
  let scenes: [String: SimplexScene]
  /// What draws scenes.
  let plotly: PlotlyLibrary?

  /// A figure: what turns, the still picture, the caption.
  func markup(_ figure: Figure) -> String {
    let scene = plotly == nil ? nil : scenes[figure.name]
    let parts = [
      "<figure id=\"figure-\(HTML.identifier(figure.name))\">",
      scene?.markup(name: figure.name) ?? "",
      svgs[figure.name] ?? "<p class=\"absent\">This picture was not drawn.</p>",
      "<figcaption><b>\(HTML.escaped(figure.title)).</b> \(HTML.linked(figure.caption))</figcaption>",
      "</figure>",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// At the page's end, so that it can be read before they are.
  var scripts: String {
    guard let plotly, !scenes.isEmpty else { return "" }
    return "<script>\(plotly.source)</script>\n<script>\(SceneScript.source)</script>"
  }
}
