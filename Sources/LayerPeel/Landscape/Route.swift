/// A critical point of a survey and where its escape leads.
public struct Route: Sendable {
  /// Where it starts.
  public let start: Survey.Entry
  /// The way; nil from a point that has none.
  public let escape: Escape?
  /// The names of the saddles on the way, in their order; nil for one that the survey does not
  /// have.
  public let saddles: [String?]
  /// The name of the point where it settled; nil if it did not, or if the survey does not have it.
  public let destination: String?
}

extension Landscape {
  /// What leads where: the escape from every saddle of a survey.
  ///
  /// *Cost:* one escape a saddle.
  ///
  /// - Parameters:
  ///   - survey: What ``survey(progress:isCancelled:)`` of this landscape found; points that are met
  ///     only on the way are added to it, as ``Survey/note(_:)`` does, and followed in their turn.
  ///   - settings: How to push, and when to give up.
  ///   - progress: Told before each escape how many are done, and of how many so far.
  ///   - isCancelled: Asked once a step; routes that are done are kept.
  /// - Throws: Nothing, where the survey's points are this landscape's.
  public func routes(
    of survey: inout Survey, settings: Escape.Settings = Escape.Settings(),
    progress: (Int, Int) -> Void = { _, _ in }, isCancelled: () -> Bool = { false }
  ) throws(ModelError) -> [Route] {
    var routes: [Route] = []
    while routes.count < survey.entries.count, !isCancelled() {
      let entry = survey.entries[routes.count]
      progress(routes.count, survey.entries.count)
      var way: Escape?
      if entry.verdict == .strictSaddle {
        way = try escape(from: entry.point, settings: settings, isCancelled: isCancelled)
      }
      if let way { try survey.note(way) }
      routes.append(survey.route(from: entry, escape: way))
    }
    return routes
  }
}

extension Survey {
  /// Adds the critical points that an escape met and no start led to, as `met-1` and so on, with a
  /// count of zero.
  public mutating func note(_ escape: Escape) throws(ModelError) {
    for visit in escape.visits where entry(like: visit.point) == nil {
      let number = 1 + entries.count { $0.count == 0 }
      let point = try CriticalPoint(
        visit.point.model, at: visit.point.point, name: "met-\(number)")
      let trait = Trait(point.point, model: point.model)
      entries.append(Entry(point, at: level, starts: [], trait: trait))
    }
  }

  /// An escape in the names of the survey.
  public func route(from start: Entry, escape: Escape?) -> Route {
    let between = escape.map { $0.visits.dropFirst().filter { $0.point.verdict == .strictSaddle } }
    return Route(
      start: start, escape: escape, saddles: (between ?? []).map { entry(like: $0.point)?.name },
      destination: escape?.destination.flatMap { entry(like: $0)?.name })
  }
}
