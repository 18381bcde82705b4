/// Gradient flow of a model, `dθ/dt = -∇L(θ)`, in a clock in which something always happens.
///
/// In physical time the loss falls like `v*/(2 t log t)`. With `ds = L dt` and `θ = e^r φ`,
/// `‖φ‖ = 1`, the same curve obeys
///
///     dφ/ds = g - (φ·g) φ,    dr/ds = φ·g,    dt/ds = 1 / L,    g = -∇ log L(θ) / e^r
///
/// in which nothing underflows. Equal arguments give equal results on one machine.
///
/// > Source: the limit directions are KKT points of the separation problem by Ji et al., ICLR 2022;
/// > Lyu & Li, ICLR 2020, [arXiv:1906.05890](https://arxiv.org/abs/1906.05890).
public struct Flow: Sendable {
  /// The model that is followed.
  public let model: LayerPeeledModel
  /// What it is asked to do.
  public var settings: Settings

  /// A flow of a model; without settings, up to a margin ratio of 0.9999.
  public init(_ model: LayerPeeledModel, settings: Settings = Settings()) {
    self.model = model
    self.settings = settings
  }

  /// How far a running flow has come.
  public struct Progress: Sendable {
    /// Steps taken so far.
    public let steps: Int
    /// Evaluations of the gradient so far, which ``Flow/Settings/maximumEvaluations`` limits.
    public let gradientEvaluations: Int
    /// `log L`.
    public let logLoss: Double
    /// `log t`; `-∞` at time zero.
    public let logTime: Double
    /// `γ/γ*`.
    public let marginRatio: Double
    /// The share done of the nearest target, judged by `log ρ²`, if there is one to judge by.
    public let fraction: Double?
  }

  /// What a flow did, and the point it ended at.
  public struct Run: Sendable {
    /// Records, events, termination, cost.
    public let trajectory: Trajectory<FlowTime>
    /// The last point.
    public let end: Point
  }

  /// Follows the flow from `start` until a target is met or a limit stops it.
  public func trajectory(from start: Point) throws(ModelError) -> Trajectory<FlowTime> {
    try run(from: start).trajectory
  }

  /// Follows the flow from `start`, telling how far it is and stopping when asked to.
  ///
  /// - Parameters:
  ///   - start: A point of the model's shapes, with finite entries.
  ///   - recorded: Called for every record with the point that it measures.
  ///   - progress: Called after every step.
  ///   - isCancelled: Asked after every step; what was finished is kept.
  public func run(
    from start: Point,
    recorded: @escaping (Trajectory<FlowTime>.Record, Point) -> Void = { _, _ in },
    progress: (Progress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws(ModelError) -> Run {
    try settings.validate()
    try model.validate(start)
    guard start.norm > 0 else { return FlowRun.atOrigin(self, start, recorded: recorded) }
    var run = FlowRun(self, from: start, recorded: recorded)
    if let first = settings.logLosses.first, first >= run.values.logLoss {
      throw .targetPassed(
        argument: "log loss", value: first, start: run.values.logLoss)
    }
    if let time = run.indistinctTime {
      throw .badSetting(
        argument: "at-times", value: "log t = \(time)",
        expected: "a time that is not so early that doubles cannot tell it from zero")
    }
    return run.finish(progress: progress, isCancelled: isCancelled)
  }

  /// Bytes that a run takes: the integrator's vectors, the measurement's copies of the features,
  /// matrices with an entry a logit, and the `d × d` of the invariant.
  public static func memoryNeeded(sizes: ClassSizes, dimension: Int) -> Double {
    let (vectors, logits) = (36.0, 14.0)
    let (classes, samples) = (Double(sizes.classes), Double(sizes.samples))
    let (d, invariants) = (Double(dimension), 5.0)
    return 8
      * (vectors * (classes + samples) * d + logits * classes * samples + invariants * d * d)
  }
}
