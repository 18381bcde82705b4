internal import Glibc

/// What the plain oracles compute with: a double, or a double and its derivative.
package protocol OracleNumber: Sendable {
  init(_ value: Double)
  var value: Double { get }
  var exponential: Self { get }
  var logarithm: Self { get }
  /// `log(1 + x)`.
  var logOnePlus: Self { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
}

extension Double: OracleNumber {
  package var value: Double { self }
  package var exponential: Double { Glibc.exp(self) }
  package var logarithm: Double { Glibc.log(self) }
  package var logOnePlus: Double { Glibc.log1p(self) }
}

/// `a + b ε` with `ε² = 0`: a number that carries its derivative, exact to rounding.
package struct Dual: OracleNumber {
  package let value: Double
  package let slope: Double

  package init(_ value: Double) { self.init(value, slope: 0) }
  package init(_ value: Double, slope: Double) {
    self.value = value
    self.slope = slope
  }

  package var exponential: Dual { Dual(Glibc.exp(value), slope: slope * Glibc.exp(value)) }
  package var logarithm: Dual { Dual(Glibc.log(value), slope: slope / value) }
  package var logOnePlus: Dual { Dual(Glibc.log1p(value), slope: slope / (1 + value)) }
  package static func + (a: Dual, b: Dual) -> Dual {
    Dual(a.value + b.value, slope: a.slope + b.slope)
  }
  package static func - (a: Dual, b: Dual) -> Dual {
    Dual(a.value - b.value, slope: a.slope - b.slope)
  }
  package static func * (a: Dual, b: Dual) -> Dual {
    Dual(a.value * b.value, slope: a.slope * b.value + a.value * b.slope)
  }
}

/// `log L`, margins and the ratios `p_ij / L` by loops over scalars: the oracle of the kernels.
package struct PlainLogLoss<Number: OracleNumber> {
  package let logLoss: Number
  /// `min_ij m_ij`.
  package let leastMargin: Double
  /// `min_j m_ij`, one a sample.
  package let margins: [Double]
  /// `K × N`, row by row; the true class has minus the sum of the others.
  package let ratios: [Number]

  /// - Parameter logits: `K × N`, row by row.
  package init(logits: [Number], labels: [Int]) {
    let samples = labels.count
    let classes = logits.count / samples
    var (losses, exponents): ([Number], [[Number]]) = ([], [])
    for (i, label) in labels.enumerated() {
      let e = (0..<classes).map { logits[$0 * samples + i] - logits[label * samples + i] }
      let others = (0..<classes).filter { $0 != label }
      let s = logSumExp(others.map { e[$0] })
      let loss = softplus(s)
      // log(1 + x) is x to rounding below exp(-37); softplus itself underflows further down.
      losses.append(s.value < -37 ? s : loss.logarithm)
      exponents.append(e.map { $0 - loss })
    }
    let total = logSumExp(losses)
    var ratios = [Number](repeating: Number(0), count: logits.count)
    for (i, label) in labels.enumerated() {
      for j in 0..<classes where j != label {
        let ratio = (exponents[i][j] - total).exponential
        ratios[j * samples + i] = ratio
        ratios[label * samples + i] = ratios[label * samples + i] - ratio
      }
    }
    margins = labels.indices.map { i in
      (0..<classes).filter { $0 != labels[i] }.map {
        logits[labels[i] * samples + i].value - logits[$0 * samples + i].value
      }.min()!
    }
    leastMargin = margins.min()!
    logLoss = total
    self.ratios = ratios
  }
}

private func logSumExp<Number: OracleNumber>(_ terms: [Number]) -> Number {
  let peak = Number(terms.map(\.value).max()!)
  return peak + terms.reduce(Number(0)) { $0 + ($1 - peak).exponential }.logarithm
}

private func softplus<Number: OracleNumber>(_ s: Number) -> Number {
  s.value > 0 ? s + (Number(0) - s).exponential.logOnePlus : s.exponential.logOnePlus
}
