/// Measures points of one model, one after the other along a trajectory.
///
/// It keeps what later points are compared with: the start's invariants, and the best bound that a
/// trajectory's own multipliers gave so far.
public struct PointMeasurer: Sendable {
  /// The model whose points these are.
  public let model: LayerPeeledModel
  /// Its separation problem, for the ratios and the bound that is known beforehand.
  public let problem: SeparationProblem
  private let startImbalance: Matrix
  private let startRowSum: [Double]
  private var bestBound = 0.0

  /// A measurer for a trajectory from `start`.
  public init(_ model: LayerPeeledModel, start: Point) {
    self.model = model
    problem = SeparationProblem(sizes: model.sizes)
    startImbalance = start.imbalance
    startRowSum = start.classifier.columnSums
  }

  /// Everything known of a point: margins, certificate, drifts of the invariants, metrics.
  public mutating func measure(_ point: Point) -> Measurement {
    let loss = model.logLoss(at: point)
    var m = CollapseMetrics.measure(point, labels: model.labels)
    m.merge(margins(point, loss))
    m.merge(certificate(point, loss))
    m[.balanceDrift] = drift(
      (point.imbalance - startImbalance).norm, from: startImbalance.norm, of: "WᵀW - HᵀH")
    let change = zip(point.classifier.columnSums, startRowSum).map { $0 - $1 }
    m[.rowSumDrift] = drift(
      change.euclideanNorm, from: startRowSum.euclideanNorm, of: "1ᵀW")
    return m
  }

  private func margins(_ point: Point, _ loss: LogLoss) -> Measurement {
    var m = Measurement()
    let squaredNorm = Point.dot(point, point)
    let atOrigin = "the point is the origin"
    m[.logLoss] = .value(loss.value)
    m[.leastMargin] = .value(loss.leastMargin)
    m[.logNorm] = Reading(.log(squaredNorm) / 2, otherwise: atOrigin)
    m[.gamma] = Reading(loss.leastMargin / squaredNorm, otherwise: atOrigin)
    m[.smoothedGamma] = Reading(
      -Double.logExpm1(ofExponential: loss.value) / squaredNorm, otherwise: atOrigin)
    m[.marginRatio] = Reading(
      loss.leastMargin / squaredNorm / problem.largestGamma, otherwise: atOrigin)
    let nuclear = point.logits.nuclearNorm
    m[.balancedMarginRatio] = Reading(
      problem.value * loss.leastMargin / nuclear, otherwise: "all logits are zero")
    return m
  }

  private mutating func certificate(_ point: Point, _ loss: LogLoss) -> Measurement {
    var m = Measurement()
    m[.dual] = .value(problem.certifiedBound)
    bestBound = max(bestBound, Certificate.dualBound(ratios: loss.ratios, labels: model.labels))
    m[.trajectoryDual] = .value(bestBound)
    guard let certificate = Certificate(point: point, labels: model.labels, logLoss: loss) else {
      let reason = "not separated: the least margin is \(loss.leastMargin)"
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
