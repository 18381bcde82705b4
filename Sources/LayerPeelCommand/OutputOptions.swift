import ArgumentParser
import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// The options that say where results go.
struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the trajectory, as .json or .csv.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Write the last point, as .safetensors or .npz.", valueName: "file"))
  var savePoint: String?

  @Option(
    help: ArgumentHelp(
      "Draw the trajectory, as .pdf, .svg or .png; train takes .html too.", valueName: "file"))
  var figure: String?

  @Flag(help: "Print the trajectory as one JSON object on standard output, and nothing else there.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  /// The files, known to be writable before any work is done.
  ///
  /// - Parameter formats: What the figure may be besides a picture.
  func files(alsoDrawn formats: [String] = []) throws -> OutputFiles {
    try OutputFiles(
      data: out, formats: TrajectoryDocument.formats, point: savePoint, figure: figure,
      alsoDrawn: formats)
  }
}

/// Files that can be written, and what draws them.
struct OutputFiles {
  /// Records or a table.
  let data: OutputFile?
  let point: OutputFile?
  let figure: OutputFile?
  /// There if a figure is to be drawn.
  private let gnuplot: Gnuplot?

  /// Those that have a path; that of the data ends in one of `formats`.
  init(
    data: String?, formats: [String], point: String?, figure: String?, alsoDrawn: [String] = []
  ) throws {
    self.data = try data.map { try OutputFile(path: $0, formats: formats) }
    self.point = try point.map { try OutputFile(path: $0, formats: PointFile.formats) }
    self.figure = try figure.map { try OutputFile(path: $0, formats: Gnuplot.formats + alsoDrawn) }
    gnuplot = try figure.map { _ in try Gnuplot() }
  }

  /// Whether the figure is a page.
  var isPage: Bool { figure?.format == "html" }

  /// Draws the figure, if one was asked for.
  func draw(_ picture: @autoclosure () -> Figure) throws {
    if let figure, let gnuplot { try gnuplot.write(picture(), to: figure) }
  }

  /// Writes the page, its simplex turning if plotly.js is in the data home.
  func draw(_ page: TrainingPage) throws {
    guard let figure, let gnuplot else { return }
    let home = DataHome(environment: ProcessInfo.processInfo.environment)
    try page.write(to: figure, with: gnuplot, plotly: PlotlyLibrary(in: home))
  }
}

/// What a saved point says of itself.
func fileMetadata(command: String, _ more: [String: String] = [:]) -> [String: String] {
  more.merging([
    "made_by": "layerpeel \(command)", "version": Versions.layerPeel, "time": timestamp(),
  ]) { $1 }
}
