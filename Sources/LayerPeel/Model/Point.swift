/// A classifier and one free feature vector per sample: the unknowns of the model.
///
/// `K` classes, `N` samples, dimension `d`; only the logits `W Hᵀ` have a unit, the nat.
public struct Point: Hashable, Sendable {
  /// `W`, `K × d`: row `k` is `w_k`.
  public var classifier: Matrix
  /// `H`, `N × d`: row `i` is `h_i`, contiguous; on paper often `d × N`.
  public var features: Matrix

  /// A point of given parts.
  ///
  /// - Precondition: Both have `d` columns.
  public init(classifier: Matrix, features: Matrix) {
    precondition(classifier.columns == features.columns, "W and H differ in dimension")
    self.classifier = classifier
    self.features = features
  }

  /// The entries of `W`, then those of `H`.
  package var flat: [Double] { classifier.elements + features.elements }
  /// `d`.
  public var dimension: Int { classifier.columns }
  /// `ρ = (‖W‖² + ‖H‖²)^½`.
  public var norm: Double { Point.dot(self, self).squareRoot() }
  /// `W Hᵀ`, `K × N`.
  public var logits: Matrix { classifier * features.transposed }
  /// `WᵀW - HᵀH`, `d × d`: constant along gradient flow.
  public var imbalance: Matrix {
    classifier.transposed * classifier - features.transposed * features
  }

  /// Inner product over all entries.
  public static func dot(_ a: Point, _ b: Point) -> Double {
    Matrix.dot(a.classifier, b.classifier) + Matrix.dot(a.features, b.features)
  }
  /// Entrywise sum.
  public static func + (a: Point, b: Point) -> Point {
    Point(classifier: a.classifier + b.classifier, features: a.features + b.features)
  }
  /// Entrywise difference.
  public static func - (a: Point, b: Point) -> Point {
    Point(classifier: a.classifier - b.classifier, features: a.features - b.features)
  }
  /// Every entry times `factor`.
  public static func * (factor: Double, a: Point) -> Point {
    Point(classifier: factor * a.classifier, features: factor * a.features)
  }
}
