import FoundationEssentials
public import LayerPeelFiles

/// The library plotly.js as `make deps` fetched it; a page holds all of it, and asks for nothing.
public struct PlotlyLibrary: Sendable {
  /// Its source, fit to stand in a `script` element.
  let source: String

  /// The copy in the data home, if there is one.
  public init?(in home: DataHome) {
    self.init(path: "\(home.path)/plotly/plotly.min.js")
  }

  /// The copy in a file, if it can be read and is of plotly.js.
  package init?(path: String) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    // Its licence asks for this notice to stand in every copy.
    guard text.prefix(200).contains("plotly.js") else { return nil }
    source = text.replacing("</script", with: "<\\/script")
  }
}
