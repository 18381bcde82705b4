import ArgumentParser
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// What `layerpeel landscape` found, in each of the forms in which it leaves.
struct LandscapeOutput {
  let document: LandscapeDocument
  let summary: LandscapeSummary
  private let landscape: Landscape
  private let survey: Survey
  private let isFollowing: Bool
  /// The name of the point to save, if one was given.
  private let pointName: String?
  private let route: Route?
  private let seconds: Double

  init(
    _ landscape: Landscape, survey: Survey, follow: String?, point: String?, escape route: Route?,
    seconds: Double
  ) {
    self.landscape = landscape
    self.survey = survey
    self.route = route
    self.seconds = seconds
    isFollowing = follow != nil
    pointName = point
    let description = LandscapeDescription(
      landscape, follow: route?.start.name ?? follow,
      escape: route?.escape?.trajectory.settings)
    document = LandscapeDocument(
      survey, route: route, version: Versions.layerPeel, time: timestamp(), seconds: seconds,
      settings: description)
    summary = LandscapeSummary(
      landscape, survey: survey, follow: follow, route: route, seconds: seconds)
  }

  /// The descent's trajectory if there is one, else the table.
  func write(to file: OutputFile) throws(FileError) {
    guard let route, let escape = route.escape else { return try document.write(to: file) }
    let description = LandscapeDescription(
      landscape, follow: route.start.name, escape: escape.trajectory.settings)
    try TrajectoryDocument(
      escape.trajectory, command: "landscape", version: Versions.layerPeel, time: timestamp(),
      seconds: seconds, settings: [description]
    ).write(to: file)
  }

  /// The end of the descent, the point that was named, or the one of least loss; nil where that was
  /// not reached.
  private var point: Point? {
    if let route { return route.escape?.end ?? route.start.point.point }
    if let pointName { return survey.entry(named: pointName)?.point.point }
    return survey.entries.min { $0.point.logLoss < $1.point.logLoss }?.point.point
  }

  /// Writes the point, if there is one.
  func writePoint(to file: OutputFile, seed: UInt64) throws(FileError) {
    guard let point else { return }
    try PointFile.write(
      point, labels: landscape.model.labels,
      metadata: fileMetadata(command: "landscape", ["seed": "\(seed)"]), to: file.path)
  }

  /// The descent if there is one, else the critical points.
  var figure: Figure {
    let descent = route.flatMap { Figure.saddleEscape(of: $0, labels: landscape.model.labels) }
    return descent ?? Figure.landscape(of: LandscapeRecord(landscape, survey: survey))
  }

  /// Whether a descent was asked for and there is none: its files would show something else.
  var hasNothingToFollow: Bool { isFollowing && route?.escape == nil && !survey.isInterrupted }

  /// The exit status, where it is not 0.
  var status: ExitCode? {
    let termination = route?.escape?.trajectory.termination
    if survey.isInterrupted || termination == .interrupted {
      return ExitCode(ExitStatus.interrupted)
    }
    let isMissed = hasNothingToFollow || (pointName != nil && point == nil)
    if isMissed { return ExitCode(ExitStatus.targetMissed) }
    return termination.flatMap { statusCode(of: $0, hadTarget: true) }
  }
}
