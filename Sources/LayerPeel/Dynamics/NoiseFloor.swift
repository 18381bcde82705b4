/// Recognises when rounding, not the model, decides what comes next.
///
/// The rounding noise `ν` is what one unit in the last place of every entry does to the weights
/// `p/L`, about `ε |log L|`; the tolerance does `rtol |log L|` to them. Two signs: the relative
/// distance from the optimum is no larger than `ν`; or the integrator needs several times the steps
/// for one decade of `|log L|` that healthy runs do, while `ν` is ten times the tolerance or the
/// tolerance moves the weights by more than a factor `e^10`, which a smaller one would cure. Many
/// steps without either mean a hard start, and go on.
struct NoiseFloor {
  private let tolerance: Double
  private let knowsOptimum: Bool
  private var decade = 0.0
  private var stepsAtDecade = 0

  /// - Parameter knowsOptimum: Whether a margin ratio of 1 is that of the optimum (`d ≥ K - 1`).
  init(tolerance: Double, knowsOptimum: Bool) {
    self.tolerance = tolerance
    self.knowsOptimum = knowsOptimum
  }

  /// Healthy runs take less than half of this; an order of the method between 5 and 6 makes steps
  /// grow with the sixth root of the tolerance.
  private var stepsPerDecade: Double { 150 * Double.exp(.log(1e-6 / tolerance) / 6) }

  /// Whether the floor is reached; `noise` measures `ν`, and is asked for only where it can matter.
  mutating func isReached(_ v: FlowWatch.Values, steps: Int, noise: () -> Double) -> Bool {
    // Before log L = -100 the start, not the logarithm of the loss, decides the steps.
    guard v.logLoss < -100 else {
      stepsAtDecade = steps
      return false
    }
    if -v.logLoss >= decade * 10 {
      decade = -v.logLoss
      stepsAtDecade = steps
    }
    if Double(steps - stepsAtDecade) > stepsPerDecade {
      if -v.logLoss * tolerance > 10 || noise() > 10 * tolerance { return true }
      stepsAtDecade = steps
    }
    let distance = 1 - v.marginRatio
    guard knowsOptimum, distance < -100 * Double.ulpOfOne * v.logLoss else { return false }
    return distance <= noise()
  }
}
