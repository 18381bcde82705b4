public import LayerPeel

/// Whether a network's last layer moves as the layer-peeled model says it should.
///
/// Between two probes, the features of the training samples went from `H` to `H'` and the
/// classifier from `W` to `W'`. The model, whose features are free, would move along
///
///     -∇_H L = -Gᵀ W,    -∇_W L = -G H,    G_{ji} = p_ij,  G_{y_i,i} = -Σ_{j≠y_i} p_ij
///
/// taken at the earlier probe. With `ΔH = H' - H` and `ΔW = W' - W` this reports
///
///     features        ⟨ΔH, -Gᵀ W⟩ / (‖ΔH‖ ‖Gᵀ W‖)
///     per_class       the same over the samples of each class
///     explained       features²: the share of ‖ΔH‖² that a multiple of -Gᵀ W accounts for
///     class_mean_part Σ_i ⟨Δh_i, μ_{y_i}⟩²/‖μ_{y_i}‖² / ‖ΔH‖², μ_k the class means of H
///     classifier      ⟨ΔW, -G H⟩ / (‖ΔW‖ ‖G H‖)
///
/// None of them depends on the scale of `G`, so `G/L` serves, which is right however small `L` is.
public struct SurrogateAlignment: Sendable {
  private let earlier: Point
  private let labels: Labels
  /// `(G H, Gᵀ W) / L` there.
  private let gradient: Point
  private let means: Matrix

  /// What the model says at the earlier of two probes.
  ///
  /// *Cost:* three products of `K × N × d` and two passes over the features.
  ///
  /// - Precondition: The point passed the model's `validate`.
  public init(from earlier: Point, model: LayerPeeledModel) {
    self.earlier = earlier
    labels = model.labels
    gradient = model.logLoss(at: earlier).gradient
    means = ClassStatistics(features: earlier.features, labels: model.labels).means
  }

  /// Why the first probe of a training has no alignment.
  static func absent(because reason: String) -> Measurement {
    var m = Measurement()
    for quantity in Quantity.alignment { m[quantity] = .absent(because: reason) }
    return m
  }

  /// How the change to a later probe compares; a part whose cosine is of a zero vector is absent.
  public func measure(_ later: Point) -> Measurement {
    var (total, classes) = (Correlation(), Array(repeating: Correlation(), count: labels.classes))
    var alongMeans = 0.0
    let directions = means.normalizedRows
    for i in 0..<labels.count {
      var row = Correlation()
      var alongMean = 0.0
      for j in 0..<earlier.dimension {
        let change = later.features[i, j] - earlier.features[i, j]
        row.add(change, -gradient.features[i, j])
        alongMean += change * directions[labels[i], j]
      }
      total.add(row)
      classes[labels[i]].add(row)
      alongMeans += alongMean * alongMean
    }
    var weights = Correlation()
    for k in later.classifier.elements.indices {
      weights.add(
        later.classifier.elements[k] - earlier.classifier.elements[k],
        -gradient.classifier.elements[k])
    }

    var m = Measurement()
    let cosine = total.cosine(of: "the features")
    m[.alignmentFeatures] = cosine
    m[.alignmentExplained] = cosine.number.map { .value($0 * $0) } ?? cosine
    m[.alignmentPerClass] = perClass(classes)
    m[.alignmentClassMeanPart] = Reading(
      alongMeans / total.xx, otherwise: "the features did not change")
    m[.alignmentClassifier] = weights.cosine(of: "the classifier")
    return m
  }

  private func perClass(_ classes: [Correlation]) -> Reading {
    let readings = classes.indices.map { classes[$0].cosine(of: "the features of class \($0)") }
    if let missing = readings.first(where: { $0.number == nil }) { return missing }
    return .list(readings.compactMap { $0.number })
  }
}

/// Inner products of two vectors, summed as their entries pass by.
private struct Correlation {
  var (xx, xy, yy) = (0.0, 0.0, 0.0)

  mutating func add(_ x: Double, _ y: Double) {
    xx += x * x
    xy += x * y
    yy += y * y
  }

  mutating func add(_ other: Correlation) {
    xx += other.xx
    xy += other.xy
    yy += other.yy
  }

  func cosine(of what: String) -> Reading {
    if xx == 0 { return .absent(because: "\(what) did not change") }
    if yy == 0 { return .absent(because: "the model has no gradient for \(what)") }
    // Rounding may leave a cosine of parallel vectors a few units above 1.
    return .value(max(-1, min(1, xy / (xx.squareRoot() * yy.squareRoot()))))
  }
}

extension Matrix {
  /// Each row divided by its norm; a zero row stays.
  fileprivate var normalizedRows: Matrix {
    let norms = rowNorms
    return Matrix(rows: rows, columns: columns) {
      norms[$0] > 0 ? self[$0, $1] / norms[$0] : 0
    }
  }
}
