internal import Glibc

extension Double {
  /// `log log 2`: where `log L` is below it, every sample is on its side.
  package static let logLog2 = log(log(2))
  /// `e^x`.
  package static func exp(_ x: Double) -> Double { Glibc.exp(x) }
  /// `log x`, natural.
  package static func log(_ x: Double) -> Double { Glibc.log(x) }
  /// `log(1 + x)`, right for small `x`.
  package static func log1p(_ x: Double) -> Double { Glibc.log1p(x) }
  /// `e^x - 1`, right for small `x`.
  package static func expm1(_ x: Double) -> Double { Glibc.expm1(x) }
  /// `log(1 + e^x)`, without overflow.
  package static func softplus(_ x: Double) -> Double {
    x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
  }
  /// `log(e^x - 1)` for `x > 0`, without overflow.
  package static func logExpm1(_ x: Double) -> Double {
    x > 1 ? x + log1p(-exp(-x)) : log(expm1(x))
  }
}
