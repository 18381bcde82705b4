/// The critical points of the loss at one norm, or of the loss with weight decay.
///
/// Two questions with one answer: a point that is critical for `L` on the sphere of its own radius,
/// with multiplier `μ > 0`, is critical for `L + (μ/2) ρ²` in the whole space, and the reverse. Each
/// start is refined until its gradient vanishes; what that gives is merged up to symmetry.
public struct Landscape: Sendable {
  /// Which function it is the landscape of.
  public enum Level: Hashable, Sendable {
    /// The loss on the sphere `‖W‖² + ‖H‖² = ρ²`.
    case radius(Double)
    /// `L + (μ/2) ρ²` in the whole space, `L` summed over samples.
    case weightDecay(Double)

    /// The sphere's radius, if there is one.
    public var radius: Double? { if case .radius(let value) = self { value } else { nil } }
    /// The weight decay, if there is one.
    public var weightDecay: Double? {
      if case .weightDecay(let value) = self { value } else { nil }
    }
  }

  /// The model.
  public let model: LayerPeeledModel
  /// What to look for and how hard.
  public let settings: Settings

  /// The landscape of a model.
  public init(_ model: LayerPeeledModel, settings: Settings) {
    self.model = model
    self.settings = settings
  }

  /// What a survey is asked to do.
  public struct Settings: Hashable, Sendable {
    /// Which function.
    public var level: Level
    /// How many random points are refined, besides the constructions.
    public var restarts = 20
    /// Of the random points.
    public var seed: UInt64 = 0
    /// How many steps a start may take.
    public var refinement = Refinement.Settings()

    /// The settings of a level, with 20 restarts.
    public init(level: Level) { self.level = level }

    /// Whether every setting is in its range.
    public func validate() throws(ModelError) {
      switch level {
      case .radius(let radius):
        guard radius >= 0.1, radius <= 1000 else {
          throw .badSetting(
            argument: "radius", value: "\(radius)",
            expected: "a number between 0.1 and 1000, where doubles tell curvatures apart")
        }
      case .weightDecay(let decay):
        // Above σ = ‖P - Y‖₂ of the origin only the origin is left; far above, squares overflow.
        guard decay > 0, decay <= 1e12 else {
          throw .badSetting(
            argument: "weight-decay", value: "\(decay)",
            expected: "a positive number, at most 1e12")
        }
      }
      guard (0...1_000_000).contains(restarts) else {
        throw .badSetting(
          argument: "restarts", value: "\(restarts)", expected: "0 to 1000000")
      }
    }
  }
}

extension LayerPeeledModel {
  /// The radius at which the best point has margins of `margin` nats, `ρ² = 2 v* · margin`.
  ///
  /// At the default, 4 nats, the loss of a sample is a few percent of its value at the origin: small
  /// enough that critical points of different geometry have clearly different losses, and far from
  /// where every gradient drowns in `e^-margin`. In fewer than `K - 1` dimensions `v*` is the
  /// relaxation's, and the margins are smaller.
  public func radius(ofMargin margin: Double = 4) -> Double {
    (2 * SeparationProblem(sizes: sizes).value * margin).squareRoot()
  }
}
