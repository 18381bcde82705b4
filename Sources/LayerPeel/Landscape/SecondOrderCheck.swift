internal import Glibc

/// Whether a second-order prediction is that of a function: only then does the rest fall as `s⁴`.
///
/// The even part `½(f(s) + f(-s))` of a change `f` has no odd orders, so its distance from the
/// predicted `c s²` has slope 4 in a doubly logarithmic plot for a true `c`, or more where the fourth
/// order vanishes, and slope 2 for a false one. The slope is taken over the decade of smallest steps
/// all of whose distances stand clear of rounding.
public struct SecondOrderCheck: Hashable, Sendable {
  /// What is left at one step.
  public struct Remainder: Hashable, Sendable {
    /// `s`.
    public let step: Double
    /// `|½(f(s) + f(-s)) - c s²|`.
    public let size: Double
  }

  /// Remainders over that decade, from the largest step down; empty if there is none.
  public let remainders: [Remainder]
  /// Their slope, least squares in logarithms.
  public let slope: Reading

  /// Steps in a decade.
  private static let perDecade = 8

  /// Checks a coefficient against a function of one variable that vanishes at 0.
  ///
  /// - Parameters:
  ///   - change: The function; called in pairs at `±s`.
  ///   - predicted: `c`.
  ///   - rounding: How wrong the function may be.
  ///   - largestStep: The first step; later ones go down by eight decades.
  public init(
    of change: (Double) -> Double, predicted: Double, rounding: Double, largestStep: Double
  ) {
    var clear: [Remainder] = []
    for k in 0...8 * SecondOrderCheck.perDecade {
      let step = largestStep * pow(10, -Double(k) / Double(SecondOrderCheck.perDecade))
      let size = abs((change(step) + change(-step)) / 2 - predicted * step * step)
      if size > 100 * rounding {
        clear.append(Remainder(step: step, size: size))
      } else if clear.count > SecondOrderCheck.perDecade {
        break
      } else {
        clear = []
      }
    }
    let decade = clear.suffix(SecondOrderCheck.perDecade + 1)
    guard decade.count > SecondOrderCheck.perDecade,
      let fit = LineFit(decade.map { (log($0.step), log($0.size)) })
    else {
      remainders = []
      slope = .absent(because: "remainders are as small as rounding")
      return
    }
    remainders = Array(decade)
    slope = Reading(fit.slope, otherwise: "remainders are not finite")
  }

  /// Held if the slope is at least 3.8: the next order adds to 4 at the largest steps, or takes off.
  public var verdict: TaylorCheck.Verdict {
    guard let slope = slope.number else { return .inconclusive }
    return slope >= 3.8 ? .held : .notHeld
  }
}

extension CriticalPoint {
  /// The change of the loss over the loss, at a step along a unit tangent vector and back to the
  /// sphere; at the origin, which is its own sphere, just along the vector.
  ///
  /// *Cost:* a product of `K × N × d`, one exponential a logit.
  public func relativeChange(along direction: Point, step: Double) -> Double {
    let radius = point.norm
    let moved = point + step * direction
    let returned = radius > 0 ? (radius / moved.norm) * moved : moved
    var evaluator = CrossEntropy(model)
    let value = evaluator.evaluateLoss(
      returned.classifier.elements.span, returned.features.elements.span, scale: 1
    ).logLoss
    return .expm1(value - logLoss)
  }

  /// The way down's prediction against the loss itself, both over `L`; nil without a way down.
  public func secondOrderCheck() -> SecondOrderCheck? {
    guard let descent else { return nil }
    let largest = point.logits.elements.reduce(0) { max($0, abs($1)) }
    return SecondOrderCheck(
      of: { relativeChange(along: descent.direction, step: $0) },
      predicted: descent.relativeCurvature / 2,
      // Of a logit, by the products of its sum and by the way back to the sphere.
      rounding: 16 * .ulpOfOne * (1 + largest),
      largestStep: point.norm > 0 ? point.norm : 1)
  }
}
