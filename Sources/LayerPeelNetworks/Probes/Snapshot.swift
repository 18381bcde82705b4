public import LayerPeel

/// What a last layer looked like at one probe, in the three directions that show most of it.
///
/// Small enough to keep one for every probe: it draws the simplex as it forms.
public struct Snapshot: Hashable, Sendable {
  /// After which epoch.
  public let epoch: Int
  /// A basis of the leading right singular vectors of the centred class means, `3 × d`, rows
  /// orthonormal; rows past the rank of the means are zero.
  ///
  /// Turned among themselves so that they are as close to those of the snapshot before as can be
  /// (orthogonal Procrustes), and a film of snapshots does not jump.
  public let directions: Matrix
  /// Centred class means in those directions, `K × 3`, in the units of the features.
  public let means: Matrix
  /// Rows of the classifier in those directions, `K × 3`.
  public let classifier: Matrix
  /// Features of a fixed sample of training images minus `μ_G`, in those directions, `m × 3`.
  public let features: Matrix
  /// The class of each of those images.
  public let labels: [Int]
  /// The share of the centred class means' squared norm that the three directions show.
  public let share: Double

  /// A snapshot of given parts.
  public init(
    epoch: Int, directions: Matrix, means: Matrix, classifier: Matrix, features: Matrix,
    labels: [Int], share: Double
  ) {
    self.epoch = epoch
    self.directions = directions
    self.means = means
    self.classifier = classifier
    self.features = features
    self.labels = labels
    self.share = share
  }
}
