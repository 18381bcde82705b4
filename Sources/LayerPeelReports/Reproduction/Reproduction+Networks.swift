import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks

extension Reproduction {
  /// Trains every network whose data are here; continues and forecasts the first perceptron.
  func trainNetworks(
    _ evidence: inout Evidence, keptIn folders: [String: RunFolder], _ observer: Observer
  ) throws {
    evidence.missing = missing.map(\.howToGet)
    for network in plan.networks {
      guard images[network.recipe.data] != nil, !observer.isCancelled() else { continue }
      let isFirst = evidence.networks.isEmpty && network.role == .perceptron
      let trained = try train(
        network, keptIn: folders[network.name], forecasts: isFirst, observer)
      evidence.add(trained.record, as: network.role)
      guard isFirst, let end = trained.end else { continue }
      evidence.baseline = try baseline(trained.labels, dimension: end.dimension)
      evidence.bridge = try bridge(from: end, trained.labels, of: network, observer)
      evidence.forecast = try forecast(trained, observer)
    }
  }

  /// A network that was trained, and what its last layer was where it is gone on from.
  private struct Trained {
    let record: NetworkRecord
    let labels: Labels
    let end: Point?
    let watch: ForecastWatch
  }

  private func train(
    _ network: NetworkPlan, keptIn folder: RunFolder?, forecasts: Bool, _ observer: Observer
  ) throws -> Trained {
    let ready = try PreparedTraining(network, images: images)
    let (samples, labels) = (ready.samples, ready.samples.train.labels)
    var watch = ForecastWatch(forecasts ? [.firstZeroError] : [], labels: labels)
    let start = try folder?.start(of: ready) ?? .fresh
    var onlooker = onlooker(of: network, samples: samples.train.count, from: start, observer)
    (onlooker.wantsEnd, onlooker.wantsPointsOfProbes) = (forecasts, forecasts)
    onlooker.probed = { if forecasts, let end = $0.end { watch.note($0, point: end) } }
    onlooker.save = folder?.keep
    let run = try ready.training.run(
      on: samples.train, test: ready.recipe.model == .linearFeatures ? nil : samples.test,
      from: start, observer: onlooker)
    if let failure = folder?.failure { throw failure }
    let record = NetworkRecord(name: network.name, run: run, samples: samples.train.count)
    try observer.trainingEnded(
      record, TrainingSettingsDescription(ready.training, threads: ready.recipe.threads),
      TrainingRunDescription(
        ready.recipe, images: ready.images, samples: samples, audit: run.audit))
    return Trained(record: record, labels: labels, end: run.end, watch: watch)
  }

  /// Who shows how far a training is, and stops it after the first epochs where only those are
  /// asked for.
  private func onlooker(
    of network: NetworkPlan, samples: Int, from start: Training.Start, _ observer: Observer
  ) -> Training.Observer {
    let epochs = min(network.recipe.settings.epochs, firstEpochs ?? .max)
    let total = Double(epochs) * Double(samples)
    var finished = 0
    if case .checkpoint(let checkpoint) = start { finished = checkpoint.epochs }
    var onlooker = Training.Observer()
    onlooker.progress = {
      finished = $0.epochs
      observer.progress("network: \(network.name)", Double($0.samples) / total)
    }
    onlooker.isCancelled = { finished >= epochs || observer.isCancelled() }
    return onlooker
  }

  /// The metrics of Gaussian features and classifier.
  private func baseline(_ labels: Labels, dimension: Int) throws -> Measurement {
    let model = try LayerPeeledModel(labels: labels, dimension: dimension)
    return CollapseMetrics.measure(gaussianStart(model, seed: 0), labels: labels)
  }

  private func bridge(
    from end: Point, _ labels: Labels, of network: NetworkPlan, _ observer: Observer
  ) throws -> FlowRecord? {
    let model = try LayerPeeledModel(labels: labels, dimension: end.dimension)
    var settings = Flow.Settings()
    settings.untilMarginRatio = plan.bridgeMarginRatio
    settings.maximumEvaluations = plan.bridgeEvaluations
    // Large and stiff: the certificate, not the tolerance, says how good the end is.
    settings.relativeTolerance = 1e-6
    return try flow(
      "from the network's last layer", model, from: end,
      StartDescription(
        "the last layer of the network of seed \(network.recipe.settings.seed)", of: model),
      settings, observer
    )?.record
  }

  /// From the first epoch of zero training error, if there was one.
  private func forecast(_ trained: Trained, _ observer: Observer) throws -> Forecast.Outcome? {
    guard let start = trained.watch.starts.first, !observer.isCancelled() else { return nil }
    var forecast = Forecast(labels: trained.labels)
    forecast.settings.maximumEvaluations = plan.bridgeEvaluations
    let outcome = try forecast.run(
      from: start, against: trained.watch.probes,
      progress: { observer.progress("forecast from epoch \(start.epoch)", $0.fraction) },
      isCancelled: observer.isCancelled)
    try observer.forecastEnded(outcome)
    return outcome
  }
}
