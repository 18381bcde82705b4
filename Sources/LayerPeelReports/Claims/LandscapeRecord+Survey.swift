public import LayerPeel
import LayerPeelFiles

extension LandscapeRecord {
  /// What a survey found, and where the descents that were followed went.
  public init(_ landscape: Landscape, survey: Survey, routes: [Route] = []) {
    let model = landscape.model
    let descents = Dictionary(
      routes.compactMap { route in Descent(route).map { (route.start.name, $0) } }
    ) { first, _ in first }
    self.init(
      name: LandscapeRecord.name(of: model), sizes: model.sizes, dimension: model.dimension,
      level: landscape.settings.level,
      points: survey.entries.map { Entry($0, descent: descents[$0.name]) },
      starts: survey.startCount, trivialStarts: survey.trivialCount,
      failedStarts: survey.failures.count, isInterrupted: survey.isInterrupted)
  }

  /// Where its points lie, in words.
  var place: String {
    switch level {
    case .weightDecay(let decay):
      return "with weight decay \(FigureText.shortest(decay)) on the summed loss"
    case .radius(let radius):
      let margin = radius * radius / (2 * SeparationProblem(sizes: sizes).value)
      return "on the sphere of norm \(FigureText.decimal(radius, digits: 2)), where the best "
        + "margins are \(FigureText.decimal(margin, digits: abs(margin.rounded() - margin) < 1e-9 ? 0 : 2)) nats"
    }
  }

  /// `4 classes of 5 in 8 dimensions`, `classes of 6, 6, 2, 2 in 6 dimensions`.
  static func name(of model: LayerPeeledModel) -> String {
    let counts = model.sizes.counts
    let samples =
      model.sizes.areBalanced
      ? "\(counts.count) classes of \(counts[0])"
      : "classes of " + counts.map(String.init).joined(separator: ", ")
    return "\(samples) in \(model.dimension) dimensions"
  }
}

extension LandscapeRecord.Entry {
  init(_ entry: Survey.Entry, descent: LandscapeRecord.Descent?) {
    let point = entry.point
    self.init(
      name: entry.name, verdict: entry.verdict, isFlat: entry.isFlat, radius: point.point.norm,
      logLoss: point.logLoss, multiplierRatio: point.ratio(.multiplier),
      spectralNormRatio: point.ratio(.spectralNorm) ?? 0,
      scaledGradientNorm: point.scaledGradientNorm, boundRatio: point.ratio(.bound),
      singularValues: point.classifierSingularValues, rank: point.rank,
      jointRank: point.jointRank, curvatureRatio: entry.curvatureRatio,
      errorRatio: point.ratio(.curvatureError) ?? 0, multiplicity: point.multiplicity,
      index: entry.index, marginRatio: point.marginRatio.number, starts: entry.count,
      descent: descent)
  }
}

extension LandscapeRecord.Descent {
  init?(_ route: Route) {
    guard let escape = route.escape, let logLoss = escape.trajectory.last[.logLoss].number else {
      return nil
    }
    self.init(
      logLoss: logLoss, steps: escape.trajectory.cost.steps, saddles: route.saddles,
      destination: route.destination, hasSettled: escape.trajectory.termination == .settled)
  }
}
