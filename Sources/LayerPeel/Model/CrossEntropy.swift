internal import CKernels

/// Room in which cross-entropy is evaluated again and again without allocating.
///
/// Everything stays in the log domain: `log L` and the ratios `p_ij / L` come from log-sum-exp, and
/// `L` and `p - 1` are never formed. With `e_j = z_j - z_y` for `j ≠ y`, a sample's loss is
/// `l = log(1 + Σ exp e_j)` and `p_j = exp(e_j - l)`. *Overflow:* to rounding, no exponent is
/// positive, since `p_j ≤ 1 - exp(-l) ≤ l ≤ L`; so every ratio is in `[0, 1]`.
package struct CrossEntropy {
  private let labels: Labels
  private let dimension: Int
  /// `scale · W Hᵀ` of the last evaluation, `K × N`.
  package private(set) var logits: [Double]
  /// `A = G / L`, `K × N`, of the last ``evaluateRatios(_:_:scale:)``.
  package private(set) var ratios: [Double]
  /// `log L` of that evaluation.
  package private(set) var logLoss = 0.0
  private var factors: [Double]

  package init(_ model: LayerPeeledModel) {
    labels = model.labels
    dimension = model.dimension
    logits = Array(repeating: 0, count: model.labels.classes * model.labels.count)
    ratios = logits
    factors = Array(repeating: 0, count: 3 * model.labels.count)
  }

  /// Fills the ratios at `scale^½ (W, H)`; returns `log L` and the least margin there.
  package mutating func evaluateRatios(
    _ classifier: Span<Double>, _ features: Span<Double>, scale: Double
  ) -> (logLoss: Double, leastMargin: Double) {
    fillLogits(classifier, features, scale: scale)
    var margin = 0.0
    logLoss = layerpeel_log_loss_ratios(
      labels.classes, labels.count, logits, labels.values, &ratios, &factors, &margin)
    return (logLoss, margin)
  }

  /// The same two numbers without the ratios, at less cost; the ratios are lost.
  package mutating func evaluateLoss(
    _ classifier: Span<Double>, _ features: Span<Double>, scale: Double
  ) -> (logLoss: Double, leastMargin: Double) {
    fillLogits(classifier, features, scale: scale)
    var margin = 0.0
    let value = layerpeel_log_loss(
      labels.classes, labels.count, logits, labels.values, &ratios, &factors, &margin)
    return (value, margin)
  }

  /// Overwrites `change` with that of the ratios when the logits move; returns that of `log L`.
  package mutating func changeOfRatios(
    _ logitChange: [Double], into change: inout [Double]
  ) -> Double {
    precondition(logitChange.count == ratios.count && change.count == ratios.count)
    return layerpeel_ratio_change(
      labels.classes, labels.count, ratios, .exp(logLoss), logitChange, labels.values, &change,
      &factors)
  }

  /// Overwrites `change` with that of `G` over `L` when the logits move.
  package mutating func changeOfResiduals(_ logitChange: [Double], into change: inout [Double]) {
    // The change of G/L has a part along G/L, by the change of log L: take it out again.
    let slope = changeOfRatios(logitChange, into: &change)
    var span = change.mutableSpan
    linearSum(1, of: &span, slope, ratios.span)
  }

  private mutating func fillLogits(
    _ classifier: Span<Double>, _ features: Span<Double>, scale: Double
  ) {
    let (classes, samples, inner) = (labels.classes, labels.count, dimension)
    var span = logits.mutableSpan
    multiply(
      classifier, .plain, features, .transposed, rows: classes, inner: inner, columns: samples,
      scale: scale, into: &span)
  }

  /// `log L`, the least margin and `A = G / L` of given logits, `K × N`.
  ///
  /// - Precondition: A label below `K` for each sample.
  package static func ratios(
    logits: Matrix, labels: [Int32]
  ) -> (logLoss: Double, leastMargin: Double, ratios: Matrix) {
    precondition(logits.columns == labels.count && labels.allSatisfy { $0 < logits.rows })
    var ratios = Matrix(rows: logits.rows, columns: logits.columns)
    var factors = [Double](repeating: 0, count: 3 * labels.count)
    var margin = 0.0
    let value = layerpeel_log_loss_ratios(
      logits.rows, labels.count, logits.elements, labels, &ratios.elements, &factors, &margin)
    return (value, margin, ratios)
  }

  /// `m_i = min_{j≠y_i} m_ij` of given logits, `K × N`.
  package static func margins(logits: Matrix, labels: Labels) -> [Double] {
    var margins = [Double](repeating: 0, count: labels.count)
    layerpeel_margins(
      labels.classes, labels.count, logits.elements, labels.values, &margins)
    return margins
  }
}
