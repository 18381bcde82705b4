import LayerPeel
import LayerPeelFiles
public import LayerPeelNetworks

/// A forecast as outputs hold it: where the model led, and how far the network was from it.
///
/// An element of `forecasts` in the output of a training. Keys are printed by `layerpeel schema`.
public struct ForecastDocument: Encodable, Sendable {
  private let outcome: Forecast.Outcome

  /// What to write of an outcome.
  public init(_ outcome: Forecast.Outcome) { self.outcome = outcome }

  /// The keys of a forecast.
  public enum Key: String, CodingKey, CaseIterable, Sendable {
    case epoch, settings, termination, cost, events, points, comparisons

    /// What stands there.
    public var meaning: String {
      switch self {
      case .epoch: "the epoch whose last layer the model's flow started from"
      case .settings: "of the flow, as flow records them"
      case .termination: "why the flow ended, as for a flow"
      case .cost: "gradient_evaluations, hessian_products, steps of the flow"
      case .events: "what was passed on the way, as for a flow"
      case .points: "the flow: first the network's own last layer, last where it led"
      case .comparisons: "each later probe of the network beside the flow, with the keys below"
      }
    }
  }

  /// The keys of a comparison, and what they mean.
  public static let comparisonKeys: [(key: String, meaning: String)] = [
    ("epoch", "of the network"), ("log_loss", "of the network then"),
    ("to_start", "distances from where the network was when the flow started"),
    ("to_same_loss", "distances from the flow at the network's loss"),
    ("to_end", "distances from the flow's end"),
    ("gram_means", "Frobenius distance of the normalised Gram matrices of centred class means"),
    ("gram_classifier", "the same of centred classifier rows"),
    ("gram_product", "the same of the products of both"),
    ("balanced_margin_ratio", "network minus model; so are the metrics"),
  ]

  /// Every key.
  public func encode(to encoder: any Encoder) throws {
    let trajectory = outcome.trajectory
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(outcome.epoch, forKey: .epoch)
    try container.encode(FlowSettingsDescription(trajectory.settings), forKey: .settings)
    try container.encode(trajectory.termination.rawValue, forKey: .termination)
    try container.encode(
      [
        "gradient_evaluations": trajectory.cost.gradientEvaluations,
        "hessian_products": trajectory.cost.hessianProducts, "steps": trajectory.cost.steps,
      ], forKey: .cost)
    try container.encode(TrajectoryDocument.events(of: trajectory), forKey: .events)
    try container.encode(trajectory.records.map(ForecastDocument.point), forKey: .points)
    try container.encode(
      outcome.comparisons.map(ForecastDocument.comparison), forKey: .comparisons)
  }

  private static func point(_ record: Trajectory<FlowTime>.Record) -> ReadingsDocument {
    ReadingsDocument(
      [(FlowTime.key, record.coordinate.reading)]
        + FlowTime.quantities.map { ($0.rawValue, record.measurement[$0]) })
  }

  private static func comparison(_ comparison: Forecast.Comparison) -> ReadingsDocument {
    let logLoss = comparison.logLoss.map { Reading.value($0) }
    return ReadingsDocument(
      [("log_loss", logLoss ?? .absent(because: "the loss was not finite"))],
      beside: [
        "epoch": comparison.epoch, "to_start": distance(comparison.toStart),
        "to_same_loss": distance(comparison.toSameLoss), "to_end": distance(comparison.toEnd),
      ])
  }

  private static func distance(_ distance: ForecastDistance) -> ReadingsDocument {
    ReadingsDocument(
      distance.geometry.map { ($0.name, $0.reading) }
        + ForecastDistance.quantities.map { ($0.rawValue, distance.differences[$0]) })
  }
}
