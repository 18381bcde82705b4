import Glibc
import LayerPeel

/// How curves fall on doubly logarithmic axes: a straight line through each, within a window.
struct PowerLaw {
  /// One exponent a curve.
  let exponents: [Double]
  /// Over the curves, or of the fit where there is one.
  let spread: Double
  private let fits: [LineFit]
  private let window: ClosedRange<Double>

  /// Fits `log y` on `log x`; nil if no curve has two points in the window.
  init?(_ curves: [[CurvePoint]], window: ClosedRange<Double>) {
    let fits = curves.compactMap { curve in
      LineFit(
        curve.compactMap { point in
          guard let x = point.x, let y = point.y, window.contains(x), x > 0, y > 0 else {
            return nil
          }
          return (log(x), log(y))
        })
    }
    guard let first = fits.first else { return nil }
    self.fits = fits
    self.window = window
    exponents = fits.map(\.slope)
    let mean = exponents.reduce(0, +) / Double(exponents.count)
    spread =
      exponents.count == 1
      ? first.slopeError
      : (exponents.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(exponents.count))
        .squareRoot()
  }

  /// The mean exponent.
  var exponent: Double { exponents.reduce(0, +) / Double(exponents.count) }

  /// The exponent as a note says it: measured, and predicted if anything is.
  func note(_ name: String, predicted: Double?) -> String {
    let digits = spread < 0.005 ? 3 : 2
    let error =
      spread.isFinite ? " ± \(FigureText.decimal(max(spread, 0.001), digits: digits))" : ""
    let theory = predicted.map { ", theory \(PowerLaw.text($0))" } ?? ""
    return "\(name): \(FigureText.decimal(exponent, digits: digits))\(error)\(theory)"
  }

  /// A line of the predicted slope over the window, `lift` times above the highest curve's middle.
  func guide(exponent: Double, lift: Double = 1.5) -> [CurvePoint] {
    let middle = (log(window.lowerBound) + log(window.upperBound)) / 2
    let height = log(lift) + (fits.map { $0.intercept + $0.slope * middle }.max() ?? 0)
    return [window.lowerBound, window.upperBound].map {
      CurvePoint(x: $0, y: exp(height + exponent * (log($0) - middle)))
    }
  }

  /// A predicted exponent, with ½ as a fraction.
  static func text(_ exponent: Double) -> String {
    let whole = FigureText.decimal(exponent.rounded(.towardZero), digits: 0)
    switch exponent {
    case -0.5: return "\u{2212}½"
    case _ where abs(exponent - exponent.rounded(.towardZero)) == 0.5: return whole + "½"
    default: return FigureText.shortest(exponent)
    }
  }
}
