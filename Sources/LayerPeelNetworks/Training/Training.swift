public import LayerPeel

/// Training in which a network's last layer is measured as it goes.
///
/// Before training, after log-spaced epochs, after the last one and after the first without
/// training error, the last layer over the whole training set, in evaluation mode, becomes a
/// record: the same measurement as a flow's, with losses and errors, quantiles of the margins, and
/// the alignment with the layer-peeled model since the record before. Until training error has
/// vanished it is looked for after every epoch, to the first sample that is misclassified. The test
/// set, often the larger one, is judged at every probe, and after every epoch where checkpoints are
/// kept, of which the best is known by it. Equal arguments give equal results on one machine, and a
/// training that goes on from a ``Checkpoint`` ends bit for bit like one that never stopped.
public struct Training: Sendable {
  /// The shape of the network.
  public let architecture: NetworkArchitecture
  /// What it is asked to do.
  public var settings: Settings

  /// A training of a fresh network.
  public init(_ architecture: NetworkArchitecture, settings: Settings = Settings()) {
    self.architecture = architecture
    self.settings = settings
  }

  /// Where a training begins.
  public enum Start: Sendable {
    /// At PyTorch's default start, drawn by the seed.
    case fresh
    /// At given parameters, by name; those that are not among them are drawn.
    case weights([ParameterValues])
    /// Where another training of equal settings on equal samples was.
    case checkpoint(Checkpoint)
  }

  /// How far a training has come.
  public struct Progress: Sendable {
    /// Epochs finished.
    public let epochs: Int
    /// Samples trained on so far, over all epochs.
    public let samples: Int
    /// What the time since the progress before went into.
    public let activity: Activity
    /// Mean loss of the last batch, in nats; nil after anything else.
    public let batchLoss: Double?
  }

  /// What a training does with its time.
  public enum Activity: String, CaseIterable, Sendable {
    /// Steps of descent.
    case training
    /// The search for a misclassified training sample, and judging the test set.
    case evaluation
    /// Measuring the last layer.
    case probe
    /// Whatever is done with a checkpoint.
    case saving
  }

  /// What a training did, and the last layer it ended with.
  public struct Run: Sendable {
    /// Records, events, termination, cost.
    public let trajectory: Trajectory<Epoch>
    /// The last layer after the last finished epoch whose numbers were finite; nil where it was
    /// not asked for.
    public let end: Point?
    /// The classifier's bias there; nil where it has none or ``end`` is not there.
    public let endBias: [Double]?
    /// Everything that defines the network there, in PyTorch's names; empty before the end.
    public let parameters: [ParameterValues]
    /// What was executed.
    public let audit: Audit
    /// What the last layer looked like at each probe.
    public let snapshots: [Snapshot]
    /// The best so far of the epochs that were judged.
    public let best: Best
  }

  /// Who looks on while a training runs, and what is told.
  public struct Observer {
    /// Called after every batch, evaluation, probe and checkpoint.
    public var progress: (Progress) -> Void = { _ in }
    /// Called before every evaluation and probe, which may take long.
    public var began: (Activity) -> Void = { _ in }
    /// Called after every probe with what there is so far, as if interrupted there: whoever keeps
    /// it loses nothing when the process is killed.
    public var probed: (Run) -> Void = { _ in }
    /// Called before training and after every epoch whose numbers are finite; what it answers says
    /// whether training may go on.
    ///
    /// Nil saves the work of collecting a checkpoint, and of judging the test set between probes.
    public var save: ((Checkpoint) -> Bool)?
    /// Epochs at which ``point`` is wanted.
    public var pointEpochs: Set<Int> = []
    /// Called at those with the last layer over the training set, and the classifier's bias if it
    /// has one.
    public var point: (_ epoch: Int, _ point: Point, _ bias: [Double]?) -> Void = { _, _, _ in }
    /// Whether the last layer that the run ends with is wanted, which takes eight bytes a feature.
    public var wantsEnd = true
    /// Whether it is wanted at every probe too.
    public var wantsPointsOfProbes = false
    /// Asked before every batch; finished records are kept.
    public var isCancelled: () -> Bool = { false }

    /// Nobody.
    public init() {}
  }
}

extension Training {
  /// Trains a network, telling how far it is and stopping when asked to.
  ///
  /// - Parameters:
  ///   - train: What is learned and probed; its classes are the network's.
  ///   - test: What is only judged.
  ///   - start: Where it begins.
  ///   - observer: Who looks on.
  /// - Throws: `ModelError` for settings out of range, and samples or a start that do not fit,
  ///   before training.
  public func run(
    on train: LabelledSamples, test: LabelledSamples? = nil, from start: Start = .fresh,
    observer: Observer
  ) throws(ModelError) -> Run {
    try validate(train: train, test: test)
    let run = try TrainingRun(self, train: train, test: test, start: start, observer: observer)
    return try run.finish()
  }

  /// Trains a fresh network, telling how far it is and stopping when asked to.
  ///
  /// - Parameters:
  ///   - train: What is learned and probed; its classes are the network's.
  ///   - test: What is only judged.
  ///   - probed: Called after every probe with what there is so far.
  ///   - progress: Called after every batch, evaluation and probe.
  ///   - isCancelled: Asked before every batch; finished records are kept.
  /// - Throws: `ModelError` for settings out of range and samples that do not fit, before any
  ///   memory is taken.
  public func run(
    on train: LabelledSamples, test: LabelledSamples? = nil,
    probed: @escaping (Run) -> Void = { _ in },
    progress: @escaping (Progress) -> Void = { _ in },
    isCancelled: @escaping () -> Bool = { false }
  ) throws(ModelError) -> Run {
    var observer = Observer()
    (observer.probed, observer.progress, observer.isCancelled) = (probed, progress, isCancelled)
    observer.wantsPointsOfProbes = true
    return try run(on: train, test: test, observer: observer)
  }

  /// Names and shapes of everything that defines the network, as in PyTorch, in order.
  ///
  /// *Cost:* a network is laid out and let go.
  public func parameterShapes(on train: LabelledSamples) throws(ModelError) -> [ParameterShape] {
    var generator = SplitMix64(seed: 0)
    let learner = try learner(for: train, using: &generator)
    var shapes: [ParameterShape] = []
    for name in learner.parameterNames {
      shapes.append(.init(name: name, shape: try learner.shape(ofParameterNamed: name)))
    }
    return shapes
  }

  private func validate(
    train: LabelledSamples, test: LabelledSamples?
  ) throws(ModelError) {
    try settings.validate(samples: train.count, normalization: architecture.normalization)
    for samples in [train, test].compactMap({ $0 }) {
      guard architecture.takes(samples.shape) else {
        throw .shapeMismatch(
          argument: "inputs", expected: "samples of \(architecture.input)",
          actual: "\(samples.shape)")
      }
    }
    guard train.labels.classes == architecture.classes else {
      throw .badSetting(
        argument: "classes", value: "\(architecture.classes)",
        expected: "the \(train.labels.classes) classes of the labels")
    }
  }

  /// A network at its start.
  func learner(
    for train: LabelledSamples, using generator: inout SplitMix64
  ) throws(ModelError) -> any Learner {
    var descent = Network.Descent()
    descent.momentum = settings.momentum
    for group in ParameterGroup.allCases { descent.weightDecay[group] = settings.decay(of: group) }
    if architecture.model == .linearFeatures {
      return try LinearFeatures(
        architecture, labels: train.labels, descent: descent, using: &generator)
    }
    return Network(
      architecture, batchSize: settings.batchSize, descent: descent, using: &generator)
  }
}
