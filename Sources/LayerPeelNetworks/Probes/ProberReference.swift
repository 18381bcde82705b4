/// What later probes of a run are compared with, to be kept in a checkpoint.
///
/// A run that is resumed with it, and with the earlier probe's learner given to
/// ``Prober/remember(_:)``, goes on bit for bit.
package struct ProberReference: Hashable, Sendable {
  /// `WᵀW - HᵀH` at the first probe, `d × d`, row by row.
  package let imbalance: [Double]
  /// `1ᵀW` at the first probe.
  package let rowSum: [Double]
  /// The best bound that the probes' own multipliers gave so far.
  package let bestBound: Double
  /// The directions of the latest snapshot, `3 × d`, row by row.
  package let directions: [Double]

  /// What was found earlier.
  package init(imbalance: [Double], rowSum: [Double], bestBound: Double, directions: [Double]) {
    (self.imbalance, self.rowSum) = (imbalance, rowSum)
    (self.bestBound, self.directions) = (bestBound, directions)
  }
}
