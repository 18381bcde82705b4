import LayerPeel
public import LayerPeelFiles

/// The folder of a report: `index.html`, a PDF of each figure, the data of each run.
///
/// Every file is written as a whole as soon as it is known, so a run that is killed keeps what it
/// finished.
public struct ReportFolder: Sendable {
  /// Where it is.
  public let path: String

  /// Makes the folder and those inside it, or finds out that it cannot be written.
  public init(path: String) throws(FileError) {
    self.path = path
    for folder in [path, "\(path)/data", "\(path)/figures"] {
      try Folder.make(folder)
      try OutputFile.checkWritable("\(folder)/index.html")
    }
  }

  /// The page.
  public var page: String { "\(path)/index.html" }

  /// Keeps a trajectory as `data/NAME.json`.
  public func keep(_ document: TrajectoryDocument, name: String) throws {
    try keep(document.json, name: name)
  }

  /// Keeps a proof as `data/NAME.json`.
  public func keep(_ document: ProofDocument, name: String) throws {
    try keep(document.json, name: name)
  }

  /// Keeps a forecast as `data/NAME.json`.
  public func keep(_ document: ForecastDocument, name: String) throws {
    try keep(jsonText(of: document) + "\n", name: name)
  }

  /// Keeps a survey of a landscape as `data/NAME.json`.
  public func keep(_ document: LandscapeDocument, name: String) throws {
    try keep(document.json, name: name)
  }

  /// Keeps where the saddles of a landscape lead as `data/NAME.json`.
  public func keep(_ document: RoutesDocument, name: String) throws {
    try keep(document.json, name: name)
  }

  /// Keeps KKT points and their ways out as `data/NAME.json`.
  public func keep(_ points: [KKTPointRecord], name: String) throws {
    try keep(jsonText(of: ["points": points]) + "\n", name: name)
  }

  private func keep(_ json: String, name: String) throws {
    try OutputFile.write(Array(json.utf8), to: "\(path)/data/\(kebab(name)).json")
  }

  /// Draws figures, as PDF beside the page and as SVG for it; one that fails is left out.
  ///
  /// - Returns: Each figure's SVG by its name.
  public func draw(
    _ figures: [Figure], with gnuplot: Gnuplot, failed: (FigureError) -> Void
  ) throws(FileError) -> [String: String] {
    var pictures: [String: String] = [:]
    for figure in figures {
      let drawn: (pdf: [UInt8], svg: String)
      do {
        drawn = (try gnuplot.bytes(of: figure, as: .pdf), try gnuplot.inlineSVG(figure))
      } catch {
        failed(error)
        continue
      }
      try OutputFile.write(drawn.pdf, to: "\(path)/figures/\(figure.name).pdf")
      pictures[figure.name] = drawn.svg
    }
    return pictures
  }
}

/// A name as part of a file's: small letters and digits, everything else a hyphen.
func kebab(_ name: String) -> String {
  name.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
}
