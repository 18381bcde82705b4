public import LayerPeel
public import LayerPeelFiles
public import LayerPeelNetworks

/// Runs what the report is made of: flows of the model, its landscapes, networks, and the bridge
/// between them.
public struct Reproduction {
  /// What is run.
  public let plan: ReproductionPlan
  /// On which images; a network whose data set is not among them is not trained.
  public let images: [DataSetName: ImageDataSet]
  /// Stop each training after so many epochs of its schedule; nil for all of them.
  public var firstEpochs: Int?

  /// A folder in which networks of the paper's scale are kept, so that they go on where they were
  /// stopped; nil keeps none.
  public var runs: String?

  /// A reproduction on given images.
  public init(plan: ReproductionPlan, images: [DataSetName: ImageDataSet]) {
    self.plan = plan
    self.images = images
  }

  /// Data sets that the plan asks for and that are not here.
  public var missing: [DataSetName] { plan.dataSets.filter { images[$0] == nil } }

  /// What a run tells the world while it goes on.
  public struct Observer {
    /// A name for what runs now, and the share of it that is done, if known.
    public let progress: (String, Double?) -> Void
    /// Whether to stop.
    public let isCancelled: () -> Bool
    /// Something the user should know before the results are used.
    public let warned: (String) -> Void
    /// A flow has ended.
    public let flowEnded: (FlowRecord) throws -> Void
    /// A training has ended; what it was, and what was executed.
    public let trainingEnded:
      (NetworkRecord, TrainingSettingsDescription, TrainingRunDescription) throws -> Void
    /// A forecast has been followed.
    public let forecastEnded: (Forecast.Outcome) throws -> Void
    /// The end of the flow of that name is proved.
    public let endProved: (String, SeparationProof) throws -> Void
    /// KKT points are judged.
    public let pointsJudged: ([KKTPointRecord]) throws -> Void
    /// A landscape is surveyed, and the descents from its saddles are followed.
    public let landscapeEnded: (LandscapeRecord, Landscape, Survey, [Route]) throws -> Void

    /// An observer of given parts.
    public init(
      progress: @escaping (String, Double?) -> Void, isCancelled: @escaping () -> Bool,
      warned: @escaping (String) -> Void,
      flowEnded: @escaping (FlowRecord) throws -> Void,
      trainingEnded:
        @escaping (
          NetworkRecord, TrainingSettingsDescription, TrainingRunDescription
        ) throws -> Void,
      forecastEnded: @escaping (Forecast.Outcome) throws -> Void,
      endProved: @escaping (String, SeparationProof) throws -> Void,
      pointsJudged: @escaping ([KKTPointRecord]) throws -> Void,
      landscapeEnded: @escaping (LandscapeRecord, Landscape, Survey, [Route]) throws -> Void
    ) {
      self.progress = progress
      self.isCancelled = isCancelled
      self.warned = warned
      self.flowEnded = flowEnded
      self.trainingEnded = trainingEnded
      self.forecastEnded = forecastEnded
      self.endProved = endProved
      self.pointsJudged = pointsJudged
      self.landscapeEnded = landscapeEnded
    }
  }

  /// Runs every part of the plan in turn; what is cancelled stays empty, or ends early and says so.
  ///
  /// - Throws: Before any work, `ModelError` or `FileError` where a folder of ``runs`` is another
  ///   run's, damaged or in use; later, what the observer throws and files that cannot be written.
  public func run(_ observer: Observer) throws -> Evidence {
    let folders = try folders()
    for warning in Set(folders.values.compactMap(\.warning)).sorted() { observer.warned(warning) }
    var evidence = Evidence(plan: plan)
    if plan.parts.contains(.model) {
      try followModel(&evidence, observer)
      try judgeKKTPoints(&evidence, observer)
      try mapLandscapes(&evidence, observer)
    }
    try trainNetworks(&evidence, keptIn: folders, observer)
    return evidence
  }
}
