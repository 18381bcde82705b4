extension CriticalPoint {
  /// The numbers that are proportional to `L`.
  public enum Scaled: Hashable, Sendable {
    /// `μ`; none at the origin.
    case multiplier
    /// `σ`.
    case spectralNorm
    /// The norm of the gradient's tangent part.
    case gradientNorm
    /// The least curvature along unit tangent vectors.
    case lowestCurvature
    /// How far an eigenvalue may be from it.
    case curvatureError
    /// The largest curvature in size.
    case largestCurvature
    /// `(σ - μ)ρ²/2`; none for `d < K - 1`.
    case bound

    static func ratios(
      _ loss: SphereLoss, _ sphere: SphereGeometry, _ curvature: TangentCurvature
    ) -> [Scaled: Double] {
      var ratios: [Scaled: Double] = [
        .spectralNorm: sphere.spectralNorm, .gradientNorm: loss.relativeGradient.norm,
        .lowestCurvature: curvature.lowest, .curvatureError: curvature.error,
        .largestCurvature: curvature.largest,
      ]
      ratios[.multiplier] = sphere.radius > 0 ? loss.relativeMultiplier : nil
      ratios[.bound] = sphere.bound
      return ratios
    }
  }

  /// `μ`, of any sign: the weight decay for which the point is critical; nil at the origin.
  public var multiplier: Double? { scaled(.multiplier) }
  /// `σ = ‖G‖₂`, `G = P - Y`.
  public var spectralNorm: Double { scaled(.spectralNorm) ?? 0 }
  /// The norm of the gradient's tangent part, `∇L + μ (W, H)`.
  public var gradientNorm: Double { scaled(.gradientNorm) ?? 0 }
  /// `(σ - μ)ρ²/2`: the loss is at most this far above the least on the sphere; nil for `d < K - 1`.
  public var bound: Double? { scaled(.bound) }
  /// The least curvature along unit tangent vectors; `μ - σ` wherever `(W; H)` has a null direction
  /// in `R^d`.
  public var lowestCurvature: Double { scaled(.lowestCurvature) ?? 0 }
  /// An eigenvalue of the Hessian is this close to ``lowestCurvature``.
  public var curvatureError: Double { scaled(.curvatureError) ?? 0 }

  /// The largest curvature in size.
  public var largestCurvature: Double { scaled(.largestCurvature) ?? 0 }

  private func scaled(_ number: Scaled) -> Double? { ratio(number).map { .exp(logLoss) * $0 } }

  /// One of these numbers; absent where it is too small for a double, and then its reason has the
  /// ratio to `L`.
  public func reading(_ number: Scaled) -> Reading {
    guard let ratio = ratio(number) else {
      return .absent(
        because: number == .bound
          ? "no bound in fewer than K - 1 dimensions" : "the point is the origin")
    }
    return Reading(ratio: ratio, ofLogLoss: logLoss)
  }
}

extension Reading {
  /// `ratio · L`, absent where `L` or the product is below the least normal double and a number with
  /// few digits, or zero, would stand for another.
  package init(ratio: Double, ofLogLoss logLoss: Double) {
    let loss = Double.exp(logLoss)
    let number = ratio * loss
    let isLost = min(loss, abs(number)) < .leastNormalMagnitude
    self =
      ratio != 0 && isLost
      ? .absent(because: "too small for a double; divided by L it is \(ratio)")
      : Reading(number, otherwise: "came out as \(number)")
  }
}
