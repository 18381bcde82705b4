/// Measures points of one model, one after the other along a trajectory.
///
/// It keeps what later points are compared with: the start's invariants, and the best bound that a
/// trajectory's own multipliers gave so far.
public struct PointMeasurer: Sendable {
  /// The model whose points these are.
  public let model: LayerPeeledModel
  /// Its separation problem, for the ratios and the bound that is known beforehand.
  public let problem: SeparationProblem
  private let start: Invariants
  /// The best bound that the points' own multipliers gave so far.
  package private(set) var bestBound: Double

  /// A measurer for a trajectory from `start`.
  public init(_ model: LayerPeeledModel, start: Point) {
    self.init(model, start: Invariants(start))
  }

  /// A measurer for a trajectory whose start had these invariants, and the rest of one that was
  /// measured already where a bound is given.
  package init(_ model: LayerPeeledModel, start: Invariants, bestBound: Double = 0) {
    self.model = model
    problem = SeparationProblem(sizes: model.sizes)
    (self.start, self.bestBound) = (start, bestBound)
  }

  /// Everything known of a point: margins, certificate, drifts of the invariants, metrics.
  public mutating func measure(_ point: Point) -> Measurement {
    measure(
      PointFigures(point, model: model),
      metrics: CollapseMetrics.measure(point, labels: model.labels))
  }

  /// The same from the numbers it is made of.
  package mutating func measure(_ figures: PointFigures, metrics: Measurement) -> Measurement {
    var m = metrics
    m.merge(margins(figures))
    m.merge(certificate(figures))
    let now = figures.invariants
    m[.balanceDrift] = drift(
      (now.imbalance - start.imbalance).norm, from: start.imbalance.norm, of: "WᵀW - HᵀH")
    let change = zip(now.rowSum, start.rowSum).map { $0 - $1 }
    m[.rowSumDrift] = drift(
      change.euclideanNorm, from: start.rowSum.euclideanNorm, of: "1ᵀW")
    return m
  }

  private func margins(_ figures: PointFigures) -> Measurement {
    var m = Measurement()
    let (margin, squaredNorm) = (figures.leastMargin, figures.squaredNorm)
    let atOrigin = "the point is the origin"
    m[.logLoss] = .value(figures.logLoss)
    m[.leastMargin] = .value(margin)
    m[.logNorm] = Reading(.log(squaredNorm) / 2, otherwise: atOrigin)
    m[.gamma] = Reading(margin / squaredNorm, otherwise: atOrigin)
    m[.smoothedGamma] = Reading(
      -Double.logExpm1(ofExponential: figures.logLoss) / squaredNorm, otherwise: atOrigin)
    m[.marginRatio] = Reading(
      margin / squaredNorm / problem.largestGamma, otherwise: atOrigin)
    m[.balancedMarginRatio] = Reading(
      problem.value * margin / figures.nuclearNorm, otherwise: "all logits are zero")
    return m
  }

  private mutating func certificate(_ figures: PointFigures) -> Measurement {
    var m = Measurement()
    m[.dual] = .value(problem.certifiedBound)
    bestBound = max(bestBound, figures.bound)
    m[.trajectoryDual] = .value(bestBound)
    guard let certificate = figures.certificate else {
      let reason = "not separated: the least margin is \(figures.leastMargin)"
      for key in [.primal, .gap, .stationarity, .complementarity] as [Quantity] {
        m[key] = .absent(because: reason)
      }
      return m
    }
    m[.primal] = .value(certificate.primal)
    m[.gap] = .value(certificate.primal - problem.certifiedBound)
    m[.stationarity] = .value(certificate.stationarity)
    m[.complementarity] = .value(certificate.complementarity)
    return m
  }

  private func drift(_ change: Double, from start: Double, of what: String) -> Reading {
    guard start > 0 else { return .absent(because: "\(what) is zero at the start") }
    return .value(change / start)
  }
}

extension Double {
  /// `log(e^L - 1)` from `log L`, right for the smallest `L`: `log L + log(expm1(L)/L)`.
  fileprivate static func logExpm1(ofExponential logLoss: Double) -> Double {
    let loss = exp(logLoss)
    if loss > 1 { return logExpm1(loss) }
    return logLoss + (loss > 0 ? log(expm1(loss) / loss) : 0)
  }
}
