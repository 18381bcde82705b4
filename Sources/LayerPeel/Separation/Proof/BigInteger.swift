internal import CGMP

/// An integer of any size: GMP's, as a value.
///
/// Arithmetic is exact and every result is a new value. *Cost:* linear in the digits for sums,
/// somewhat more for products.
public struct BigInteger: Sendable {
  private let storage: Storage

  /// The one owner of GMP's memory, written once and then only read.
  private final class Storage: @unchecked Sendable {
    let number = UnsafeMutablePointer<__mpz_struct>.allocate(capacity: 1)

    init() { __gmpz_init(number) }
    deinit {
      __gmpz_clear(number)
      number.deallocate()
    }
  }

  private typealias Target = UnsafeMutablePointer<__mpz_struct>?
  private typealias Source = UnsafePointer<__mpz_struct>?

  /// What `body` writes.
  private init(writing body: (Target) -> Void) {
    let storage = Storage()
    withExtendedLifetime(storage) { body(storage.number) }
    self.storage = storage
  }

  /// What `body` reads.
  private func read<Result>(_ body: (Source) -> Result) -> Result {
    withExtendedLifetime(storage) { body(storage.number) }
  }

  private static func combine(
    _ a: BigInteger, _ b: BigInteger, _ body: (Target, Source, Source) -> Void
  ) -> BigInteger {
    a.read { x in b.read { y in BigInteger { body($0, x, y) } } }
  }

  /// An integer of ordinary size.
  public init(_ value: Int) { self.init { __gmpz_set_si($0, value) } }

  /// A finite double with its fraction dropped.
  init(truncating value: Double) { self.init { __gmpz_set_d($0, value) } }

  /// `2^exponent`.
  init(powerOfTwo exponent: Int) {
    self.init { __gmpz_setbit($0, UInt(exponent)) }
  }

  /// `10^exponent`.
  init(powerOfTen exponent: Int) {
    self.init { __gmpz_ui_pow_ui($0, 10, UInt(exponent)) }
  }
}

extension BigInteger: Comparable, Hashable {
  /// Equality of values.
  public static func == (a: BigInteger, b: BigInteger) -> Bool { a.order(b) == 0 }
  /// Order of values.
  public static func < (a: BigInteger, b: BigInteger) -> Bool { a.order(b) < 0 }
  /// Feeds its digits to `hasher`.
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }

  private func order(_ other: BigInteger) -> Int32 {
    read { x in other.read { __gmpz_cmp(x, $0) } }
  }

  /// -1, 0 or 1.
  public var signum: Int { read { Int($0!.pointee._mp_size.signum()) } }
}

extension BigInteger: CustomStringConvertible {
  /// Its decimal digits, with a minus sign where it is negative.
  public var description: String {
    read { x in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: decimalDigits + 2) { text in
        String(cString: __gmpz_get_str(text.baseAddress, 10, x))
      }
    }
  }

  /// The number of its decimal digits, or one more.
  var decimalDigits: Int { read { Int(__gmpz_sizeinbase($0, 10)) } }

  /// `fraction · 2^exponent`, the fraction rounded towards zero and from 0.5 to 1 in size.
  var parts: (fraction: Double, exponent: Int) {
    var exponent = 0
    let fraction = read { __gmpz_get_d_2exp(&exponent, $0) }
    return (fraction, exponent)
  }
}

extension BigInteger {
  /// Sum.
  public static func + (a: BigInteger, b: BigInteger) -> BigInteger { combine(a, b, __gmpz_add) }
  /// Difference.
  public static func - (a: BigInteger, b: BigInteger) -> BigInteger { combine(a, b, __gmpz_sub) }
  /// Product.
  public static func * (a: BigInteger, b: BigInteger) -> BigInteger { combine(a, b, __gmpz_mul) }
  /// The opposite.
  public static prefix func - (a: BigInteger) -> BigInteger { BigInteger(0) - a }

  /// `a · 2^shift`.
  static func << (a: BigInteger, shift: Int) -> BigInteger {
    a.read { x in BigInteger { __gmpz_mul_2exp($0, x, UInt(shift)) } }
  }

  /// The smallest integer that is not below `a / b`.
  static func ceilingQuotient(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    precondition(b.signum != 0, "division by zero")
    return combine(a, b, __gmpz_cdiv_q)
  }

  /// `a / b`, which must leave nothing.
  static func exactQuotient(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    precondition(b.signum != 0, "division by zero")
    return combine(a, b, __gmpz_divexact)
  }

  /// The greatest common divisor, never negative.
  static func commonDivisor(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    combine(a, b, __gmpz_gcd)
  }

  /// `Σ a_k b_k`, with one result in memory.
  static func dot(_ a: [BigInteger], _ b: [BigInteger]) -> BigInteger {
    precondition(a.count == b.count, "\(a.count) numbers against \(b.count)")
    return BigInteger { sum in
      for k in a.indices { a[k].read { x in b[k].read { __gmpz_addmul(sum, x, $0) } } }
    }
  }

  /// `(a · pivot - x · y) / previous`, which must leave nothing: one step of an elimination without
  /// fractions.
  static func eliminated(
    _ a: BigInteger, pivot: BigInteger, _ x: BigInteger, _ y: BigInteger, previous: BigInteger
  ) -> BigInteger {
    precondition(previous.signum != 0, "division by zero")
    return BigInteger { result in
      a.read { a in pivot.read { __gmpz_mul(result, a, $0) } }
      x.read { x in y.read { __gmpz_submul(result, x, $0) } }
      previous.read { __gmpz_divexact(result, result, $0) }
    }
  }
}

extension Versions {
  /// Of the exact arithmetic in use.
  public static var gmp: String { String(cString: __gmp_version) }
}
