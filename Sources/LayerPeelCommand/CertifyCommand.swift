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
        layerpeel certify end.safetensors
        layerpeel certify net.safetensors --separable-part --json
        layerpeel certify pairs.safetensors --escape out.safetensors

      Verdicts: global (gap at most τ of the value); kkt_not_global (residuals at most τ, and a \
      better point of this dimension is known); kkt_gap_open (KKT in fewer than K - 1 dimensions, \
      nothing better known); not_kkt; not_separating. Exit status: 0 whatever the verdict; \
      64 unusable arguments; 65, 66 a point that cannot be read; 73 output that cannot be written.
      """)

  @Argument(
    help: ArgumentHelp(
      "A .safetensors file with W (K × d), H (N × d) and labels (N).", valueName: "file"))
  var file: String

  @Option(
    parsing: .unconditional,
    help: "τ: of the gap relative to the value, and of both scaled residuals.")
  var tolerance = 1e-6

  @Flag(help: "Judge only the samples that are on their side; the others are counted.")
  var separablePart = false

  @Option(
    help: ArgumentHelp(
      "Write the direction of the escape as a point, as .safetensors.", valueName: "file"))
  var escape: String?

  @Option(
    help: ArgumentHelp(
      "Write the better point that the escape leads to, as .safetensors.", valueName: "file"))
  var savePoint: String?

  @Option(help: ArgumentHelp("Write the judgement, as .json.", valueName: "file"))
  var out: String?

  @Flag(help: "Print the judgement as one JSON object on standard output, and nothing else there.")
  var json = false

  func run() throws {
    try reportingErrors {
      let escape = try escape.map { try OutputFile(path: $0, formats: PointFile.formats) }
      let better = try savePoint.map { try OutputFile(path: $0, formats: PointFile.formats) }
      let out = try out.map { try OutputFile(path: $0, formats: JudgementDocument.formats) }
      let input = try CertifiedInput(file, onlySeparable: separablePart)
      try requireMemory(
        Judgement.memoryNeeded(labels: input.labels, dimension: input.point.dimension))
      let began = ContinuousClock.now
      let judgement = try Judgement(of: input.point, labels: input.labels, tolerance: tolerance)
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      try report(judgement, of: input, seconds: seconds, to: out)
      try write(judgement, of: input, escape: escape, better: better)
    }
  }

  private func report(
    _ judgement: Judgement, of input: CertifiedInput, seconds: Double, to out: OutputFile?
  ) throws {
    let notSeparated = input.leftOut ?? judgement.notSeparated
    let document = JudgementDocument(
      judgement, notSeparated: notSeparated, command: "certify", version: Versions.layerPeel,
      time: timestamp(), seconds: seconds,
      settings: CertifySettings(
        file: file, tolerance: tolerance, isSeparablePart: separablePart, labels: input.labels,
        dimension: input.point.dimension))
    if json {
      try emit(document.json)
    } else {
      let summary = JudgementSummary(
        judgement, labels: input.labels, leftOut: input.leftOut, seconds: seconds)
      try emit(summary.text + "\n")
    }
    try out?.write(document.json)
  }

  private func write(
    _ judgement: Judgement, of input: CertifiedInput, escape: OutputFile?, better: OutputFile?
  ) throws {
    guard escape != nil || better != nil else { return }
    guard let way = judgement.escape else {
      say("No escape to write: \(judgement.escapeReason).")
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
}

/// The point that is judged.
struct CertifiedInput {
  let point: Point
  let labels: Labels
  /// The samples that were left out, where only the others are judged.
  let leftOut: Judgement.NotSeparated?

  init(_ path: String, onlySeparable: Bool) throws {
    let file = try PointFile(path: path)
    let point = try CertifiedInput.folded(file, path: path)
    guard onlySeparable else {
      (self.point, labels, leftOut) = (point, file.labels, nil)
      return
    }
    try LayerPeeledModel(labels: file.labels, dimension: point.dimension).validate(point)
    let separable = SeparablePart(of: point, labels: file.labels)
    guard let part = separable.part(of: point) else {
      throw FileError.malformed(
        path: path, place: "class \(separable.lostClass ?? 0)",
        expected: "a sample that separates, as only those are judged", found: "none",
        cure: "judge the whole point, without --separable-part")
    }
    (self.point, labels, leftOut) = (part.point, part.labels, separable.notSeparated)
  }

  // MARK: Where a bias enters: folded in as a constant feature, once point files carry it.
  private static func folded(_ file: PointFile, path: String) throws(FileError) -> Point {
    guard !file.hasBias else {
      throw .malformed(
        path: path, place: "array bias", expected: "none, as the model has no bias", found: "one",
        cure: "fold it into W and H as a constant feature")
    }
    return file.point
  }
}

/// What was asked for, as the output records it.
private struct CertifySettings: Encodable {
  let file: String
  let tolerance: Double
  let separablePart: Bool
  let classes: Int
  let classSizes: [Int]
  let dimension: Int
  let versions: [String: String]

  init(file: String, tolerance: Double, isSeparablePart: Bool, labels: Labels, dimension: Int) {
    self.file = file
    self.tolerance = tolerance
    self.separablePart = isSeparablePart
    self.classes = labels.classes
    self.classSizes = labels.sizes.counts
    self.dimension = dimension
    self.versions = ["openblas": Versions.openBLAS]
  }

  private enum CodingKeys: String, CodingKey {
    case file, tolerance, classes, versions
    case separablePart = "separable_part"
    case classSizes = "class_sizes"
    case dimension = "dim"
  }
}
