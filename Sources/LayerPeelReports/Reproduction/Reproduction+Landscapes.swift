public import LayerPeel
import LayerPeelFiles

extension Reproduction {
  /// Class sizes and dimensions of the landscapes that are mapped: the zoo of four, five and six
  /// classes first, then `d = K - 1`, room to spare, and unequal classes.
  static let landscapes: [(counts: [Int], dimension: Int)] = [
    ([5, 5, 5, 5], 4), ([5, 5, 5, 5, 5], 5), ([5, 5, 5, 5, 5, 5], 6), ([5, 5, 5, 5], 3),
    ([5, 5, 5, 5], 8), ([10, 10, 10], 4), ([6, 6, 2, 2], 6), ([8, 4, 2, 1, 1], 4),
  ]

  /// Whether a descent is drawn, and kept step by step: from one pair of four classes by way of two
  /// pairs, with no more dimensions than classes.
  public static func isDrawn(_ route: Route, of model: LayerPeeledModel) -> Bool {
    model.sizes.areBalanced && model.sizes.classes == 4 && model.dimension == 4
      && route.start.name == "blocks-2"
  }

  /// Surveys every landscape, and follows the way out of each saddle.
  func mapLandscapes(_ evidence: inout Evidence, _ observer: Observer) throws {
    for (counts, dimension) in Reproduction.landscapes {
      if observer.isCancelled() { return }
      let model = try LayerPeeledModel(sizes: ClassSizes(counts), dimension: dimension)
      var settings = Landscape.Settings(level: .radius(model.radius()))
      settings.restarts = plan.landscapeRestarts
      let landscape = Landscape(model, settings: settings)
      let name = LandscapeRecord.name(of: model)
      var survey = try landscape.survey(
        progress: { observer.progress("landscape: \(name)", Double($0.done) / Double($0.total)) },
        isCancelled: observer.isCancelled)
      let routes = try landscape.routes(
        of: &survey,
        progress: { observer.progress("descents: \(name)", Double($0) / Double($1)) },
        isCancelled: observer.isCancelled)
      var record = LandscapeRecord(landscape, survey: survey, routes: routes)
      record.isInterrupted = record.isInterrupted || routes.count < survey.entries.count
      evidence.landscapes.append(record)
      evidence.draw(survey, routes, of: model)
      try observer.landscapeEnded(record, landscape, survey, routes)
    }
  }
}

extension Evidence {
  /// What is drawn of a landscape: by number of classes, in as many dimensions.
  private static let drawn: [Int: [String]] = [
    4: ["collapse", "blocks-2+2", "merged-2", "collapse-flip"], 5: ["blocks-3+2", "polygon"],
    6: ["blocks-3x2", "polygon"],
  ]

  /// Keeps the class vectors of points with a shape to remember, and the descent from one pair by
  /// way of two pairs.
  fileprivate mutating func draw(_ survey: Survey, _ routes: [Route], of model: LayerPeeledModel) {
    let classes = model.sizes.classes
    guard model.sizes.areBalanced, model.dimension == classes else { return }
    for name in Evidence.drawn[classes] ?? [] {
      guard let entry = survey.entry(named: name) else { continue }
      let ratio = entry.point.marginRatio.number.map {
        "margin ratio \(FigureText.decimal($0, digits: 3))"
      }
      classVectors.append(
        ClassVectors(
          name: CriticalPointName(name).words,
          note: "\(classes) classes" + (ratio.map { ", \($0)" } ?? ""),
          of: entry.point.point, labels: model.labels))
    }
    let route = routes.first { Reproduction.isDrawn($0, of: model) }
    guard let route, let escape = route.escape else { return }
    descent = DescentRecord(
      trajectory: escape.trajectory, stops: EscapeStop.stops(of: route, labels: model.labels))
  }
}
