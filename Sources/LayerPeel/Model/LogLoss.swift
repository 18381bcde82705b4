/// What the model knows at one point, right even where `L` itself underflows.
public struct LogLoss: Sendable {
  /// `log L`, `L` the sum over samples in nats.
  public let value: Double
  /// `A = G / L`, `K × N`: entry `p_ij / L`, and for the true class minus the others' sum.
  public let ratios: Matrix
  /// `q_min`, the least of all margins, in nats.
  public let leastMargin: Double
  /// `∇ log L = ∇L / L = (A H, Aᵀ W)`.
  public let gradient: Point
}

extension LayerPeeledModel {
  /// `log L`, the ratios `p/L`, the least margin and `∇ log L` at a point.
  ///
  /// *Cost:* three products of `K × N × d`, one exponential a logit.
  ///
  /// - Precondition: The point passed ``validate(_:)``.
  public func logLoss(at point: Point) -> LogLoss {
    var evaluator = CrossEntropy(self)
    let (value, margin) = evaluator.evaluateRatios(
      point.classifier.elements.span, point.features.elements.span, scale: 1)
    let ratios = Matrix(rows: labels.classes, columns: labels.count, elements: evaluator.ratios)
    let gradient = Point(
      classifier: ratios * point.features, features: ratios.transposed * point.classifier)
    return LogLoss(value: value, ratios: ratios, leastMargin: margin, gradient: gradient)
  }

  /// The product of the Hessian of `log L` at a point with a direction.
  ///
  ///     ∇² log L · v = (δA H + A δH, δAᵀ W + Aᵀ δW),   v = (δW, δH)
  ///
  /// where `δA` is the change of the ratios. *Cost:* six products of `K × N × d`.
  public func hessianProduct(at point: Point, along direction: Point) -> Point {
    var evaluator = CrossEntropy(self)
    _ = evaluator.evaluateRatios(
      point.classifier.elements.span, point.features.elements.span, scale: 1)
    let logitChange =
      direction.classifier * point.features.transposed
      + point.classifier * direction.features.transposed
    var change = [Double](repeating: 0, count: logitChange.elements.count)
    _ = evaluator.changeOfRatios(logitChange.elements, into: &change)
    let ratios = Matrix(rows: labels.classes, columns: labels.count, elements: evaluator.ratios)
    let delta = Matrix(rows: labels.classes, columns: labels.count, elements: change)
    return Point(
      classifier: delta * point.features + ratios * direction.features,
      features: delta.transposed * point.classifier + ratios.transposed * direction.classifier)
  }

  /// `m_i = min_{j≠y_i} m_ij`, the margin of each sample, in nats.
  public func margins(at point: Point) -> [Double] {
    CrossEntropy.margins(logits: point.logits, labels: labels)
  }
}
