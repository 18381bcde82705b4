public import LayerPeel

/// How often a network has seen its training set.
public struct Epoch: TrajectoryCoordinate {
  /// Whole passes over the training set; 0 is the untrained network.
  public let number: Int

  /// After `number` passes.
  public init(_ number: Int) { self.number = number }

  /// What a training is asked to do.
  public typealias Settings = Training.Settings
  /// The key of the coordinate in JSON and CSV.
  public static let key = "epoch"
  /// What is measured along a training.
  public static let quantities =
    Quantity.ofPoint + [.nonnegativeMarginRatioCeiling]
    + [.trainLoss, .trainError, .testLoss, .testError]
    + Quantity.marginQuantiles + Quantity.alignment
  /// The number of the epoch.
  public var reading: Reading { .value(Double(number)) }
}
