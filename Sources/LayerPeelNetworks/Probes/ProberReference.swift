/// What later probes of a run are compared with, to be kept in a checkpoint.
///
/// JSON keeps every double exactly, so a run that is resumed with it, and with the earlier probe's
/// learner given to ``Prober/remember(_:)``, goes on bit for bit.
package struct ProberReference: Codable, Hashable, Sendable {
  /// `WᵀW - HᵀH` at the first probe, `d × d`, row by row.
  package let imbalance: [Double]
  /// `1ᵀW` at the first probe.
  package let rowSum: [Double]
  /// The best bound that the probes' own multipliers gave so far.
  package var bestBound: Double
  /// The directions of the latest snapshot, `3 × d`, row by row.
  package var directions: [Double]

  private enum CodingKeys: String, CodingKey {
    case imbalance, directions
    case rowSum = "row_sum"
    case bestBound = "best_bound"
  }
}
