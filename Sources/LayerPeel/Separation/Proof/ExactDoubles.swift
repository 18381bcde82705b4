/// A double as what it is: an integer times a power of two.
package struct ExactDouble: Sendable {
  /// Odd, or 0 for zero.
  let significand: Int
  /// Of the power of two; 0 for zero.
  let exponent: Int

  /// A finite number, zero and those below the normal range included.
  package init(_ value: Double) {
    let field = Int(value.exponentBitPattern)
    let stored = Int(value.significandBitPattern)
    let significand = field == 0 ? stored : stored | 1 << Double.significandBitCount
    let shift = significand == 0 ? 0 : significand.trailingZeroBitCount
    let size = significand >> shift
    self.significand = value.sign == .minus ? -size : size
    exponent = significand == 0 ? 0 : max(field, 1) - 1075 + shift
  }

  /// In C's hexadecimal notation, such as `-0x3p-1` for -1.5.
  package var text: String {
    "\(significand < 0 ? "-" : "")0x\(String(abs(significand), radix: 16))p\(exponent)"
  }
}

/// The unit that makes integers of doubles: a power of two that divides all of them.
struct CommonUnit {
  /// Of the power of two.
  let exponent: Int

  init(exponent: Int) { self.exponent = exponent }

  init(of values: [Double]) {
    exponent = values.lazy.filter { $0 != 0 }.map { ExactDouble($0).exponent }.min() ?? 0
  }

  /// The numbers as multiples of the unit.
  func multiples(_ values: some Sequence<Double>) -> [BigInteger] {
    values.map {
      let exact = ExactDouble($0)
      guard exact.significand != 0 else { return BigInteger(0) }
      return BigInteger(exact.significand) << (exact.exponent - exponent)
    }
  }
}
