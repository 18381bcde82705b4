internal import Glibc
public import LayerPeel

extension Training {
  /// How the rate changes from epoch to epoch.
  public enum Schedule: String, CaseIterable, Sendable {
    /// Not at all.
    case constant
    /// Ten times smaller after one and after two thirds of the epochs.
    case step
    /// `η_e = η (1 + cos(π e/E))/2` in epoch `e = 0, …, E - 1`, PyTorch's `CosineAnnealingLR`.
    case cosine
  }

  /// What a training is asked to do.
  ///
  /// The defaults were found on 10,000 images of Fashion-MNIST with the default perceptron, whose
  /// training error in evaluation mode first vanishes after some 55 of the 200 epochs. The rest is
  /// the terminal phase, long enough for collapse to go on visibly beyond the noise from epoch to
  /// epoch. Larger rates end less collapsed: with 0.1 and 100 epochs zero error comes at epoch 75,
  /// when the rate is nearly spent, and within 40 epochs it does not come at all.
  public struct Settings: Hashable, Sendable {
    /// Passes over the training set.
    public var epochs = 200
    /// Samples in a batch; the last of an epoch has what is left.
    public var batchSize = 128
    /// `η`, the rate of the first epoch.
    public var rate = 0.01
    /// How the rate goes on from there.
    public var schedule = Schedule.cosine
    /// `μ`.
    public var momentum = 0.9
    /// `λ` of every group of parameters.
    public var weightDecay = 0.0
    /// Determines the start and the order of the samples.
    public var seed: UInt64 = 0
    /// Probes for each tenfold number of epochs, where there are epochs between them.
    public var probesPerDecade = 10
    /// Epochs that are probed besides, as far as there are so many.
    public var alsoProbed: Set<Int> = []

    /// The defaults.
    public init() {}

    /// The rate in epoch `epoch`, counted from 0.
    public func rate(in epoch: Int) -> Double {
      switch schedule {
      case .constant: rate
      case .step: rate / pow(10, Double((3 * epoch / epochs)))
      case .cosine: rate * (1 + cos(Double.pi * Double(epoch) / Double(epochs))) / 2
      }
    }

    /// After which epochs the network is probed in any case: before training, evenly in the
    /// logarithm of the epoch, and at the end.
    public var probedEpochs: Set<Int> {
      var epochs = alsoProbed.union([0, self.epochs])
      var k = 0
      while true {
        let epoch = Int(pow(10, Double(k) / Double(probesPerDecade)).rounded())
        if epoch >= self.epochs { return epochs }
        epochs.insert(epoch)
        k += 1
      }
    }

    /// Whether every setting is in its range, for training on `samples` samples.
    public func validate(
      samples: Int, normalization: NetworkArchitecture.Normalization
    ) throws(ModelError) {
      try require(epochs >= 1 && epochs <= 1_000_000, "epochs", "\(epochs)", "1 to 1000000")
      try require(batchSize >= 1 && batchSize <= 1 << 20, "batch", "\(batchSize)", "1 to 1048576")
      try require(rate > 0 && rate.isFinite, "rate", "\(rate)", "a positive number")
      try require(momentum >= 0 && momentum < 1, "momentum", "\(momentum)", "at least 0, below 1")
      try require(
        weightDecay >= 0 && weightDecay.isFinite, "weight decay", "\(weightDecay)", "0 or more")
      try require(
        probesPerDecade >= 1 && probesPerDecade <= 1000, "probes", "\(probesPerDecade)",
        "1 to 1000 a decade")
      let least = min(batchSize, samples % batchSize == 0 ? batchSize : samples % batchSize)
      try require(
        normalization == .none || least >= 2, "batch", "\(batchSize)",
        "a size that leaves no batch of a single sample among \(samples), which has no variance; "
          + "try \(batchSize + 1)")
    }

    private func require(
      _ isMet: Bool, _ argument: String, _ value: String, _ expected: String
    ) throws(ModelError) {
      guard isMet else {
        throw .badSetting(argument: argument, value: value, expected: expected)
      }
    }
  }
}
