internal import Glibc

/// Whether a derivative is that of a function along a line: only then do remainders fall as `h²`.
///
/// The remainders `|f(h) - f(0) - h f'|` are taken at steps that halve; their slope in a doubly
/// logarithmic plot is 2 for a true derivative and 1 for a false one.
public struct TaylorCheck: Hashable, Sendable {
  /// The answer of a check.
  public enum Verdict: Hashable, Sendable {
    /// The remainders fall as `h²`.
    case held
    /// They do not.
    case notHeld
    /// They drown in rounding: the function is linear along this line, or nearly so.
    case inconclusive
  }

  /// Slope of the remainders, least squares in logarithms.
  public let slope: Reading
  /// Its standard error: large where remainders do not lie on a line at all, as where the error of
  /// a false derivative cancels the curvature at one of the steps.
  public let slopeError: Double

  /// Checks the derivative at 0 of a function of one variable, such as one along a line.
  ///
  /// - Parameters:
  ///   - function: The function; called at 0 and at `steps` points.
  ///   - derivative: Its claimed derivative at 0.
  ///   - largestStep: The first step; later ones halve.
  ///   - steps: How many steps.
  public init(
    of function: (Double) -> Double, derivative: Double, largestStep: Double = 0.05, steps: Int = 6
  ) {
    let base = function(0)
    // Rounding of f, of the product h f', and of their difference.
    let rounding = 16 * (abs(base) + abs(derivative) * largestStep) * Double.ulpOfOne
    var points: [(Double, Double)] = []
    for k in 0..<steps {
      let step = largestStep * pow(0.5, Double(k))
      let remainder = abs(function(step) - base - step * derivative)
      if remainder > 100 * rounding { points.append((log(step), log(remainder))) }
    }
    guard points.count >= 3, let fit = LineFit(points) else {
      slope = .absent(because: "remainders are as small as rounding")
      slopeError = .infinity
      return
    }
    slope = .value(fit.slope)
    slopeError = fit.slopeError
  }

  /// Held if the slope is 2 to 0.1, and known to 0.1: the next order adds `O(h)` to it at the
  /// largest steps.
  public var verdict: Verdict {
    guard let slope = slope.number else { return .inconclusive }
    return abs(slope - 2) <= 0.1 && slopeError <= 0.1 ? .held : .notHeld
  }
}
