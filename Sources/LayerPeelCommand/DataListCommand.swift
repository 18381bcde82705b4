import ArgumentParser
import FoundationEssentials
import LayerPeelFiles

/// `layerpeel data list`.
struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "The known data sets: images, size, whether they are here and are their publishers'.")

  @Option(help: "Folder with data sets, or with the files of one.")
  var dataDir: String?

  @Flag(help: "Print one JSON object on standard output, and nothing else there.")
  var json = false

  func run() throws {
    try reportingErrors {
      let home = DataHome(environment: ProcessInfo.processInfo.environment)
      let listing = DataListing(in: dataDir, home: home)
      try emit(json ? listing.json : listing.text + "\n")
    }
  }
}
