import ArgumentParser
import LayerPeel
import LayerPeelFiles

/// `layerpeel certify`.
struct CertifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Judge any point (W, H, labels): global, KKT but not global, or neither; with proof.",
    discussion: """
      The point is judged in the minimum-norm separation problem, whose KKT points are where the \
      flow can go: min ½‖W‖² + ½‖H‖² with all margins at least 1. The gap to the global optimum is \
      proved by weak duality; stationarity and complementarity are residuals of the KKT conditions \
      at any scale of the point. Where the point is KKT and not global, the direction that leaves \
      it is followed a little.

      Examples:
        layerpeel certify end.safetensors --proof proof.json
        layerpeel certify net.npz --separable-part --json
        layerpeel certify pairs.safetensors --escape out.safetensors

      Verdicts: global (gap at most τ of the value); kkt_not_global (residuals at most τ, and a \
      better point of this dimension is known); kkt_gap_open (KKT in fewer than K - 1 dimensions, \
      nothing better known); not_kkt; not_separating. Exit status: 0 whatever the verdict; \
      64 unusable arguments; 65, 66 a point that cannot be read; 73 output that cannot be written.
      """)

  @Argument(
    help: ArgumentHelp(
      """
      A .safetensors or .npz file with W (K × d), H or features (N × d), labels (N), and perhaps \
      bias (K), which counts as a constant feature.
      """, valueName: "file"))
  var file: String

  @Option(
    parsing: .unconditional,
    help: "τ: of the gap relative to the value, and of both scaled residuals.")
  var tolerance = 1e-6

  @Flag(help: "Judge only the samples that are on their side; the others are counted.")
  var separablePart = false

  @Option(
    help: ArgumentHelp(
      "Write the direction of the escape as a point, as .safetensors or .npz.", valueName: "file"))
  var escape: String?

  @Option(
    help: ArgumentHelp(
      "Write the better point that the escape leads to, as .safetensors or .npz.", valueName: "file"
    ))
  var savePoint: String?

  @Option(help: ArgumentHelp("Write the judgement, as .json.", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Write a proof in exact arithmetic, as .json; Scripts/check_proof.py checks it.",
      valueName: "file"))
  var proof: String?

  @Option(
    parsing: .unconditional,
    help: """
      Below K - 1 dimensions, random starts of a search for a point that beats a KKT point.
      """)
  var restarts = 20

  @Flag(help: "Print the judgement as one JSON object on standard output, and nothing else there.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  func run() throws {
    try reportingErrors {
      let escape = try escape.map { try OutputFile(path: $0, formats: PointFile.formats) }
      let better = try savePoint.map { try OutputFile(path: $0, formats: PointFile.formats) }
      let out = try out.map { try OutputFile(path: $0, formats: JudgementDocument.formats) }
      let proofFile = try proof.map { try OutputFile(path: $0, formats: ProofDocument.formats) }
      try checkRestarts()
      let input = try CertifiedInput(file, onlySeparable: separablePart)
      try requireMemory(
        Judgement.memoryNeeded(labels: input.labels, dimension: input.point.dimension))
      Interrupt.listen()
      // First, as it refuses a proof that is too large before any work.
      let proof = try proofFile.flatMap { file in try write(proofOf: input, to: file) }
      let findings = try findings(on: input, proof: proof)
      try report(findings, of: input, to: out)
      try write(findings, of: input, escape: escape, better: better)
    }
  }

  private func checkRestarts() throws(ModelError) {
    guard (0...1_000_000).contains(restarts) else {
      throw .badSetting(argument: "restarts", value: "\(restarts)", expected: "0 to 1000000")
    }
  }

  /// The judgement, and below `K - 1` dimensions what a search for a better point found.
  private func findings(on input: CertifiedInput, proof: SeparationProof?) throws -> Findings {
    let began = ContinuousClock.now
    let judgement = try Judgement(of: input.point, labels: input.labels, tolerance: tolerance)
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let isOpen = [judgement.verdict, judgement.balancedVerdict].contains(.gapOpen)
    let search = isOpen && restarts > 0 ? try search(beside: input) : nil
    let known = search?.solution?.certificate.primal
    return Findings(
      judgement: known.map(judgement.knowing) ?? judgement, search: search, proof: proof,
      seconds: seconds)
  }

  private func search(beside input: CertifiedInput) throws -> SeparationResult {
    var settings = SeparationSearch.Settings()
    settings.restarts = restarts
    let search = try SeparationSearch(
      SeparationProblem(sizes: input.labels.sizes), dimension: input.point.dimension,
      settings: settings)
    try requireMemory(
      SeparationSearch.memoryNeeded(sizes: input.labels.sizes, dimension: input.point.dimension))
    var line = ProgressLine(isQuiet: quiet)
    defer { line.clear() }
    return search.result(
      progress: { progress in
        line.show(
          Double(progress.finished) / Double(progress.starts),
          "looking for a better point: start \(progress.finished) of \(progress.starts)")
      }, isCancelled: { Interrupt.isRequested })
  }

  private func write(proofOf input: CertifiedInput, to file: OutputFile) throws -> SeparationProof?
  {
    guard let proof = try SeparationProof(point: input.point, labels: input.labels) else {
      say("No proof to write: some samples are not on their side.")
      return nil
    }
    try ProofDocument(proof).write(to: file)
    return proof
  }

  private func report(
    _ findings: Findings, of input: CertifiedInput, to out: OutputFile?
  ) throws {
    let document = JudgementDocument(
      findings.judgement, notSeparated: input.leftOut ?? findings.judgement.notSeparated,
      command: "certify", version: Versions.layerPeel, time: timestamp(),
      seconds: findings.seconds,
      settings: CertifySettings(
        file: file, tolerance: tolerance, restarts: restarts, isSeparablePart: separablePart,
        input: input), search: findings.search, proof: findings.proof)
    if json {
      try emit(document.json)
    } else {
      try emit(JudgementSummary(findings, of: input, proofFile: proof).text + "\n")
    }
    try out?.write(document.json)
  }

  private func write(
    _ findings: Findings, of input: CertifiedInput, escape: OutputFile?, better: OutputFile?
  ) throws {
    let judgement = findings.judgement
    guard let way = judgement.escape else {
      if escape != nil { say("No escape to write: \(judgement.escapeReason).") }
      try better.map { try write(betterOf: findings, to: $0) }
      return
    }
    let about = metadata(
      command: "certify", ["sigma": "\(way.sigma)", "step": "\(way.step)", "from": file])
    if let escape {
      try PointFile.write(way.direction, labels: input.labels, metadata: about, to: escape.path)
    }
    if let better {
      try PointFile.write(
        way.point(at: way.step), labels: input.labels, metadata: about, to: better.path)
    }
  }

  /// Without an escape, the better point that the search met.
  private func write(betterOf findings: Findings, to file: OutputFile) throws {
    let isBeaten = [findings.judgement.verdict, findings.judgement.balancedVerdict]
      .contains(.notGlobal)
    guard isBeaten, let solution = findings.search?.solution else {
      return say("No better point to write: \(findings.judgement.escapeReason).")
    }
    try PointFile.write(
      solution.point, labels: solution.multipliers.labels,
      metadata: metadata(command: "certify", ["from": self.file]), to: file.path)
  }
}

/// Everything that was found out about a point.
struct Findings {
  let judgement: Judgement
  /// Nil where no better point was looked for.
  let search: SeparationResult?
  let proof: SeparationProof?
  /// What the judgement took.
  let seconds: Double
}

/// What was asked for, as the output records it.
private struct CertifySettings: Encodable {
  let file: String
  let tolerance: Double
  let restarts: Int
  let separablePart: Bool
  let biasFolded: Bool
  let classes: Int
  let classSizes: [Int]
  let dimension: Int
  let versions: [String: String]

  init(
    file: String, tolerance: Double, restarts: Int, isSeparablePart: Bool, input: CertifiedInput
  ) {
    self.file = file
    self.tolerance = tolerance
    self.restarts = restarts
    self.separablePart = isSeparablePart
    self.biasFolded = input.isBiasFolded
    self.classes = input.labels.classes
    self.classSizes = input.labels.sizes.counts
    self.dimension = input.point.dimension
    self.versions = ["openblas": Versions.openBLAS]
  }

  private enum CodingKeys: String, CodingKey {
    case file, tolerance, restarts, classes, versions
    case biasFolded = "bias_folded"
    case separablePart = "separable_part"
    case classSizes = "class_sizes"
    case dimension = "dim"
  }
}
