extension Survey {
  /// A critical point and the starts that led to it.
  ///
  /// It is judged on the sphere of its own radius, in either landscape. With weight decay the point is
  /// critical in the whole space too, and two verdicts carry over: along a tangent vector the
  /// curvature of `L + (μ/2)ρ²` is that of the sphere, so a strict saddle is one; and where `σ = μ` it
  /// is a global minimum, as `L + (μ/2)ρ²` is at least the convex `L + μ‖Z‖_*` of the logits. The
  /// index and a local minimum speak of the sphere alone: where critical points change their shape
  /// with the radius, radius and tangent vectors mix in the Hessian. The exception is the origin,
  /// whose curvatures are those of the landscape's own function; with `μ ≥ ‖G‖₂` it is the global
  /// minimum.
  public struct Entry: Sendable {
    /// What it is; its name is that of the first start.
    public let point: CriticalPoint
    /// What it is in this landscape.
    public let verdict: CriticalPoint.Verdict
    /// ``lowestCurvature`` over `L`.
    package let curvatureRatio: Double
    /// The number of negative curvatures on its sphere, at the origin with the decay; nil if not
    /// counted.
    public let index: Int?
    /// The starts that led here, the first one included; none where only an escape came by.
    public internal(set) var starts: [String]
    /// What tells it from others.
    let trait: Trait

    init(_ point: CriticalPoint, at level: Landscape.Level, starts: [String], trait: Trait) {
      self.point = point
      self.starts = starts
      self.trait = trait
      verdict = level.verdict(of: point)
      guard let decay = level.weightDecay, point.multiplier == nil else {
        (curvatureRatio, index) = (point.curvature.lowest, point.index)
        return
      }
      // The Hessian of L at the origin has the eigenvalues ±s, d times each, for the singular values
      // s of G.
      curvatureRatio = point.curvature.lowest + decay / .exp(point.logLoss)
      let values = SphereLoss(point.model, at: point.point).residuals.singularValues
      index = point.model.dimension * values.count { $0 > decay }
    }

    /// The least curvature on its sphere; at the origin with the decay.
    public var lowestCurvature: Double { .exp(point.logLoss) * curvatureRatio }
    /// The same; absent where it is too small for a double.
    public var lowestCurvatureReading: Reading {
      Reading(ratio: curvatureRatio, ofLogLoss: point.logLoss)
    }
    /// The name of the first start that led here.
    public var name: String { point.name }
    /// Whether it belongs to the continuum `μ = 0`, of which it stands for all.
    public var isFlat: Bool { trait.isFlat }
    /// How many starts led here.
    public var count: Int { starts.count }
  }
}

extension Landscape.Level {
  /// What a critical point is on its sphere; with weight decay at the origin, in the whole space.
  func verdict(of point: CriticalPoint) -> CriticalPoint.Verdict {
    guard let weightDecay, point.multiplier == nil else { return point.verdict }
    return weightDecay >= point.spectralNorm ? .globalMinimum : .strictSaddle
  }
}
