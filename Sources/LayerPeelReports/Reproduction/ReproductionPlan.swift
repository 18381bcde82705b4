/// What `reproduce` runs: sizes and lengths, fixed beforehand.
public struct ReproductionPlan: Hashable, Sendable {
  /// Name under which the page records it.
  public let name: String
  /// Training images of each class for the networks that are judged.
  public let imagesPerClass: Int
  /// Passes over them.
  public let epochs: Int
  /// A network a seed.
  public let seeds: [UInt64]
  /// Training images of each class for the network on shuffled labels.
  public let shuffledImagesPerClass: Int
  /// Passes over those.
  public let shuffledEpochs: Int
  /// Where the flows of the model end.
  public let logLoss: Double
  /// Random points that each landscape is searched from.
  public let landscapeRestarts: Int
  /// Where the flow from the network's last layer ends.
  public let bridgeMarginRatio: Double
  /// Gradient evaluations that flow may take.
  public let bridgeEvaluations: Int

  /// The paper, small but whole: a quarter of an hour on two cores.
  public static let standard = ReproductionPlan(
    name: "standard", imagesPerClass: 1000, epochs: 200, seeds: [0, 1, 2],
    shuffledImagesPerClass: 200, shuffledEpochs: 100, logLoss: -1e6, landscapeRestarts: 100,
    bridgeMarginRatio: 0.95, bridgeEvaluations: 20_000)

  /// Every step in seconds, to try the way it goes; too small for the networks to be judged.
  public static let quick = ReproductionPlan(
    name: "quick", imagesPerClass: 20, epochs: 3, seeds: [0], shuffledImagesPerClass: 20,
    shuffledEpochs: 3, logLoss: -1e6, landscapeRestarts: 20, bridgeMarginRatio: 0.95,
    bridgeEvaluations: 2000)
}
