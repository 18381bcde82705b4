public import LayerPeel

/// How far a network is from a state of the model: zero where they agree, whatever their norms.
public struct ForecastDistance: Hashable, Sendable {
  /// Frobenius distance of the normalised Gram matrices of the centred class means: 0 to `√2`.
  public let means: Reading
  /// The same of the centred rows of the classifier.
  public let classifier: Reading
  /// Frobenius distance of the normalised products of both: 0 to 2.
  public let product: Reading
  /// Network minus model, for each of ``quantities``.
  public let differences: Measurement

  /// What is compared beside the geometry.
  public static let quantities: [Quantity] = [.balancedMarginRatio] + Quantity.metrics

  /// From one state to another.
  public init(from network: Forecast.State, to model: Forecast.State) {
    means = ForecastDistance.distance(
      network.geometry.means, model.geometry.means, "all class means coincide")
    classifier = ForecastDistance.distance(
      network.geometry.classifier, model.geometry.classifier, "all classifier rows are equal")
    product = ForecastDistance.distance(
      network.geometry.product, model.geometry.product,
      "the classifier has nothing to do with the class means")
    var differences = Measurement()
    for quantity in ForecastDistance.quantities {
      differences[quantity] = ForecastDistance.difference(
        network.measurement[quantity], model.measurement[quantity])
    }
    self.differences = differences
  }

  /// None, and why.
  public init(absentBecause reason: String) {
    means = .absent(because: reason)
    classifier = means
    product = means
    var differences = Measurement()
    for quantity in ForecastDistance.quantities { differences[quantity] = means }
    self.differences = differences
  }

  /// The three distances of geometry under their names, snake_case.
  public var geometry: [(name: String, reading: Reading)] {
    [("gram_means", means), ("gram_classifier", classifier), ("gram_product", product)]
  }

  private static func distance(_ a: Matrix?, _ b: Matrix?, _ reason: String) -> Reading {
    guard let a, let b else { return .absent(because: reason) }
    return .value((a - b).norm)
  }

  private static func difference(_ a: Reading, _ b: Reading) -> Reading {
    guard let network = a.number else { return a }
    guard let model = b.number else { return b }
    return .value(network - model)
  }
}
