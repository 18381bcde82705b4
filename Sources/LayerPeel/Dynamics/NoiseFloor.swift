/// Recognises when rounding, not the model, decides what comes next.
///
/// Two signs: the distance from the optimum is no larger than what one unit in the last place of
/// every entry does to the weights `p/L`; or the integrator needs several times the steps for one
/// decade of `|log L|` that any healthy run does.
struct NoiseFloor {
  private let stepsPerDecade: Double
  private let knowsOptimum: Bool
  private var decade = 0.0
  private var stepsAtDecade = 0

  /// - Parameter knowsOptimum: Whether a margin ratio of 1 is that of the optimum (`d ≥ K - 1`).
  init(tolerance: Double, knowsOptimum: Bool) {
    // Healthy runs take less than half of this at any tolerance from 1e-6 to 1e-11; an order of
    // the method between 5 and 6 makes the steps grow with the sixth root.
    stepsPerDecade = 400 * Double.exp(.log(1e-6 / tolerance) / 6)
    self.knowsOptimum = knowsOptimum
  }

  /// Whether the floor is reached; `noise` measures the rounding, asked for only near the optimum.
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
    if Double(steps - stepsAtDecade) > stepsPerDecade { return true }
    let distance = 1 - v.marginRatio
    // The noise is about ε |log L|: measure it only where it can matter.
    guard knowsOptimum, distance < -100 * Double.ulpOfOne * v.logLoss else { return false }
    return distance <= noise()
  }
}
