import Glibc
public import LayerPeel

/// A landscape as claims judge it: every critical point that was found, and where it led.
public struct LandscapeRecord: Sendable {
  /// Its name in tables and figures, such as `4 classes of 5 in 8 dimensions`.
  public var name: String
  /// How many samples each class has.
  public var sizes: ClassSizes
  /// `d`.
  public var dimension: Int
  /// Which function's landscape it is.
  public var level: Landscape.Level
  /// Critical points up to symmetry, in the order in which they were found.
  public var points: [Entry]
  /// How many starts were refined.
  public var starts: Int
  /// How many of them met the family `μ = 0`.
  public var trivialStarts: Int
  /// How many of them refused to converge.
  public var failedStarts: Int
  /// Whether it was stopped from outside, with starts or descents left.
  public var isInterrupted: Bool

  /// A landscape of given parts.
  public init(
    name: String, sizes: ClassSizes, dimension: Int, level: Landscape.Level, points: [Entry],
    starts: Int, trivialStarts: Int, failedStarts: Int, isInterrupted: Bool = false
  ) {
    self.name = name
    self.sizes = sizes
    self.dimension = dimension
    self.level = level
    self.points = points
    self.starts = starts
    self.trivialStarts = trivialStarts
    self.failedStarts = failedStarts
    self.isInterrupted = isInterrupted
  }

  /// A critical point.
  public struct Entry: Hashable, Sendable {
    /// The name of the first start that led here.
    public var name: String
    /// What it is in the landscape.
    public var verdict: CriticalPoint.Verdict
    /// Whether it stands for the family `μ = 0`.
    public var isFlat: Bool
    /// Its norm `ρ`; 0 at the origin.
    public var radius: Double
    /// `log L`, the sum over samples in nats.
    public var logLoss: Double
    /// `μ`, of either sign; nil at the origin.
    public var multiplier: Double?
    /// `σ = ‖P - Y‖₂`.
    public var spectralNorm: Double
    /// The gradient on the sphere over `σρ`, the largest it can be.
    public var scaledGradientNorm: Double
    /// `(σ - μ)ρ²/2`, by which the loss can exceed the least of the sphere; nil for `d < K - 1`.
    public var bound: Double?
    /// Singular values of `W` in falling order.
    public var singularValues: [Double]
    /// The rank of `W`.
    public var rank: Int
    /// The rank of `W` above `H`.
    public var jointRank: Int
    /// The least curvature along unit tangent vectors.
    public var lowestCurvature: Double
    /// A curvature is this close to it.
    public var curvatureError: Double
    /// How many curvatures equal it, if counted.
    public var multiplicity: Int?
    /// How many curvatures are negative, if counted.
    public var index: Int?
    /// `γ/γ*`; nil at the origin.
    public var marginRatio: Double?
    /// How many starts led here.
    public var starts: Int
    /// The descent from it, if it was followed.
    public var descent: Descent?

    /// A critical point of given parts.
    public init(
      name: String, verdict: CriticalPoint.Verdict, isFlat: Bool = false, radius: Double,
      logLoss: Double, multiplier: Double?, spectralNorm: Double, scaledGradientNorm: Double,
      bound: Double?, singularValues: [Double], rank: Int, jointRank: Int,
      lowestCurvature: Double, curvatureError: Double, multiplicity: Int? = nil,
      index: Int? = nil, marginRatio: Double? = nil, starts: Int = 1, descent: Descent? = nil
    ) {
      self.name = name
      self.verdict = verdict
      self.isFlat = isFlat
      self.radius = radius
      self.logLoss = logLoss
      self.multiplier = multiplier
      self.spectralNorm = spectralNorm
      self.scaledGradientNorm = scaledGradientNorm
      self.bound = bound
      self.singularValues = singularValues
      self.rank = rank
      self.jointRank = jointRank
      self.lowestCurvature = lowestCurvature
      self.curvatureError = curvatureError
      self.multiplicity = multiplicity
      self.index = index
      self.marginRatio = marginRatio
      self.starts = starts
      self.descent = descent
    }
  }

  /// Where a descent from a saddle went.
  public struct Descent: Hashable, Sendable {
    /// `log L` at its end.
    public var logLoss: Double
    /// How many steps it took.
    public var steps: Int
    /// The saddles on the way; nil for one that the survey does not have.
    public var saddles: [String?]
    /// The critical point where it settled; nil if it did not, or is one that the survey does not
    /// have.
    public var destination: String?
    /// Whether it settled at a critical point without a way down.
    public var hasSettled: Bool

    /// A descent of given parts.
    public init(
      logLoss: Double, steps: Int, saddles: [String?], destination: String?, hasSettled: Bool
    ) {
      self.logLoss = logLoss
      self.steps = steps
      self.saddles = saddles
      self.destination = destination
      self.hasSettled = hasSettled
    }
  }
}

/// What a critical point is, by its numbers alone.
extension LandscapeRecord.Entry {
  /// Which part of the landscape it belongs to.
  enum Kind: CaseIterable, Hashable {
    /// The bound closes: no point of the sphere has less loss.
    case global
    /// `μ > 0`, and not global: a point of the separation problem's kind.
    case positive
    /// `μ = 0`: the family `W = 1cᵀ`, or the origin.
    case flat
    /// `μ < 0`: classes are pushed apart the wrong way.
    case negative
  }

  var kind: Kind {
    if isGlobal { return .global }
    guard let multiplier, !isFlat, radius > 0 else { return .flat }
    return multiplier > 0 ? .positive : .negative
  }

  /// Whether the gradient vanishes, to 1e-10 of the largest there can be.
  var isCritical: Bool { scaledGradientNorm < 1e-10 }
  /// Whether the bound says that no point of its sphere has less loss, to 1e-8 of it.
  var isGlobal: Bool {
    guard let bound, radius > 0 else { return false }
    return bound <= 1e-8 * exp(logLoss)
  }
  /// Above every value that the least curvature can have within its error.
  var certifiedCurvature: Double { lowestCurvature + curvatureError }
  /// Whether some tangent direction has negative curvature beyond all errors.
  var isStrictSaddle: Bool { verdict == .strictSaddle && certifiedCurvature < 0 }
}
