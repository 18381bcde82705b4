public import LayerPeel
public import LayerPeelFiles
public import LayerPeelNetworks

/// One page of one training: at a glance, the simplex as it forms, collapse, alignment, forecasts.
///
/// It asks for nothing from outside, like ``ReportPage``.
public struct TrainingPage: Sendable {
  /// Its heading.
  public let title: String
  /// What was trained on what, in a sentence or two.
  public let introduction: String
  /// In the order in which they stand.
  public let figures: [Figure]
  /// What each forecast came to, in words and beside the network.
  public let forecasts: [(words: String, table: ReportTable)]
  private let scene: SimplexScene

  /// The page of a run.
  ///
  /// - Parameters:
  ///   - title: A heading, such as `Training without weight decay`.
  ///   - introduction: What was trained on what.
  ///   - trajectory: What was recorded.
  ///   - snapshots: One a probe.
  ///   - classNames: What classes show, in their order; nil leaves their numbers.
  ///   - forecasts: What each forecast came to, in words and beside the network.
  public init(
    title: String, introduction: String, trajectory: Trajectory<Epoch>, snapshots: [Snapshot],
    classNames: [String]? = nil, forecasts: [(words: String, table: ReportTable)] = []
  ) {
    self.title = title
    self.forecasts = forecasts
    self.introduction = introduction
    scene = SimplexScene(snapshots, of: trajectory, classNames: classNames)
    let labelled = LabelledTrajectory("this run", trajectory)
    figures =
      [.trainingOverview(title: "At a glance", of: trajectory)]
      + (scene.frames.isEmpty ? [] : [.simplexStrip(of: scene)])
      + [.networkPanels(seeds: [labelled]), .alignment(seeds: [labelled])]
  }

  /// The page, its pictures drawn.
  ///
  /// - Parameters:
  ///   - gnuplot: What draws still pictures.
  ///   - plotly: What turns the simplex; without it there are only still pictures.
  public func html(with gnuplot: Gnuplot, plotly: PlotlyLibrary?) throws(FigureError) -> String {
    var svgs: [String: String] = [:]
    for figure in figures { svgs[figure.name] = try gnuplot.inlineSVG(figure) }
    let pictures = PagePictures(
      svgs: svgs, scenes: scene.frames.isEmpty ? [:] : ["simplex": scene], plotly: plotly)
    let header =
      "<header>\n<h1>\(HTML.escaped(title))</h1>\n\(HTML.paragraphs(introduction))\n</header>"
    return HTML.document(
      title: title, body: [header] + figures.map(pictures.markup) + listings + [pictures.scripts])
  }

  private var listings: [String] {
    guard !forecasts.isEmpty else { return [] }
    return ["<section>\n<h2>Forecasts</h2>"]
      + forecasts.map { "\(HTML.paragraphs($0.words))\n\($0.table.html)" } + ["</section>"]
  }

  /// Writes the page to a file.
  ///
  /// - Throws: ``FigureError``, or `FileError` where the file cannot be written.
  public func write(to file: OutputFile, with gnuplot: Gnuplot, plotly: PlotlyLibrary?) throws {
    try OutputFile.write(Array(html(with: gnuplot, plotly: plotly).utf8), to: file.path)
  }
}
