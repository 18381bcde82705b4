import ArgumentParser
import LayerPeel
import LayerPeelFiles

/// `layerpeel separate`.
struct SeparateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "separate",
    abstract: "Solve the minimum-norm separation problem, whose KKT points are where flows go.",
    discussion: """
      min ½‖W‖² + ½‖H‖² subject to margins of at least 1. In K - 1 dimensions or more the optimum \
      has a closed form for any class sizes, and is certified. Below, the problem is not convex: \
      many starts, each brought to a KKT residual below 1e-10, give the best value found, how many \
      starts reached it and the other KKT values met; nothing proves that there is no better.

      Examples:
        layerpeel separate --classes 5 --per-class 1 --dim 3
        layerpeel separate --class-sizes 100,100,10,10 --dim 2
        layerpeel separate --classes 4,5,6 --per-class 1,5 --dim 2..6 --out grid.csv
        layerpeel separate --classes 7 --dim 3 --save-point best.safetensors

      Exit status: 0 done; 3 no start converged; 64 unusable arguments; 73 output that cannot be \
      written; 130 interrupted, with what was finished kept.
      """)

  @OptionGroup(title: "Problem") var cases: SeparationOptions

  @Option(parsing: .unconditional, help: "Gaussian starts, below K - 1 dimensions.")
  var restarts = SeparationSearch.Settings().restarts

  @Option(help: "Seed of the Gaussian starts.")
  var seed: UInt64 = 0

  @Flag(inversion: .prefixedNo, help: "Start from named constructions too.")
  var constructions = true

  @Option(parsing: .unconditional, help: "Gradients that one start may take.")
  var maxIterations = SeparationSearch.Settings().maximumIterations

  @Option(parsing: .unconditional, help: "Tolerance of the verdict, relative to the value.")
  var tolerance = 1e-6

  @Option(help: ArgumentHelp("Write the result, as .json or .csv.", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Write the best point of a single case, as .safetensors or .npz.", valueName: "file")
  )
  var savePoint: String?

  @Flag(help: "Print one JSON object on standard output, and nothing else there.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  private var settings: SeparationSearch.Settings {
    get throws(ModelError) {
      var settings = SeparationSearch.Settings()
      settings.restarts = restarts
      settings.seed = seed
      settings.usesConstructions = constructions
      settings.maximumIterations = maxIterations
      try settings.validate()
      try Judgement.validate(tolerance: tolerance)
      return settings
    }
  }

  func run() throws {
    var status: ExitCode?
    try reportingErrors {
      let settings = try self.settings
      let grid = try cases.grid()
      let file = try out.map { try OutputFile(path: $0, formats: SeparationDocument.formats) }
      let pointFile = try savePoint.map {
        guard !grid.isGrid else {
          throw ModelError.badSetting(
            argument: "save-point", value: "\(grid.cases.count) cases", expected: "a single case")
        }
        return try OutputFile(path: $0, formats: PointFile.formats)
      }
      status = try solve(grid, settings, file: file, pointFile: pointFile)
    }
    if let status { throw status }
  }

  private func solve(
    _ grid: SeparationGrid, _ settings: SeparationSearch.Settings, file: OutputFile?,
    pointFile: OutputFile?
  ) throws -> ExitCode? {
    Interrupt.listen()
    let results = try grid.solve(settings, isQuiet: quiet)
    let document = SeparationDocument(
      results, isGrid: grid.isGrid, settings: settings, tolerance: tolerance,
      version: Versions.layerPeel, time: timestamp())
    if json {
      try emit(document.json)
    } else {
      let summary = SeparateSummary(results, isGrid: grid.isGrid, tolerance: tolerance)
      try emit(summary.text + "\n")
    }
    if let file { try document.write(to: file) }
    if let pointFile, let solution = results.first?.result?.solution {
      try PointFile.write(
        solution.point, labels: solution.multipliers.labels,
        metadata: fileMetadata(command: "separate", ["seed": "\(seed)"]), to: pointFile.path)
    }
    if Interrupt.isRequested { return ExitCode(ExitStatus.interrupted) }
    let missed = results.contains { $0.result != nil && $0.result?.solution == nil }
    return missed ? ExitCode(ExitStatus.targetMissed) : nil
  }
}
