/// A KKT point of the separation problem that is not collapse, and its way out, as claims judge it.
public struct KKTPointRecord: Hashable, Sendable {
  /// Its name, such as `two pairs`.
  public var name: String
  /// `K`.
  public var classes: Int
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
  /// How many directions of its sphere curve down in the loss, at the landscape's norm; nil where the
  /// point is not critical for the loss.
  public var index: Int?
  /// The margin ratio where the descent of the loss from there settles.
  public var ratioAtEnd: Double?

  /// A KKT point of given numbers.
  public init(
    name: String, classes: Int, dimension: Int, isRecognised: Bool, verdict: String, value: Double?,
    expectedValue: Double, marginRatio: Double?, stationarity: Double?, sigma: Double?,
    predicted: Double?, measured: Double?, ratioAfter: Double?,
    index: Int? = nil, ratioAtEnd: Double? = nil
  ) {
    self.name = name
    self.classes = classes
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
    self.index = index
    self.ratioAtEnd = ratioAtEnd
  }
}

extension KKTPointRecord: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, classes, verdict, value, sigma, predicted, measured, index
    case dimension = "dim"
    case expectedValue = "expected_value"
    case marginRatio = "margin_ratio"
    case stationarity = "kkt_stationarity"
    case ratioAfter = "margin_ratio_after"
    case ratioAtEnd = "margin_ratio_at_end"
  }

  /// Every key, `null` where there is no number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(classes, forKey: .classes)
    try container.encode(dimension, forKey: .dimension)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(value, forKey: .value)
    try container.encode(expectedValue, forKey: .expectedValue)
    try container.encode(marginRatio, forKey: .marginRatio)
    try container.encode(stationarity, forKey: .stationarity)
    try container.encode(sigma, forKey: .sigma)
    try container.encode(predicted, forKey: .predicted)
    try container.encode(measured, forKey: .measured)
    try container.encode(ratioAfter, forKey: .ratioAfter)
    try container.encode(index, forKey: .index)
    try container.encode(ratioAtEnd, forKey: .ratioAtEnd)
  }
}
