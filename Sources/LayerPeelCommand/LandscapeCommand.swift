import ArgumentParser
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// `layerpeel landscape`.
struct LandscapeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "landscape",
    abstract: "Map the critical points of the loss at one norm, and the way out of each saddle.",
    discussion: """
      Constructions from the literature and random points are refined until the gradient on the \
      sphere ‖W‖² + ‖H‖² = ρ² vanishes; duplicates up to symmetry are merged. With --weight-decay \
      the same for L + (μ/2)ρ², whose critical points are those of spheres, each at its own radius; \
      verdicts and curvatures are those on the point's own sphere. A global minimum or a saddle is \
      one in the whole space too, a local minimum need not be.

      Columns: log L, L summed over samples; rk, the rank of W; the multiplier μ, by which the point \
      is critical for L + (μ/2)ρ²; σ = ‖P - Y‖₂, equal to μ at a global minimum; lowest, the least \
      curvature and, after ×, how many equal it; neg, how many curvatures are negative; is, the \
      verdict: global or local minimum, (strict) saddle, degen. where no negative curvature was found \
      and that proves no minimum; met, how many starts led there. Starts that do not converge are \
      listed under the table and leave status 0.

      Names: collapse (seli with class sizes that differ); blocks-3+2, simplices of 3 and of 2 \
      classes at right angles, other classes at 0, and blocks-3x2, three simplices of 2; \
      merged-3+2, where 3 and 2 classes share a vector; polygon; -flip, the same with -H; flat, \
      for all of the continuum μ = 0 (all rows of W equal); origin; search-7, the seventh random \
      point; met-1, a point that no start but the descent of --follow met, which has no start to \
      follow or save.

      Examples:
        layerpeel landscape
        layerpeel landscape --class-sizes 6,6,2,2 --dim 6 --restarts 100
        layerpeel landscape --classes 6 --weight-decay 0.1 --out points.csv
        layerpeel landscape --follow blocks-2 --figure escape.svg
        layerpeel landscape --point polygon --save-point square.safetensors

      Exit status: 0 done, whatever the verdicts; 3 the saddle to follow or the point to save was not \
      reached, the point to follow is no saddle (then no file is written), or the escape did not \
      settle; 64 unusable arguments; 73 output that cannot be written; 130 \
      interrupted, with what was finished kept.
      """)

  @OptionGroup(title: "Model and search") var options: LandscapeOptions

  @Option(
    defaultAsFlag: LandscapeCommand.firstSaddle,
    help: ArgumentHelp(
      """
      Descend from this point until it settles, saddle after saddle; without a name from the first \
      saddle with μ > 0.
      """, valueName: "name"))
  var follow: String?

  @Option(
    help: ArgumentHelp(
      "Write the table, or with --follow the descent's trajectory, as .json or .csv.",
      valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Write the point of least loss, or with --follow the last, as .safetensors or .npz.",
      valueName: "file"))
  var savePoint: String?

  @Option(
    help: ArgumentHelp("Let --save-point write this point of the table.", valueName: "name"))
  var point: String?

  @Option(
    help: ArgumentHelp(
      "Draw the critical points, or with --follow the descent, as .pdf, .svg or .png.",
      valueName: "file"))
  var figure: String?

  @Flag(help: "Print the table as one JSON object on standard output, and nothing else there.")
  var json = false

  @Flag(help: "No progress on standard error.")
  var quiet = false

  private static let firstSaddle = "first"

  func validate() throws {
    guard point == nil || savePoint != nil else {
      throw ValidationError("--point says what --save-point writes; give --save-point a file")
    }
    guard point == nil || follow == nil else {
      throw ValidationError(
        "--point is not for --follow, with which --save-point writes the last point; leave one out")
    }
  }

  func run() throws {
    var status: ExitCode?
    try reportingErrors {
      let landscape = try options.landscape()
      try checkNames(in: landscape)
      let files = try OutputFiles(
        data: out, formats: LandscapeDocument.formats, point: savePoint, figure: figure)
      status = try map(landscape, into: files)
    }
    if let status { throw status }
  }

  /// Refuses a name that no start has, before any work.
  private func checkNames(in landscape: Landscape) throws(ModelError) {
    let asked = [
      ("follow", follow == LandscapeCommand.firstSaddle ? nil : follow), ("point", point),
    ]
    for case (let argument, let name?) in asked {
      let names = landscape.startNames
      guard !names.contains(name) else { continue }
      if name.hasPrefix("met-") {
        throw .badSetting(
          argument: argument, value: name,
          expected: "the name of a start (met-… are points that a descent alone meets; follow the "
            + "saddle whose descent met it)")
      }
      throw .badSetting(
        argument: argument, value: name,
        expected:
          "the name of a start; did you mean \(nearest(to: name, among: names) ?? "collapse")?")
    }
  }

  private func map(_ landscape: Landscape, into files: OutputFiles) throws -> ExitCode? {
    Interrupt.listen()
    var line = ProgressLine(isQuiet: quiet)
    let began = ContinuousClock.now
    var survey = try landscape.survey(
      progress: { progress in
        line.show(
          Double(progress.done) / Double(progress.total),
          "start \(progress.done) of \(progress.total)  \(progress.points) points")
      }, isCancelled: { Interrupt.isRequested })
    let escape = survey.isInterrupted ? nil : try followed(in: &survey, of: landscape, &line)
    line.clear()
    let seconds = (ContinuousClock.now - began) / .seconds(1)

    let output = LandscapeOutput(
      landscape, survey: survey, follow: follow, point: point, escape: escape, seconds: seconds)
    try emit(json ? output.document.json : output.summary.text + "\n")
    if output.hasNothingToFollow { return output.status }
    if let file = files.data { try output.write(to: file) }
    if let file = files.point { try output.writePoint(to: file, seed: options.seed) }
    try files.draw(output.figure)
    return output.status
  }

  private func followed(
    in survey: inout Survey, of landscape: Landscape, _ line: inout ProgressLine
  ) throws -> Route? {
    guard let follow else { return nil }
    let entry =
      follow == LandscapeCommand.firstSaddle ? survey.firstSaddle : survey.entry(named: follow)
    guard let entry else { return nil }
    guard entry.verdict == .strictSaddle else { return survey.route(from: entry, escape: nil) }
    let escape = try landscape.escape(
      from: entry.point,
      progress: { progress in
        line.show(
          nil,
          "log L \(significant(progress.logLoss, 4))  \(progress.steps) steps, "
            + "\(progress.saddles) saddles")
      }, isCancelled: { Interrupt.isRequested })
    try survey.note(escape)
    return survey.route(from: entry, escape: escape)
  }
}
