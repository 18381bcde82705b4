public import LayerPeel
public import LayerPeelFiles
import LayerPeelNetworks

/// Runs what the report is made of: flows of the model, its landscapes, networks, and the bridge
/// between them.
public struct Reproduction {
  /// What is run.
  public let plan: ReproductionPlan
  /// On which images.
  public let images: ImageDataSet

  /// A reproduction on given images.
  public init(plan: ReproductionPlan, images: ImageDataSet) {
    self.plan = plan
    self.images = images
  }

  /// What a run tells the world while it goes on.
  public struct Observer {
    /// A name for what runs now, and the share of it that is done, if known.
    public let progress: (String, Double?) -> Void
    /// Whether to stop.
    public let isCancelled: () -> Bool
    /// A flow has ended.
    public let flowEnded: (FlowRecord) throws -> Void
    /// A training has ended; what it was, and what was executed.
    public let trainingEnded:
      (NetworkRecord, TrainingSettingsDescription, TrainingRunDescription) throws -> Void
    /// The end of the flow of that name is proved.
    public let endProved: (String, SeparationProof) throws -> Void
    /// KKT points are judged.
    public let pointsJudged: ([KKTPointRecord]) throws -> Void
    /// A landscape is surveyed, and the descents from its saddles are followed.
    public let landscapeEnded: (LandscapeRecord, Landscape, Survey, [Route]) throws -> Void

    /// An observer of given parts.
    public init(
      progress: @escaping (String, Double?) -> Void, isCancelled: @escaping () -> Bool,
      flowEnded: @escaping (FlowRecord) throws -> Void,
      trainingEnded:
        @escaping (
          NetworkRecord, TrainingSettingsDescription, TrainingRunDescription
        ) throws -> Void,
      endProved: @escaping (String, SeparationProof) throws -> Void,
      pointsJudged: @escaping ([KKTPointRecord]) throws -> Void,
      landscapeEnded: @escaping (LandscapeRecord, Landscape, Survey, [Route]) throws -> Void
    ) {
      self.progress = progress
      self.isCancelled = isCancelled
      self.flowEnded = flowEnded
      self.trainingEnded = trainingEnded
      self.endProved = endProved
      self.pointsJudged = pointsJudged
      self.landscapeEnded = landscapeEnded
    }
  }

  /// Runs everything in turn; what is cancelled stays empty, or ends early and says so.
  public func run(_ observer: Observer) throws -> Evidence {
    var evidence = Evidence(plannedSeeds: plan.seeds.count)
    try followModel(&evidence, observer)
    try judgeKKTPoints(&evidence, observer)
    try mapLandscapes(&evidence, observer)
    let lastLayer = try trainNetworks(&evidence, observer)
    if let lastLayer { evidence.bridge = try bridge(from: lastLayer, observer) }
    return evidence
  }
}

// MARK: - Networks

extension Reproduction {
  /// Trains every network; returns the last layer of the first.
  private func trainNetworks(
    _ evidence: inout Evidence, _ observer: Observer
  ) throws -> (point: Point, labels: Labels)? {
    let chosen = try images.firstOfEachClass(plan.imagesPerClass)
    let few = try images.firstOfEachClass(plan.shuffledImagesPerClass)
    let judged = try (chosen, TrainingSamples(chosen))
    var lastLayer: (Point, Labels)?
    for seed in plan.seeds {
      var settings = self.settings
      settings.seed = seed
      guard let run = try train("seed \(seed)", on: judged, settings, .batch, observer) else {
        break
      }
      evidence.networks.append(run.record)
      lastLayer = lastLayer ?? (run.end, judged.1.train.labels)
    }

    var decaying = settings
    decaying.weightDecay = 5e-4
    var shuffled = settings
    shuffled.epochs = plan.shuffledEpochs
    let dealt = try (few, TrainingSamples(few, labels: .shuffled, seed: 0))
    let controls = [
      try train("weight decay 5e-4", on: judged, decaying, .batch, observer),
      try train(
        "shuffled labels", on: dealt, shuffled, .batch, observer),
      try train("no batch norm", on: judged, settings, .none, observer),
    ]
    evidence.controls = controls.compactMap { $0?.record }
    evidence.baseline = try baseline(judged.1.train.labels)
    return lastLayer
  }

  private var settings: Training.Settings {
    var settings = Training.Settings()
    settings.epochs = plan.epochs
    return settings
  }

  /// One training, or none if it was cancelled beforehand.
  private func train(
    _ name: String, on data: (images: ImageDataSet, samples: TrainingSamples),
    _ settings: Training.Settings, _ normalization: NetworkArchitecture.Normalization,
    _ observer: Observer
  ) throws -> (record: NetworkRecord, end: Point)? {
    if observer.isCancelled() { return nil }
    let architecture = try NetworkArchitecture(
      inputs: images.pixels, classes: images.classes, normalization: normalization)
    let training = Training(architecture, settings: settings)
    let samples = data.samples
    let total = Double(settings.epochs) * Double(samples.train.count)
    let run = try training.run(
      on: samples.train, test: samples.test,
      progress: { observer.progress("network: \(name)", Double($0.samples) / total) },
      isCancelled: observer.isCancelled)
    let record = NetworkRecord(name: name, run: run)
    try observer.trainingEnded(
      record, TrainingSettingsDescription(training, threads: NetworkThreads.available),
      TrainingRunDescription(
        images: data.images, samples: samples, audit: run.audit))
    return (record, run.end!)
  }

  /// The metrics of Gaussian features and classifier.
  private func baseline(_ labels: Labels) throws -> Measurement {
    let dimension = try NetworkArchitecture(
      inputs: images.pixels, classes: images.classes
    ).dimension
    let model = try LayerPeeledModel(labels: labels, dimension: dimension)
    return CollapseMetrics.measure(gaussianStart(model, seed: 0), labels: labels)
  }

  private func bridge(
    from lastLayer: (point: Point, labels: Labels), _ observer: Observer
  ) throws -> FlowRecord? {
    let model = try LayerPeeledModel(
      labels: lastLayer.labels, dimension: lastLayer.point.dimension)
    var settings = Flow.Settings()
    settings.untilMarginRatio = plan.bridgeMarginRatio
    settings.maximumEvaluations = plan.bridgeEvaluations
    // Large and stiff: the certificate, not the tolerance, says how good the end is.
    settings.relativeTolerance = 1e-6
    return try flow(
      "from the network's last layer", model, from: lastLayer.point,
      StartDescription("the last layer of the network of seed \(plan.seeds[0])", of: model),
      settings, observer
    )?.record
  }
}
