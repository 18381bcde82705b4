/// All that is known of one instant: one reading for each ``Quantity``.
public struct Measurement: Hashable, Sendable {
  private var readings: [Quantity: Reading] = [:]

  /// A measurement in which nothing was measured yet.
  public init() {}

  /// The reading of one quantity; absent until it is set.
  public subscript(quantity: Quantity) -> Reading {
    get { readings[quantity] ?? .absent(because: "not measured here") }
    set { readings[quantity] = newValue }
  }

  /// Takes over every reading of `other`, which wins where both have one.
  public mutating func merge(_ other: Measurement) {
    readings.merge(other.readings) { $1 }
  }
}
