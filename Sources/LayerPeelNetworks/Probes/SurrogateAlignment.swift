internal import CKernels
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
public struct SurrogateAlignment {
  private let earlier: any FeatureBlocks
  private let classifier: Matrix
  private let labels: Labels
  /// `G / L` there, `K × N`.
  private let ratios: Matrix
  /// `G H / L` there.
  private let classifierGradient: Matrix
  /// The class means, each divided by its norm.
  private let directions: Matrix

  /// What the model says at the earlier of two probes.
  ///
  /// *Cost:* a product of `K × N × d` and two passes over the features.
  ///
  /// - Precondition: The point passed the model's `validate`.
  public init(from earlier: Point, model: LayerPeeledModel) {
    let layer = LastLayer(
      classifier: earlier.classifier, bias: nil, features: FeaturesInMemory(earlier.features),
      labels: model.labels)
    self.init(from: layer, classifierGradient: layer.classifierGradient)
  }

  /// What the model says at a last layer.
  ///
  /// - Parameters:
  ///   - earlier: The last layer at the earlier of two probes.
  ///   - classifierGradient: `G H / L` there.
  package init(from earlier: LastLayer, classifierGradient: Matrix) {
    self.earlier = earlier.features
    (classifier, labels, ratios) = (earlier.classifier, earlier.labels, earlier.ratios)
    self.classifierGradient = classifierGradient
    directions = earlier.means.normalizedRows
  }

  /// Why the first probe of a training has no alignment.
  static func absent(because reason: String) -> Measurement {
    var m = Measurement()
    for quantity in Quantity.alignment { m[quantity] = .absent(because: reason) }
    return m
  }

  /// How the change to a later probe compares; a part whose cosine is of a zero vector is absent.
  public func measure(_ later: Point) -> Measurement {
    measure(classifier: later.classifier, features: FeaturesInMemory(later.features))
  }

  /// The same of features that are read block by block.
  ///
  /// *Cost:* a product of `K × N × d` and one pass over both probes' features.
  package func measure(classifier later: Matrix, features: any FeatureBlocks) -> Measurement {
    precondition(features.count == earlier.count && features.dimension == earlier.dimension)
    let shares = features.inShares { _ in
      Changes(classes: labels.classes)
    } _: {
      add($1, $2, to: &$0)
    }
    let changes = shares.dropFirst().reduce(into: shares[0]) { $0.add($1) }
    var weights = Correlation()
    for k in later.elements.indices {
      weights.add(
        later.elements[k] - classifier.elements[k], -classifierGradient.elements[k])
    }

    var m = Measurement()
    let cosine = changes.total.cosine(of: "the features")
    m[.alignmentFeatures] = cosine
    m[.alignmentExplained] = cosine.number.map { .value($0 * $0) } ?? cosine
    m[.alignmentPerClass] = perClass(changes.classes)
    m[.alignmentClassMeanPart] = Reading(
      changes.alongMeans / changes.total.xx, otherwise: "the features did not change")
    m[.alignmentClassifier] = weights.cosine(of: "the classifier")
    return m
  }

  /// Adds the change of samples `range`, whose later features are given.
  private func add(_ later: Span<Double>, _ range: Range<Int>, to share: inout Changes) {
    var products = [Double](repeating: 0, count: 4 * range.count)
    earlier.withRows(range, using: &share.buffer) { before in
      later.withUnsafeBufferPointer { later in
        before.withUnsafeBufferPointer { before in
          ratios.elements.withUnsafeBufferPointer { a in
            labels.values.withUnsafeBufferPointer { y in
              layerpeel_changes(
                range.count, classifier.columns, classifier.rows, labels.count, later.baseAddress,
                before.baseAddress, a.baseAddress! + range.lowerBound, classifier.elements,
                y.baseAddress! + range.lowerBound, directions.elements, &products)
            }
          }
        }
      }
    }
    for (i, sample) in range.enumerated() {
      let row = Correlation(
        xx: products[4 * i], xy: -products[4 * i + 1], yy: products[4 * i + 2])
      share.classes[labels[sample]].add(row)
      share.alongMeans += products[4 * i + 3] * products[4 * i + 3]
    }
  }

  private func perClass(_ classes: [Correlation]) -> Reading {
    let readings = classes.indices.map { classes[$0].cosine(of: "the features of class \($0)") }
    if let missing = readings.first(where: { $0.number == nil }) { return missing }
    return .list(readings.compactMap { $0.number })
  }
}

/// What is summed over a share of the samples.
private struct Changes {
  /// Of the change and minus the gradient, for each class.
  var classes: [Correlation]
  /// `Σ_i ⟨Δh_i, μ_{y_i}⟩²/‖μ_{y_i}‖²`.
  var alongMeans = 0.0
  /// Where the earlier features are read.
  var buffer: [Double] = []

  init(classes: Int) { self.classes = Array(repeating: Correlation(), count: classes) }

  var total: Correlation { classes.reduce(into: Correlation()) { $0.add($1) } }

  mutating func add(_ other: Changes) {
    for k in classes.indices { classes[k].add(other.classes[k]) }
    alongMeans += other.alongMeans
  }
}

/// Inner products of two vectors, summed as their entries pass by.
private struct Correlation {
  var xx = 0.0
  var xy = 0.0
  var yy = 0.0

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
