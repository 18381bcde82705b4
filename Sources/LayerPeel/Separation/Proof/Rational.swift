/// A fraction of integers of any size, in lowest terms.
public struct Rational: Hashable, Sendable {
  /// Its numerator, with the sign.
  public let numerator: BigInteger
  /// Its denominator, above zero.
  public let denominator: BigInteger

  /// `numerator / denominator`, reduced.
  ///
  /// - Precondition: The denominator is not zero.
  public init(_ numerator: BigInteger, _ denominator: BigInteger = BigInteger(1)) {
    precondition(denominator.signum != 0, "a fraction over zero")
    let divisor = BigInteger.commonDivisor(numerator, denominator)
    let unit = denominator.signum < 0 ? -divisor : divisor
    self.numerator = BigInteger.exactQuotient(numerator, unit)
    self.denominator = BigInteger.exactQuotient(denominator, unit)
  }

  /// `significand · 2^exponent`.
  init(_ significand: BigInteger, exponent: Int) {
    if exponent >= 0 {
      self.init(significand << exponent)
    } else {
      self.init(significand, BigInteger(powerOfTwo: -exponent))
    }
  }
}

extension Rational: Comparable {
  /// Order of values.
  public static func < (a: Rational, b: Rational) -> Bool {
    a.numerator * b.denominator < b.numerator * a.denominator
  }
  /// Difference.
  public static func - (a: Rational, b: Rational) -> Rational {
    Rational(
      a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator)
  }
  /// Product.
  public static func * (a: Rational, b: Rational) -> Rational {
    Rational(a.numerator * b.numerator, a.denominator * b.denominator)
  }
  /// Quotient.
  ///
  /// - Precondition: The divisor is not zero.
  public static func / (a: Rational, b: Rational) -> Rational {
    Rational(a.numerator * b.denominator, a.denominator * b.numerator)
  }
}

extension Rational: CustomStringConvertible {
  /// `p/q` in decimal digits, also where `q` is 1.
  public var description: String { "\(numerator)/\(denominator)" }

  /// The value as a double, right to four units in the last place; infinity beyond any double.
  public var approximation: Double {
    let (above, below) = (numerator.parts, denominator.parts)
    return Double(
      sign: .plus, exponent: above.exponent - below.exponent,
      significand: above.fraction / below.fraction)
  }

  /// The least decimal of three digits that is not below the value, such as `1.08e-14`.
  ///
  /// - Precondition: The value is not negative.
  public var roundedUp: String {
    precondition(numerator.signum >= 0, "\(self) is negative")
    guard numerator.signum > 0 else { return "0.00e0" }
    // At most two below the right one, as digits may be counted one too many.
    var exponent = numerator.decimalDigits - denominator.decimalDigits - 2
    while hundredths(of: exponent) > BigInteger(999) { exponent += 1 }
    let digits = Array(hundredths(of: exponent).description)
    return "\(digits[0]).\(digits[1])\(digits[2])e\(exponent)"
  }

  /// `⌈100 · value / 10^exponent⌉`.
  private func hundredths(of exponent: Int) -> BigInteger {
    let power = BigInteger(powerOfTen: abs(exponent - 2))
    return exponent > 2
      ? BigInteger.ceilingQuotient(numerator, denominator * power)
      : BigInteger.ceilingQuotient(numerator * power, denominator)
  }
}
