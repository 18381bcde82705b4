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
      it is followed a little. In the table, value is that of the point scaled to a least margin \
      of 1, bound what no point is below, stationarity and compl. (complementarity) are the two \
      residuals, and ratio is the margin ratio: the point's normalised margin over the best one.

      Examples:
        layerpeel certify end.safetensors --proof proof.json
        layerpeel certify net.npz --separable-part --json
        layerpeel certify pairs.safetensors --escape out.safetensors

      Verdicts: global (gap at most τ of the value); kkt_not_global (residuals at most τ, and a \
      better point of this dimension is known); kkt_gap_open (KKT in fewer than K - 1 dimensions, \
      nothing better known); not_kkt; not_separating. Exit status: 0 whatever the verdict; \
      64 unusable arguments; 65, 66 a point that cannot be read; 73 output that cannot be \
      written; 130 interrupted, with what was found kept.
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
      """
      Write the better point that the escape leads to, or else that the search met, as \
      .safetensors or .npz.
      """, valueName: "file"))
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
      Below K - 1 dimensions, random starts of a search for a point that beats a KKT point; 0 \
      searches for none (default: \(BetterPointSearch.usualRestarts), where that takes no minutes).
      """)
  var restarts: Int?

  @Flag(help: "Print the judgement as one JSON object on standard output, and nothing else there.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  func run() throws {
    var status: ExitCode?
    try reportingErrors {
      let output = try CertifyOutput(
        escape: escape, better: savePoint, judgement: out, proof: proof)
      try checkSettings()
      let input = try CertifiedInput(file, onlySeparable: separablePart)
      try input.validate()
      Interrupt.listen()
      let findings = try findings(on: input, isProved: output.proof != nil)
      let document = findings.document(
        of: input,
        settings: CertifySettings(
          file: file, tolerance: tolerance,
          restarts: restarts ?? BetterPointSearch.usualRestarts, separablePart: separablePart,
          input: input))
      if json {
        try emit(document.json)
      } else {
        try emit(JudgementSummary(findings, of: input, proofFile: proof).text + "\n")
      }
      try output.write(findings, of: input, from: file, document: document)
      if Interrupt.isRequested { status = ExitCode(ExitStatus.interrupted) }
    }
    if let status { throw status }
  }

  private func checkSettings() throws(ModelError) {
    try Judgement.validate(tolerance: tolerance)
    if let restarts, !(0...1_000_000).contains(restarts) {
      throw .badSetting(argument: "restarts", value: "\(restarts)", expected: "0 to 1000000")
    }
  }

  /// The judgement, and below `K - 1` dimensions what a search for a better point found.
  private func findings(on input: CertifiedInput, isProved: Bool) throws -> Findings {
    // First, as it refuses a proof that is too large before any work.
    let proof = isProved ? try SeparationProof(point: input.point, labels: input.labels) : nil
    let began = ContinuousClock.now
    let judgement = try Judgement(of: input.point, labels: input.labels, tolerance: tolerance)
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let search = BetterPointSearch(
      sizes: input.labels.sizes, dimension: input.point.dimension, restarts: restarts)
    let better =
      judgement.verdicts.contains(.gapOpen) ? try search.outcome(isQuiet: quiet) : .notNeeded
    let known = better.result?.solution?.certificate.primal
    return Findings(
      judgement: known.map(judgement.knowing) ?? judgement, better: better, proof: proof,
      seconds: seconds)
  }
}
