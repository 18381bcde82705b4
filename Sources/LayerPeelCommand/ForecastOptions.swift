import ArgumentParser
import LayerPeel
import LayerPeelNetworks
import LayerPeelReports

/// When the model's flow is started from a network that trains, and how long it is followed.
struct ForecastOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Epochs whose last layer the model's flow goes on from, to see where it leads and whether \
      the network goes there: 10,40, first-zero (the first without training error), end.
      """, valueName: "epochs"))
  var forecast: ForecastMoments?

  @Option(
    name: .customLong("forecast-evaluations"), parsing: .unconditional,
    help: ArgumentHelp(
      "Gradient evaluations each of these flows may take (default: by size, some minutes).",
      valueName: "n"))
  var evaluations: Int?

  private var settings: Forecast.Settings {
    var settings = Forecast.Settings()
    settings.maximumEvaluations = evaluations
    return settings
  }

  /// The epochs among them, which a training must probe.
  var epochs: [Int] {
    forecast?.moments.compactMap { if case .epoch(let epoch) = $0 { epoch } else { nil } } ?? []
  }

  /// What gathers their starts; nil where no forecast was asked for.
  ///
  /// - Throws: `ModelError` where an epoch is not one that the training will probe, where the
  ///   classifier has a bias, which the model has not, or where memory does not suffice.
  func watch(_ plan: TrainPlan) throws(ModelError) -> ForecastWatch? {
    guard let forecast else {
      try require(
        evaluations == nil, "forecast-evaluations", "no --forecast beside it",
        "--forecast with the epochs to start from")
      return nil
    }
    let (settings, labels) = (plan.training.settings, plan.samples.train.labels)
    for epoch in epochs {
      try require(
        (0...settings.epochs).contains(epoch), "forecast", "\(epoch)",
        "epochs from 0 to \(settings.epochs), first-zero or end")
      try require(
        plan.checkpoint == nil || epoch > plan.epochsDone, "forecast", "\(epoch)",
        "epochs after \(plan.epochsDone), from which the run goes on, or end")
      try require(
        settings.probedEpochs.contains(epoch), "forecast", "\(epoch)",
        "an epoch that the run was begun to probe")
    }
    try require(
      evaluations ?? 1 >= 1, "forecast-evaluations", "\(evaluations ?? 1)", "at least 1")
    if forecast.moments.contains(.firstZeroError), let epoch = plan.checkpoint?.zeroErrorEpoch {
      try require(
        false, "forecast", "first-zero, which was epoch \(epoch)",
        "epochs after \(plan.epochsDone), from which the run goes on, or end")
    }
    let architecture = plan.training.architecture
    try require(
      !architecture.hasClassifierBias, "forecast", "a classifier with a bias",
      "none, as the model has none; leave --bias out")
    let watch = ForecastWatch(forecast.moments, labels: labels)
    try requireMemory(
      plan.training.memoryNeeded(samples: labels.count)
        + Forecast.memoryNeeded(
          sizes: labels.sizes, dimension: architecture.dimension, count: watch.moments.count))
    return watch
  }

  private func require(
    _ isMet: Bool, _ argument: String, _ value: String, _ expected: String
  ) throws(ModelError) {
    guard isMet else {
      throw .badSetting(argument: argument, value: value, expected: expected)
    }
  }

  /// Says which of the moments training did not come to.
  func sayWhatNeverCame(_ watch: ForecastWatch) {
    let met = Set(watch.starts.map(\.epoch))
    for epoch in watch.epochs where !met.contains(epoch) {
      say("No forecast from epoch \(epoch): training ended before it.")
    }
    if watch.moments.contains(.firstZeroError), !watch.hasMetZeroError {
      say("No forecast from first-zero: no epoch was without training error.")
    }
  }

  /// Follows the model from each start that training met, until interrupted, and gives every outcome
  /// away at once.
  func run(
    _ watch: ForecastWatch, labels: Labels, isQuiet: Bool,
    followed: (Forecast.Outcome) -> Void
  ) throws {
    let forecast = Forecast(labels: labels, settings: settings)
    for start in watch.starts {
      if Interrupt.isRequested { return }
      var line = ProgressLine(isQuiet: isQuiet)
      let limit = Double(
        settings.evaluations(samples: labels.count, dimension: start.point.dimension))
      let outcome = try forecast.run(
        from: start, against: watch.probes,
        progress: { progress in
          line.show(
            max(progress.fraction ?? 0, Double(progress.gradientEvaluations) / limit),
            "forecast from epoch \(start.epoch)  margin ratio \(decimals(progress.marginRatio, 3))")
        }, isCancelled: { Interrupt.isRequested })
      line.clear()
      followed(outcome)
    }
  }
}

/// Epochs and words for them, separated by commas.
struct ForecastMoments: ExpressibleByArgument {
  let moments: [ForecastWatch.Moment]

  init?(argument: String) {
    var moments: [ForecastWatch.Moment] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      switch part {
      case "first-zero": moments.append(.firstZeroError)
      case "end": moments.append(.end)
      default:
        guard let epoch = Int(part) else { return nil }
        moments.append(.epoch(epoch))
      }
    }
    self.moments = moments
  }
}
