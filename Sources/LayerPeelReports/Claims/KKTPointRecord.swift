/// A KKT point of the separation problem that is not collapse, and its way out, as claims judge it.
public struct KKTPointRecord: Hashable, Sendable {
  /// Its name, such as `two pairs of 4 classes`.
  public var name: String
  /// `d`.
  public var dimension: Int
  /// Whether it was recognised as a KKT point that is not global.
  public var isRecognised: Bool
  /// The verdict in JSON's word.
  public var verdict: String
  /// `ρ²/(2 q_min)`, the norm that margins of 1 need.
  public var value: Double?
  /// The value that theory gives.
  public var expectedValue: Double
  /// `v* / value`.
  public var marginRatio: Double?
  /// The scaled stationarity residual.
  public var stationarity: Double?
  /// `σ = ‖A(λ)‖₂`.
  public var sigma: Double?
  /// The second-order change of the value along the way out that theory predicts.
  public var predicted: Double?
  /// The same, measured.
  public var measured: Double?
  /// The margin ratio after the way out was followed a little.
  public var ratioAfter: Double?

  /// A KKT point of given numbers.
  public init(
    name: String, dimension: Int, isRecognised: Bool, verdict: String, value: Double?,
    expectedValue: Double, marginRatio: Double?, stationarity: Double?, sigma: Double?,
    predicted: Double?, measured: Double?, ratioAfter: Double?
  ) {
    self.name = name
    self.dimension = dimension
    self.isRecognised = isRecognised
    self.verdict = verdict
    self.value = value
    self.expectedValue = expectedValue
    self.marginRatio = marginRatio
    self.stationarity = stationarity
    self.sigma = sigma
    self.predicted = predicted
    self.measured = measured
    self.ratioAfter = ratioAfter
  }
}
