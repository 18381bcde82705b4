import ArgumentParser
import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// `layerpeel reproduce`.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "The paper, claim by claim and figure by figure, in one page.",
    discussion: """
      Follows the flow of the model from Gaussian, unequal and square starts, proves where it ends \
      in exact arithmetic, maps the critical points of the loss and the way out of each, trains \
      networks on Fashion-MNIST without weight decay (and, as controls, with it, on shuffled \
      labels, and without batch normalisation), continues the model from a network's last layer, \
      and judges each claim by a criterion fixed beforehand. Writes a self-contained page, a PDF \
      of each figure, and the data of each run.

      Exit status: 0 every claim that was run held or is open; 1 a claim did not hold; 64 unusable \
      arguments; 65 unreadable data or a damaged run; 66 no data set; 73 output that cannot be \
      written; 130 interrupted, with what was finished kept.
      """)

  @Option(help: ArgumentHelp("Folder for the report.", valueName: "folder"))
  var out = "layerpeel-report"

  @Option(help: "Folder with the data sets' files, if not in the data home or Debian's packages.")
  var dataDir: String?

  enum Preset: String, ExpressibleByArgument, CaseIterable {
    case standard, laptop, full, quick

    var plan: ReproductionPlan {
      switch self {
      case .standard: .standard
      case .laptop: .laptop
      case .full: .full
      case .quick: .quick
      }
    }
  }

  @Option(
    help: """
      standard: less than twenty minutes; laptop: judges a narrow ResNet-18 on three seeds, an \
      hour; full: the paper's networks and data sets, for a bigger machine; quick: everything in \
      seconds, too small for the networks to be judged.
      """)
  var preset = Preset.standard

  @Flag(help: "The same as --preset quick.")
  var quick = false

  @Option(
    help: """
      Only one part: model (flows, KKT points, landscapes), networks (the small ones), or paper \
      (those that --preset full adds).
      """, transform: { try named("only", $0) })
  var only: ReproductionPlan.Part?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop each training after so many epochs of its schedule, to see how it begins.",
      valueName: "n"))
  var firstEpochs: Int?

  @Flag(help: "Print the claims as one JSON object on standard output, and nothing else there.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  @OptionGroup var threadOption: ThreadOption

  func validate() throws {
    if quick, preset != .standard, preset != .quick {
      throw ValidationError("--quick beside --preset \(preset.rawValue); give one of them")
    }
    if only == .paper, preset != .full {
      throw ValidationError(
        "--only paper with --preset \(preset.rawValue), which has no networks of the paper's scale; "
          + "expected --preset full")
    }
    if let firstEpochs, firstEpochs < 1 {
      throw ValidationError("--first-epochs is \(firstEpochs); expected at least 1")
    }
  }

  func run() throws {
    var status: ExitCode?
    try reportingErrors {
      let gnuplot = try Gnuplot()
      let home = DataHome(environment: ProcessInfo.processInfo.environment)
      let whole = quick ? ReproductionPlan.quick : preset.plan
      let plan = only.map { whole.only($0) } ?? whole
      var reproduction = Reproduction(plan: plan, images: try images(for: plan, home: home))
      reproduction.firstEpochs = firstEpochs
      reproduction.runs = "\(out)/runs"
      try requireMemory(reproduction.memoryNeeded())
      let folder = try ReportFolder(path: out)
      announce(reproduction)
      status = try reproduce(reproduction, into: folder, with: gnuplot)
    }
    if let status { throw status }
  }

  /// The data sets of a plan that are here; without Fashion-MNIST nothing is begun.
  private func images(
    for plan: ReproductionPlan, home: DataHome
  ) throws -> [DataSetName: ImageDataSet] {
    var images: [DataSetName: ImageDataSet] = [:]
    for name in plan.dataSets {
      do throws(FileError) {
        let found = try ImageDataSet(name, in: dataDir, home: home)
        if let warning = found.warning { say("Warning: \(warning)") }
        images[name] = found
      } catch {
        let mayBeMissing = name != .fashionMNIST && error.exitStatus == 66
        if !mayBeMissing { throw error }
      }
    }
    return images
  }

  /// Says what is not here, and how long a long plan takes, before it starts.
  private func announce(_ reproduction: Reproduction) {
    guard !quiet else { return }
    for name in reproduction.missing {
      say("Not run: networks on \(name.rawValue). To run them, \(name.howToGet).")
    }
    let plan = reproduction.plan
    let seconds = plan.networks.filter { reproduction.images[$0.recipe.data] != nil }
      .reduce(0) { $0 + $1.estimatedSeconds(epochs: firstEpochs) }
    guard seconds > 1800 else { return }
    say("Its networks take about \(durationText(seconds)) on two cores.")
  }

  private func reproduce(
    _ reproduction: Reproduction, into folder: ReportFolder, with gnuplot: Gnuplot
  ) throws -> ExitCode? {
    Interrupt.listen()
    let threads = threadOption.use()
    let log = ReproductionLog(isQuiet: quiet)
    let evidence = try reproduction.run(observer(of: log, keepingIn: folder))
    log.clear()
    try write(
      evidence, provenance(reproduction, threads: threads, seconds: log.seconds), into: folder,
      with: gnuplot)
    let claims = evidence.claims
    try emit(
      json
        ? jsonText(of: ClaimsDocument(claims, report: folder.page)) + "\n"
        : ClaimsSummary(claims, report: folder.page, seconds: log.seconds).text + "\n")
    if Interrupt.isRequested { return ExitCode(ExitStatus.interrupted) }
    return claims.contains { $0.verdict == .notHeld } ? ExitCode(ExitStatus.claimNotHeld) : nil
  }
}
