internal import Glibc
public import LayerPeel

extension Training {
  /// What a training is asked to do.
  ///
  /// The defaults were found on 10,000 images of Fashion-MNIST with the default perceptron, whose
  /// training error in evaluation mode first vanishes after some 55 of the 200 epochs. The rest is
  /// the terminal phase, long enough for collapse to go on visibly beyond the noise from epoch to
  /// epoch. Larger rates end less collapsed: with 0.1 and 100 epochs zero error comes at epoch 75,
  /// when the rate is nearly spent, and within 40 epochs it does not come at all. Other models have
  /// defaults of their own, ``init(for:)``.
  public struct Settings: Hashable, Sendable, Codable {
    /// Passes over the training set.
    public var epochs = 200
    /// Samples in a batch; the last of an epoch has what is left.
    public var batchSize = 128
    /// `η`, the rate of the first epoch.
    public var rate = 0.01
    /// How the rate goes on from there.
    public var schedule = Schedule.cosine
    /// Epochs, counted from 0, from which on a stepped rate is ten times smaller; none stand for
    /// those after one and two thirds of all epochs.
    public var milestones: [Int] = []
    /// `μ`.
    public var momentum = 0.9
    /// `λ` of every group of parameters that ``groupDecay`` does not name.
    public var weightDecay = 0.0
    /// `λ` of groups that have their own.
    public var groupDecay: [ParameterGroup: Double] = [:]
    /// How training images are changed at random before every step.
    public var augmentation = Augmentation.none
    /// Determines the start, the order of the samples, and how they are changed.
    public var seed: UInt64 = 0
    /// Probes for each tenfold number of epochs, where there are epochs between them.
    public var probesPerDecade = 10
    /// Whether every epoch is probed instead.
    public var probesEveryEpoch = false
    /// Epochs that are probed besides, as far as there are so many.
    public var alsoProbed: [Int] = []

    /// The defaults of a perceptron.
    public init() {}

    private enum CodingKeys: String, CodingKey {
      case epochs, rate, schedule, milestones, momentum, augmentation, seed
      case batchSize = "batch_size"
      case weightDecay = "weight_decay"
      case groupDecay = "group_decay"
      case probesPerDecade = "probes_per_decade"
      case probesEveryEpoch = "probes_every_epoch"
      case alsoProbed = "also_probed"
    }

    /// The defaults of a model.
    ///
    /// Convolutional networks take a cosine rate from 0.1 over 40 epochs; free features a constant
    /// rate of 10, as a mean over a batch moves each of its features little.
    public init(for model: NetworkArchitecture.Model) {
      switch model {
      case .mlp: break
      case .resnet18, .vgg13: (epochs, rate) = (40, 0.1)
      case .linearFeatures: (epochs, rate, schedule) = (200, 10, .constant)
      }
    }

    /// `λ` of one group.
    public func decay(of group: ParameterGroup) -> Double { groupDecay[group] ?? weightDecay }
  }
}

// MARK: - When it is probed

extension Training.Settings {
  /// After which epochs the network is probed in any case: before training, evenly in the
  /// logarithm of the epoch or after each, and at the end.
  public var probedEpochs: Set<Int> {
    if probesEveryEpoch { return Set(0...epochs) }
    var probed = Set(alsoProbed + [0, epochs])
    var k = 0
    while true {
      let epoch = Int(pow(10, Double(k) / Double(probesPerDecade)).rounded())
      if epoch >= epochs { return probed }
      probed.insert(epoch)
      k += 1
    }
  }
}

// MARK: - What is in range

extension Training.Settings {
  /// Whether every setting is in its range, for training on `samples` samples.
  ///
  /// - Throws: `ModelError.badSetting` for the first that is not.
  public func validate(
    samples: Int, normalization: NetworkArchitecture.Normalization
  ) throws(ModelError) {
    try require(epochs >= 1 && epochs <= 1_000_000, "epochs", "\(epochs)", "1 to 1000000")
    try require(
      batchSize >= 1 && batchSize <= samples, "batch", "\(batchSize)",
      "1 to \(samples), the number of training samples, or all")
    try require(rate > 0 && rate.isFinite, "rate", "\(rate)", "a positive number")
    try require(momentum >= 0 && momentum < 1, "momentum", "\(momentum)", "at least 0, below 1")
    for decay in [weightDecay] + groupDecay.values {
      try require(decay >= 0 && decay.isFinite, "weight decay", "\(decay)", "0 or more")
    }
    try validateMilestones()
    try require(
      (0...64).contains(augmentation.shift), "augment", "shift:\(augmentation.shift)",
      "a shift of 0 to 64 pixels")
    try require(
      probesPerDecade >= 1 && probesPerDecade <= 1000, "probes", "\(probesPerDecade)",
      "1 to 1000 for each tenfold number of epochs")
    let isFit = { size in size > 1 && samples % size != 1 }
    let nearest = (batchSize...samples).first(where: isFit) ?? (1..<batchSize).last(where: isFit)
    try require(
      normalization == .none || batchSize == nearest, "batch", "\(batchSize)",
      "a size that leaves no batch of a single sample among \(samples), which has no variance; "
        + "try \(nearest ?? samples), or no batch normalisation")
  }

  private func validateMilestones() throws(ModelError) {
    let list = milestones.map(String.init).joined(separator: ",")
    try require(
      milestones.isEmpty || schedule == .step, "milestones", list,
      "none with a \(schedule.rawValue) rate; use --schedule step")
    let isRising = zip(milestones, milestones.dropFirst()).allSatisfy { $0 < $1 }
    try require(
      isRising && milestones.allSatisfy { (1..<epochs).contains($0) }, "milestones", list,
      "rising numbers of epochs from 1 to \(epochs - 1)")
  }

  private func require(
    _ isMet: Bool, _ argument: String, _ value: String, _ expected: String
  ) throws(ModelError) {
    guard isMet else {
      throw .badSetting(argument: argument, value: value, expected: expected)
    }
  }
}
