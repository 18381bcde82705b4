/// The numbers of a point that its measurement is made of, wherever its features are kept.
package struct PointFigures: Sendable {
  /// `log L`.
  package let logLoss: Double
  /// `q_min`, in nats.
  package let leastMargin: Double
  /// `ρ²`.
  package let squaredNorm: Double
  /// `‖W Hᵀ‖_*`.
  package let nuclearNorm: Double
  /// The bound that multipliers `λ ∝ p` give.
  package let bound: Double
  /// Residuals and value; nil where some sample is not on its side.
  package let certificate: Certificate?
  /// What the flow would conserve.
  package let invariants: Invariants

  /// Those of a point in memory.
  init(_ point: Point, model: LayerPeeledModel) {
    let loss = model.logLoss(at: point)
    logLoss = loss.value
    leastMargin = loss.leastMargin
    squaredNorm = Point.dot(point, point)
    nuclearNorm = point.logits.nuclearNorm
    bound = Certificate.dualBound(ratios: loss.ratios, labels: model.labels)
    certificate = Certificate(point: point, labels: model.labels, logLoss: loss)
    invariants = Invariants(point)
  }

  /// Those of features that were read block by block.
  init(
    logLoss: Double, leastMargin: Double, squaredNorm: Double, nuclearNorm: Double, bound: Double,
    certificate: Certificate?, invariants: Invariants
  ) {
    (self.logLoss, self.leastMargin) = (logLoss, leastMargin)
    (self.squaredNorm, self.nuclearNorm, self.bound) = (squaredNorm, nuclearNorm, bound)
    (self.certificate, self.invariants) = (certificate, invariants)
  }
}
