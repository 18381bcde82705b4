package import LayerPeel

/// What was found at one probe of a learner's last layer.
package struct Probe: Sendable {
  /// Every quantity of an epoch but those of the test set.
  package let measurement: Measurement
  /// How many training samples are misclassified, ties included.
  package let errors: Int
  /// Whether the classifier, all features and the loss are finite; if not, nothing was measured.
  package let isFinite: Bool
  /// What the last layer looked like.
  package let snapshot: Snapshot?
}
