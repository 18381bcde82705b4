import ArgumentParser
import FoundationEssentials
import Glibc
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// `layerpeel data show`.
struct DataShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "A contact sheet of a data set, a row for each class, and how many images each has.")

  @Argument(help: "mnist, fashion-mnist, kuzushiji-mnist (or kmnist) or cifar10.")
  var name: String

  @OptionGroup var subset: SubsetOptions

  @Option(parsing: .unconditional, help: "Images in a row; in the terminal as many as fit.")
  var perRow = 10

  @Option(help: ArgumentHelp("Draw the sheet, as .pdf, .svg or .png.", valueName: "file"))
  var figure: String?

  @Flag(help: "Print one JSON object on standard output, and nothing else there.")
  var json = false

  func run() throws {
    try reportingErrors {
      let files = try OutputFiles(data: nil, formats: [], point: nil, figure: figure)
      let home = DataHome(environment: ProcessInfo.processInfo.environment)
      let (images, changed) = try subset.images(named: DataSetName(named: name), home: home)
      let sheet = try ContactSheet(images, perRow: perRow)
      let summary = DataSummary(images, subset: subset, changedLabels: changed)
      if json {
        try emit(summary.json)
      } else {
        if figure == nil { try emit(TerminalSheet(sheet, colors: .fitting()).text + "\n") }
        try emit(summary.text + "\n")
      }
      try files.draw(.contactSheet(sheet))
    }
  }
}
