import ArgumentParser
import LayerPeel
import LayerPeelFiles

/// The options that say where results go.
struct OutputOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the trajectory, as .json or .csv.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Write the last point, as .safetensors.", valueName: "file"))
  var savePoint: String?

  @Flag(help: "Print the trajectory as one JSON object on standard output, and nothing else there.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  /// The files, known to be writable before any work is done.
  func files() throws(FileError) -> OutputFiles {
    var files = OutputFiles()
    if let out { files.trajectory = try OutputFile(path: out, formats: TrajectoryDocument.formats) }
    if let savePoint { files.point = try OutputFile(path: savePoint, formats: PointFile.formats) }
    return files
  }
}

/// Files that can be written.
struct OutputFiles {
  var trajectory: OutputFile?
  var point: OutputFile?
}
