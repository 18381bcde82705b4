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

      Exit status: 0 every claim that was run held or is open; 1 a claim did not hold; 66 no data \
      set; 73 output that cannot be written; 130 interrupted, with what was finished kept.
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

  enum Part: String, ExpressibleByArgument, CaseIterable {
    case model, networks, paper

    var ofPlan: ReproductionPlan.Part {
      switch self {
      case .model: .model
      case .networks: .networks
      case .paper: .paper
      }
    }
  }

  @Option(
    help: """
      Only one part: model (flows, KKT points, landscapes), networks (the small ones), or paper \
      (those that --preset full adds).
      """)
  var only: Part?

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
      let plan = only.map { whole.only($0.ofPlan) } ?? whole
      var reproduction = Reproduction(plan: plan, images: try images(for: plan, home: home))
      reproduction.firstEpochs = firstEpochs
      reproduction.runs = "\(out)/runs"
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
    let seconds = plan.networks.filter { reproduction.images[$0.data] != nil }
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
    let evidence = try reproduction.run(
      Reproduction.Observer(
        progress: { log.show($0, $1) },
        isCancelled: { Interrupt.isRequested },
        flowEnded: { flow in
          let seconds = log.end(flow.name, flow.trajectory.termination)
          try folder.keep(
            TrajectoryDocument(
              flow.trajectory, command: "flow", version: Versions.layerPeel, time: timestamp(),
              seconds: seconds,
              settings: flow.settingsDescriptions),
            name: "flow \(flow.name)")
        },
        trainingEnded: { network, settings, run in
          let seconds = log.end(network.name, network.trajectory.termination)
          try folder.keep(
            TrajectoryDocument(
              network.trajectory, command: "train", version: Versions.layerPeel,
              time: timestamp(), seconds: seconds,
              settings: [settings, run]),
            name: "network \(network.name)")
        },
        forecastEnded: { forecast in
          log.end("forecast from epoch \(forecast.epoch)", forecast.trajectory.termination)
          try folder.keep(ForecastDocument(forecast), name: "forecast epoch \(forecast.epoch)")
        },
        endProved: { name, proof in
          log.end("proof of \(name)", "ε = \(proof.epsilon.roundedUp)")
          try folder.keep(ProofDocument(proof), name: "proof \(name)")
        },
        pointsJudged: { points in
          log.end("KKT points", "\(points.count) judged")
          try folder.keep(points, name: "kkt points")
        },
        landscapeEnded: { record, landscape, survey, routes in
          let seconds = log.end(
            record.name, "\(record.points.count) critical points, \(routes.count) followed")
          try keep(
            survey, routes, of: landscape, name: record.name, seconds: seconds, in: folder)
        }))
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

  /// Keeps a survey, where each of its saddles leads, and the trajectories that get there.
  private func keep(
    _ survey: Survey, _ routes: [Route], of landscape: Landscape, name: String, seconds: Double,
    in folder: ReportFolder
  ) throws {
    let time = timestamp()
    try folder.keep(
      LandscapeDocument(
        survey, version: Versions.layerPeel, time: time, seconds: seconds,
        settings: LandscapeDescription(landscape)),
      name: "landscape \(name)")
    try folder.keep(RoutesDocument(routes), name: "routes \(name)")
    for route in routes where Reproduction.isDrawn(route, of: landscape.model) {
      guard let trajectory = route.escape?.trajectory else { continue }
      let description = LandscapeDescription(
        landscape, follow: route.start.name, escape: trajectory.settings)
      try folder.keep(
        TrajectoryDocument(
          trajectory, command: "landscape", version: Versions.layerPeel, time: time,
          seconds: seconds, settings: [description]),
        name: "descent \(route.start.name) \(name)")
    }
  }

  private func write(
    _ evidence: Evidence, _ provenance: [(String, String)], into folder: ReportFolder,
    with gnuplot: Gnuplot
  ) throws {
    let (figures, tables) = (evidence.figures, evidence.tables)
    let pictures = try folder.draw(figures.values.flatMap { $0 }, with: gnuplot) {
      say("Warning: \($0)")
    }
    let page = ReportPage(
      title: "Neural collapse, from Fashion-MNIST to the end of time",
      introduction: (Interrupt.isRequested ? ReproduceCommand.interruption : "")
        + ReproduceCommand.introduction,
      sections: evidence.claims.map {
        ReportSection(
          claim: $0, tables: tables[$0.name] ?? [], figures: figures[$0.name] ?? [])
      },
      provenance: provenance + evidence.provenance, caveats: ReproduceCommand.caveats,
      citations: ReproduceCommand.citations)
    let home = DataHome(environment: ProcessInfo.processInfo.environment)
    let html = page.html(
      svgs: pictures, scenes: evidence.scenes, plotly: PlotlyLibrary(in: home))
    try OutputFile.write(Array(html.utf8), to: folder.page)
  }

  private static let interruption =
    "This run was interrupted: what it had not finished stands as not run or inconclusive. "

  private static let introduction = """
    When a classifier is trained on past zero error, the features of its last layer collapse onto \
    their class means, and these and the classifier's rows onto a simplex. Ji, Lu, Zhang, Deng and \
    Su (ICLR 2022) explain it by a model: free features, a classifier, cross-entropy, nothing \
    else. This page follows that model's gradient flow to a loss of e^-1000000 with a certificate \
    at every recorded time and a proof without rounding at the end, maps the stationary points of \
    the loss and follows the way out of each, trains real networks on real images beside it, and \
    continues the model from a network's own last layer. The paper's own hyper-parameters could \
    not be verified; those used here stand below.
    """

  private static let caveats = [
    "That the flow leaves a square is shown by following it, and is no theorem about saddles.",
    """
    A search finds some critical points, not all. That a saddle can be left at a fixed norm says \
    nothing of the flow, whose norm grows for ever and whose saddles lie at infinity \
    (arXiv:2512.04006).
    """,
    "Three seeds of a small network on one data set are not the paper's experiments.",
    "A verdict says whether a criterion was met, not how surprising that is; look at the controls.",
  ]

  private static let citations = [
    """
    W. Ji, Y. Lu, Y. Zhang, Z. Deng, W. J. Su: An Unconstrained Layer-Peeled Perspective on Neural \
    Collapse. ICLR 2022. arXiv:2110.02796
    """,
    """
    V. Papyan, X. Y. Han, D. L. Donoho: Prevalence of neural collapse during the terminal phase of \
    deep learning training. PNAS 117, 2020. arXiv:2008.08186
    """,
    """
    C. Thrampoulidis, G. R. Kini, V. Vakilian, T. Behnia: Imbalance Trouble: Revisiting \
    Neural-Collapse Geometry. NeurIPS 2022. arXiv:2208.05512
    """,
  ]

  private func provenance(
    _ reproduction: Reproduction, threads: Int, seconds: Double
  ) -> [(String, String)] {
    let plan = reproduction.plan
    let sets = reproduction.images.values.sorted { $0.name.rawValue < $1.name.rawValue }
    return [
      ("program", "layerpeel \(Versions.layerPeel), plan \(plan.name)"), ("made", timestamp()),
      ("took", durationText(seconds)),
      (
        "data sets",
        sets.map { "\($0.name.rawValue): \($0.source), \($0.verification.words)" }
          .joined(separator: "; ")
      ),
      ("integrator", "SUNDIALS CVODE \(Versions.sundials), BDF and matrix-free Newton–Krylov"),
      ("networks' library", "oneDNN \(oneDNNVersion), float32, \(threads) threads"),
      ("BLAS", Versions.openBLAS),
    ]
  }
}

/// The claims as `--json` prints them.
private struct ClaimsDocument: Encodable {
  let claims: [Entry]
  let report: String

  struct Entry: Encodable {
    let name: String
    let verdict: String
    let origin: String
    let criterion: String
    let measured: [String: Double?]
  }

  init(_ claims: [Claim], report: String) {
    self.report = report
    self.claims = claims.map { claim in
      Entry(
        name: claim.name, verdict: claim.verdict.rawValue, origin: claim.origin.rawValue,
        criterion: claim.criterion,
        measured: Dictionary(claim.measured.map { ($0.name, $0.value) }) { $1 })
    }
  }
}

/// The claims for people.
private struct ClaimsSummary {
  let claims: [Claim]
  let report: String
  let seconds: Double

  init(_ claims: [Claim], report: String, seconds: Double) {
    self.claims = claims
    self.report = report
    self.seconds = seconds
  }

  var text: String {
    let rows = claims.map {
      [
        $0.name, $0.verdict.rawValue.split(separator: "_").joined(separator: " "),
        $0.origin.rawValue,
      ]
    }
    let reasons = claims.compactMap { claim in
      claim.openBecause.map { "\n\n" + wrapped("\(claim.name): \($0)") }
    }
    return tableText(["claim", "verdict", "whose"], rows) + reasons.joined()
      + (Interrupt.isRequested ? "\n\nInterrupted: the report holds what was finished." : "")
      + "\n\nReport: \(report) (\(durationText(seconds)))"
  }
}
