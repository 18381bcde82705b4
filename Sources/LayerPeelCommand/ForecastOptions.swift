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

  /// What gathers their starts; nil where no forecast was asked for.
  ///
  /// - Throws: `ModelError` where an epoch is not among those of the training, or where the
  ///   classifier has a bias, which the model has not.
  func watch(labels: Labels, epochs: Int, hasBias: Bool) throws(ModelError) -> ForecastWatch? {
    guard let forecast else {
      guard evaluations == nil else {
        throw .badSetting(
          argument: "forecast-evaluations", value: "no --forecast beside it",
          expected: "--forecast with the epochs to start from")
      }
      return nil
    }
    let watch = ForecastWatch(forecast.moments, labels: labels)
    if let epoch = watch.epochs.first(where: { !(1...epochs).contains($0) }) {
      throw .badSetting(
        argument: "forecast", value: "\(epoch)",
        expected: "epochs from 1 to \(epochs), first-zero or end")
    }
    if let evaluations, evaluations < 1 {
      throw .badSetting(
        argument: "forecast-evaluations", value: "\(evaluations)", expected: "at least 1")
    }
    guard !hasBias else {
      throw .badSetting(
        argument: "forecast", value: "a classifier with a bias",
        expected: "none, as the model has none; leave --bias out")
    }
    return watch
  }

  /// Bytes that the forecasts will take.
  func memoryNeeded(_ watch: ForecastWatch, sizes: ClassSizes, dimension: Int) -> Double {
    Forecast.memoryNeeded(sizes: sizes, dimension: dimension, count: watch.moments.count)
  }

  /// Follows the model from each start that training met.
  func run(_ watch: ForecastWatch, labels: Labels, isQuiet: Bool) throws -> [Forecast.Outcome] {
    let forecast = Forecast(labels: labels, settings: settings)
    return try watch.starts.map { start in
      var line = ProgressLine(isQuiet: isQuiet)
      let limit = Double(
        settings.evaluations(samples: labels.count, dimension: start.point.dimension))
      let outcome = try forecast.run(
        from: start, against: watch.probes,
        progress: { progress in
          line.show(
            max(progress.fraction ?? 0, Double(progress.steps) / limit),
            "forecast from epoch \(start.epoch)  margin ratio \(decimals(progress.marginRatio, 3))")
        }, isCancelled: { Interrupt.isRequested })
      line.clear()
      return outcome
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
