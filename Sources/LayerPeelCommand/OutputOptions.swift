import ArgumentParser
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// The options that say where results go.
struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the trajectory, as .json or .csv.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Write the last point, as .safetensors or .npz.", valueName: "file"))
  var savePoint: String?

  @Option(help: ArgumentHelp("Draw the trajectory, as .pdf, .svg or .png.", valueName: "file"))
  var figure: String?

  @Flag(help: "Print the trajectory as one JSON object on standard output, and nothing else there.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  /// The files, known to be writable before any work is done.
  func files() throws -> OutputFiles {
    var files = OutputFiles()
    if let out { files.trajectory = try OutputFile(path: out, formats: TrajectoryDocument.formats) }
    if let savePoint { files.point = try OutputFile(path: savePoint, formats: PointFile.formats) }
    if let figure {
      files.figure = try OutputFile(path: figure, formats: Gnuplot.formats)
      files.gnuplot = try Gnuplot()
    }
    return files
  }
}

/// Files that can be written, and what draws them.
struct OutputFiles {
  var trajectory: OutputFile?
  var point: OutputFile?
  var figure: OutputFile?
  /// There if a figure is to be drawn.
  var gnuplot: Gnuplot?

  /// Draws the figure, if one was asked for.
  func draw(_ picture: @autoclosure () -> Figure) throws {
    if let figure, let gnuplot { try gnuplot.write(picture(), to: figure) }
  }
}

/// What a saved point says of itself.
func metadata(command: String, _ more: [String: String] = [:]) -> [String: String] {
  more.merging([
    "made_by": "layerpeel \(command)", "version": Versions.layerPeel, "time": timestamp(),
  ]) { $1 }
}
