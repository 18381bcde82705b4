public import LayerPeel

/// Training of a perceptron in which its last layer is measured as it goes.
///
/// Before training, after log-spaced epochs, after the last one and after the first without
/// training error, the last layer over the whole training set, in evaluation mode, becomes a
/// record: the same measurement as a flow's, with losses and errors, quantiles of the margins, and
/// the alignment with the layer-peeled model since the record before. Training error in evaluation
/// mode is computed after every epoch. Equal arguments give equal results on one machine.
public struct Training: Sendable {
  /// The shape of the network.
  public let architecture: NetworkArchitecture
  /// What it is asked to do.
  public var settings: Settings

  /// A training of a fresh perceptron.
  public init(_ architecture: NetworkArchitecture, settings: Settings = Settings()) {
    self.architecture = architecture
    self.settings = settings
  }

  /// How far a training has come.
  public struct Progress: Sendable {
    /// Epochs finished.
    public let epochs: Int
    /// Samples trained on so far, over all epochs.
    public let samples: Int
    /// Mean loss of the last batch, in nats; nil after an evaluation.
    public let batchLoss: Double?
    /// Share of training samples misclassified, in evaluation mode; nil after a batch.
    public let trainError: Double?
  }

  /// What was executed, as opposed to asked for.
  public struct Audit: Hashable, Sendable {
    /// Every group of parameters that was updated, with the weight decay its updates had.
    public let groups: [ExecutedGroup]
    /// What stood between linear layers and their ReLUs.
    public let normalization: NetworkArchitecture.Normalization
    /// `μ`.
    public let momentum: Double
    /// Samples in the largest batch.
    public let batchSize: Int
    /// Epochs finished.
    public let epochs: Int
    /// The first epoch without training error, where the terminal phase begins; nil if none.
    public let zeroErrorEpoch: Int?

    /// Whether any update of any group had weight decay.
    public var hadWeightDecay: Bool { groups.contains { $0.weightDecay != 0 } }

    /// One sentence about weight decay, from what was executed.
    public var sentence: String {
      if groups.isEmpty { return "No parameter was updated." }
      let names = groups.map { $0.group.rawValue }.joined(separator: ", ")
      guard hadWeightDecay else { return "No parameter group had weight decay (\(names))." }
      return "Weight decay: " + groups.map { $0.sentence }.joined(separator: "; ") + "."
    }
  }

  /// What a training did, and the last layer it ended with.
  public struct Run: Sendable {
    /// Records, events, termination, cost.
    public let trajectory: Trajectory<Epoch>
    /// The last layer after the last finished epoch whose numbers were finite.
    public let end: Point
    /// What was executed.
    public let audit: Audit
    /// What the last layer looked like at each probe.
    public let snapshots: [Snapshot]
  }

  /// Trains a network, telling how far it is and stopping when asked to.
  ///
  /// - Parameters:
  ///   - train: What is learned and probed; its classes are the network's.
  ///   - test: What is only judged.
  ///   - probed: Called after every probe but the last with what there is so far, as if interrupted
  ///     there: whoever keeps it loses nothing when the process is killed.
  ///   - progress: Called after every batch and after every epoch's evaluation.
  ///   - isCancelled: Asked before every batch; finished records are kept.
  /// - Throws: `ModelError` for settings out of range and samples that do not fit, before any
  ///   memory is taken.
  public func run(
    on train: LabelledSamples, test: LabelledSamples? = nil,
    probed: (Run) -> Void = { _ in },
    progress: (Progress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws(ModelError) -> Run {
    try settings.validate(samples: train.count, normalization: architecture.normalization)
    for samples in [train, test].compactMap({ $0 }) {
      guard samples.width == architecture.inputs else {
        throw .shapeMismatch(
          argument: "inputs", expected: "samples of \(architecture.inputs) numbers",
          actual: "\(samples.width)")
      }
    }
    guard train.labels.classes == architecture.classes else {
      throw .badSetting(
        argument: "classes", value: "\(architecture.classes)",
        expected: "the \(train.labels.classes) classes of the labels")
    }
    let run = try TrainingRun(self, train: train, test: test)
    return try run.finish(probed: probed, progress: progress, isCancelled: isCancelled)
  }

  /// Bytes that a run takes beside the samples themselves: parameters, gradients and velocities,
  /// activations of a few batches, and the last layer, its measurement and alignment in double.
  public func memoryNeeded(samples: Int) -> Double {
    let perSample = 80 * Double(architecture.dimension) + 64 * Double(architecture.classes)
    let invariants = 40 * Double(architecture.dimension) * Double(architecture.dimension)
    let network = architecture.memoryNeeded(batch: settings.batchSize, samples: samples)
    return network + Double(samples) * perSample + invariants
  }
}
