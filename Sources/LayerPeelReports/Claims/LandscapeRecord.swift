public import LayerPeel

/// A landscape as claims judge it: every critical point that was found, and where it led.
///
/// Numbers that are proportional to the loss stand over it, so kinds and claims hold where it is too
/// small for doubles.
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
    /// `μ/L`, of either sign; nil at the origin.
    public var multiplierRatio: Double?
    /// `σ/L`, `σ = ‖P - Y‖₂`.
    public var spectralNormRatio: Double
    /// The gradient on the sphere over `σρ`, the largest it can be.
    public var scaledGradientNorm: Double
    /// `(σ - μ)ρ²/(2L)`, by which share of it the loss can exceed the least of the sphere; nil for
    /// `d < K - 1`.
    public var boundRatio: Double?
    /// Singular values of `W` in falling order.
    public var singularValues: [Double]
    /// The rank of `W`.
    public var rank: Int
    /// The rank of `W` above `H`.
    public var jointRank: Int
    /// The least curvature along unit tangent vectors, over `L`.
    public var curvatureRatio: Double
    /// A curvature is this close to it, over `L`.
    public var errorRatio: Double
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
      logLoss: Double, multiplierRatio: Double?, spectralNormRatio: Double,
      scaledGradientNorm: Double, boundRatio: Double?, singularValues: [Double], rank: Int,
      jointRank: Int, curvatureRatio: Double, errorRatio: Double, multiplicity: Int? = nil,
      index: Int? = nil, marginRatio: Double? = nil, starts: Int = 1, descent: Descent? = nil
    ) {
      self.name = name
      self.verdict = verdict
      self.isFlat = isFlat
      self.radius = radius
      self.logLoss = logLoss
      self.multiplierRatio = multiplierRatio
      self.spectralNormRatio = spectralNormRatio
      self.scaledGradientNorm = scaledGradientNorm
      self.boundRatio = boundRatio
      self.singularValues = singularValues
      self.rank = rank
      self.jointRank = jointRank
      self.curvatureRatio = curvatureRatio
      self.errorRatio = errorRatio
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
    guard let multiplierRatio, !isFlat, radius > 0 else { return .flat }
    return multiplierRatio > 0 ? .positive : .negative
  }

  /// Whether the gradient vanishes, to 1e-10 of the largest there can be.
  var isCritical: Bool { scaledGradientNorm < 1e-10 }
  /// Whether the bound says that no point of its sphere has less loss, to 1e-8 of it.
  var isGlobal: Bool {
    guard let boundRatio, radius > 0 else { return false }
    return boundRatio <= 1e-8
  }
  /// Above every value that the least curvature can have within its error, over `L`.
  var certifiedRatio: Double { curvatureRatio + errorRatio }
  /// Whether some tangent direction has negative curvature beyond all errors.
  var isStrictSaddle: Bool { verdict == .strictSaddle && certifiedRatio < 0 }
}
