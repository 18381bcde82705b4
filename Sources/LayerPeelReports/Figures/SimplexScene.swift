import Glibc
public import LayerPeel
public import LayerPeelNetworks

/// The simplex of a network's classes as it forms: class means, rows of the classifier and a sample
/// of features in three directions, probe after probe.
///
/// Snapshots come with directions that are turned onto those of the one before. Features and means
/// are in units of the root mean square of the features' distances from the global mean, rows of
/// the classifier in units of that of their own norms, all as seen in these directions: what
/// shrinks from frame to frame is the spread within classes as a share of everything, and at
/// self-duality rows end at the means.
public struct SimplexScene: Sendable {
  /// One probe.
  public struct Frame: Sendable {
    /// After which epoch.
    public let epoch: Int
    /// The share of training images misclassified, if known.
    public let trainError: Double?
    /// Whether training error had been zero before, or is now.
    public let isTerminal: Bool
    /// The share of the class means' squared norm that the three directions show.
    public let share: Double
    /// Class means, `K × 3`.
    public let means: Matrix
    /// Rows of the classifier, `K × 3`.
    public let classifier: Matrix
    /// A sample of features, `m × 3`.
    public let features: Matrix
    /// The class of each of them.
    public let labels: [Int]
  }

  /// In the order of the probes; empty if there were no snapshots.
  public let frames: [Frame]
  /// How each class is called in keys, such as `9` or `9 ankle boot`.
  public let classNames: [String]

  /// The scene of a run.
  ///
  /// - Parameters:
  ///   - snapshots: One a probe; those that hold a number that is not finite are left out.
  ///   - trajectory: Where training errors and the terminal phase are found; nil if not known.
  ///   - classNames: What classes show, in their order; nil leaves their numbers.
  ///   - features: At most so many features are kept, equally many of each class.
  public init(
    _ snapshots: [Snapshot], of trajectory: Trajectory<Epoch>? = nil, classNames: [String]? = nil,
    features: Int = 400
  ) {
    let usable = snapshots.filter(\.isFinite)
    let classes = usable.first?.means.rows ?? 0
    let perClass = max(1, features / max(1, classes))
    let terminalPhase = trajectory?.coordinate(of: .terminalPhase)
    frames = usable.filter { $0.means.rows == classes }.map { snapshot in
      let error = trajectory?.records.first { $0.coordinate.number == snapshot.epoch }?
        .measurement[.trainError].number
      return Frame(
        snapshot, perClass: perClass, trainError: error,
        isTerminal: terminalPhase.map { Double(snapshot.epoch) >= $0 } ?? false)
    }
    self.classNames = (0..<classes).map { k in
      guard let classNames, k < classNames.count, classNames[k] != "\(k)" else { return "\(k)" }
      return "\(k) \(classNames[k])"
    }
  }

  /// How many classes there are.
  public var classes: Int { classNames.count }

  /// Whether all is in a plane: no more than three classes.
  var isPlanar: Bool {
    frames.allSatisfy { frame in
      (0..<frame.means.rows).allSatisfy { abs(frame.means[$0, 2]) < 1e-9 }
    }
  }

  /// How far axes reach: to every mean and row, and to nearly all features.
  var reach: Double {
    let vectors = frames.flatMap { $0.means.rowNorms + $0.classifier.rowNorms }
    let features = frames.flatMap(\.features.rowNorms).sorted()
    let most = features.isEmpty ? 0 : features[min(features.count - 1, features.count * 98 / 100)]
    return 1.08 * max(vectors.max() ?? 1, min(most, 1.8))
  }
}

extension SimplexScene.Frame {
  /// A snapshot, scaled and thinned.
  fileprivate init(
    _ snapshot: Snapshot, perClass: Int, trainError: Double?, isTerminal: Bool
  ) {
    epoch = snapshot.epoch
    share = snapshot.share
    self.trainError = trainError
    self.isTerminal = isTerminal
    let features = snapshot.features
    let scale = rootMeanSquare(features) ?? rootMeanSquare(snapshot.means) ?? 1
    means = (1 / scale) * snapshot.means
    classifier = (1 / (rootMeanSquare(snapshot.classifier) ?? 1)) * snapshot.classifier
    var taken: [Int: Int] = [:]
    let kept = snapshot.labels.indices.filter { row in
      taken[snapshot.labels[row], default: 0] += 1
      return taken[snapshot.labels[row]]! <= perClass
    }
    self.features = Matrix(rows: kept.count, columns: 3) { features[kept[$0], $1] / scale }
    labels = kept.map { snapshot.labels[$0] }
  }
}

extension Snapshot {
  fileprivate var isFinite: Bool {
    [means, classifier, features].allSatisfy {
      $0.columns == 3 && $0.elements.allSatisfy(\.isFinite)
    }
  }
}

/// The root mean square of the norms of rows; nil where there are none, or all are zero.
private func rootMeanSquare(_ matrix: Matrix) -> Double? {
  matrix.rows > 0 && matrix.norm > 0 ? matrix.norm / Double(matrix.rows).squareRoot() : nil
}
