/// Where a trajectory of the model went, judged by its last measurement alone.
public enum Destination: Hashable, Sendable {
  /// The relative gap to the global optimum is this small.
  case nearOptimum(gap: Double)
  /// A KKT direction whose margin is this share of the best.
  case otherDirection(marginRatio: Double)
  /// Separated, but not yet near any KKT direction.
  case onItsWay(marginRatio: Double, stationarity: Double)
  /// Separated in fewer than `K - 1` dimensions, where the bound of the relaxation cannot close.
  case relaxed(marginRatio: Double, stationarity: Double)
  /// Some sample is on the wrong side.
  case notSeparated(leastMargin: Double)

  /// Judges a measurement of a model with `classes` classes in `dimension` dimensions.
  ///
  /// Near the optimum the relative gap falls like the square of the scaled stationarity residual; at
  /// another KKT direction the residual vanishes and the gap stays. So a gap below 1 % is near, and
  /// a larger one that is ten times a residual below 0.05 is another direction.
  public init(_ m: Measurement, classes: Int, dimension: Int) {
    guard let gap = m[.gap].number, let primal = m[.primal].number,
      let ratio = m[.marginRatio].number, let stationarity = m[.stationarity].number
    else {
      self = .notSeparated(leastMargin: m[.leastMargin].number ?? 0)
      return
    }
    let relative = max(0, gap / primal)
    if dimension < classes - 1 {
      self = .relaxed(marginRatio: ratio, stationarity: stationarity)
    } else if relative <= 0.01 {
      self = .nearOptimum(gap: relative)
    } else if stationarity <= 0.05, relative >= 10 * stationarity {
      self = .otherDirection(marginRatio: ratio)
    } else {
      self = .onItsWay(marginRatio: ratio, stationarity: stationarity)
    }
  }
}
