/// The way from a saddle down to where it ends: a descent on the sphere, or with weight decay in the
/// whole space, from saddle to saddle.
///
/// From each saddle a small push along its certified descending direction starts a gradient descent
/// whose loss never rises. Where the gradient is nearly zero the point is refined; if that is another
/// saddle, it is noted, pushed and left in turn.
///
/// This shows that the landscape has a way out of its saddles. It is no statement about gradient
/// flow, whose saddles lie at infinity ([arXiv:2512.04006](https://arxiv.org/abs/2512.04006)).
public struct Escape: Sendable {
  /// What a descent is asked to do.
  public struct Settings: Hashable, Sendable {
    /// Length of the push along the descending direction, as a share of the point's norm.
    public var push = 1e-3
    /// No step is longer than this share of the point's norm.
    public var longestStep = 0.02
    /// Steps after which the descent is given up.
    public var maximumSteps = 20_000
    /// Saddles after which it is given up.
    public var maximumSaddles = 50

    /// A push of a thousandth of the norm, steps of at most a fiftieth.
    public init() {}
  }

  /// A critical point on the way.
  public struct Visit: Sendable {
    /// After how many steps.
    public let step: Step
    /// What it is.
    public let point: CriticalPoint
  }

  /// How far a descent is.
  public struct Progress: Hashable, Sendable {
    /// Steps so far.
    public let steps: Int
    /// `log L`.
    public let logLoss: Double
    /// Saddles left so far.
    public let saddles: Int
  }

  /// Loss, margin ratio and all else that is measured, at every step; the saddles are its events.
  public let trajectory: Trajectory<Step>
  /// The critical points on the way: the start first; last the point where it settled, if it did.
  public let visits: [Visit]
  /// The last point.
  public let end: Point

  /// Where it settled, if it did.
  public var destination: CriticalPoint? {
    trajectory.termination == .settled ? visits.last?.point : nil
  }
}

extension Landscape {
  /// Descends from a saddle until it settles at a critical point without a way down.
  ///
  /// *Cost:* a gradient and a measurement a step, some hundred steps a saddle; curvatures at each
  /// saddle.
  ///
  /// - Parameters:
  ///   - saddle: A critical point with a descending direction; from any other nothing happens.
  ///   - settings: How to push, and when to give up.
  ///   - progress: Told after each step.
  ///   - isCancelled: Asked before each step, those of refinements included.
  /// - Throws: What ``LayerPeeledModel/validate(_:)`` says of the saddle, or that it is no point of
  ///   this landscape: on another sphere, or of another multiplier than the weight decay.
  public func escape(
    from saddle: CriticalPoint, settings: Escape.Settings = Escape.Settings(),
    progress: (Escape.Progress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws(ModelError) -> Escape {
    try validate(saddle)
    var run = EscapeRun(self, from: saddle, settings)
    while run.termination == nil {
      if isCancelled() {
        run.termination = .interrupted
      } else {
        try run.advance(isCancelled: isCancelled)
      }
      progress(run.progress)
    }
    return run.escape
  }

  /// Whether a critical point belongs here, to the 1e-6 by which ``Trait`` tells points apart; the
  /// origin does everywhere.
  private func validate(_ saddle: CriticalPoint) throws(ModelError) {
    try model.validate(saddle.point)
    let (actual, expected, quantity) =
      switch settings.level {
      case .radius(let radius): (saddle.point.norm, radius, "norm")
      case .weightDecay(let decay): (saddle.multiplier ?? decay, decay, "multiplier")
      }
    guard saddle.point.norm > 0, !(abs(actual - expected) <= 1e-6 * expected) else { return }
    throw .badSetting(
      argument: "saddle", value: "\(quantity) \(actual)",
      expected: "a critical point of this landscape, of \(quantity) \(expected)")
  }
}
