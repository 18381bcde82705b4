import CKernels
import LayerPeel
import TestSupport
import Testing

/// Logits and labels of one call of the cross-entropy kernels.
struct LogitCase: Sendable, CustomStringConvertible {
  let samples: Int
  let classes: Int
  /// The logits' size.
  let scale: Double
  /// What is added to the true class's logit, so that losses become as small as `e^-shift`.
  let shift: Double

  var description: String { "N = \(samples), K = \(classes), scale \(scale), shift \(shift)" }

  /// Unsorted, and not every class need occur.
  var labels: [Int] {
    var generator = SplitMix64(seed: UInt64(1000 * classes + samples))
    return (0..<samples).map { _ in Int.random(in: 0..<classes, using: &generator) }
  }

  /// `K × N`, row by row.
  var logits: [Double] {
    var generator = SplitMix64(seed: UInt64(samples + 100 * classes))
    var z = (0..<classes * samples).map { _ in scale * generator.gaussianPair().0 }
    for (i, label) in labels.enumerated() { z[label * samples + i] += shift }
    return z
  }

  var logitChange: [Double] {
    var generator = SplitMix64(seed: UInt64(7 + samples + 100 * classes))
    return (0..<classes * samples).map { _ in generator.gaussianPair().0 }
  }

  static let all = [1, 7, 8, 9, 17].flatMap { samples in
    [2, 3, 5, 8, 12].flatMap { classes in
      [(1, 0), (1, 20), (3, 39.5), (30, 0), (1e6, 0), (1, 1e6), (1, 1e7), (1e5, 1e7)].map {
        LogitCase(samples: samples, classes: classes, scale: $0.0, shift: $0.1)
      }
    }
  }

  /// Rounding of an exponent: that of a few additions of numbers of the logits' size, `log K` and
  /// `log N`, and that of an exponential, of its product, and of a sum over classes or samples.
  var tolerance: Double {
    let largest = logits.reduce(0) { max($0, abs($1)) }
    return (8 * (2 * largest + 10) + Double(classes + samples + 8)) * .ulpOfOne
  }
  /// `e^-708`, below which the kernels' exponential is 0; it bounds each of two factors.
  static let underflow = 2 * Double.exp(-708)
}

struct CrossEntropyKernelTests {
  private struct Result {
    var logLoss = Double.nan
    var leastMargin = Double.nan
    var ratios: [Double]
  }

  private func ratios(_ example: LogitCase) -> Result {
    var result = Result(ratios: Array(repeating: .nan, count: example.logits.count))
    var scratch = [Double](repeating: .nan, count: 3 * example.samples)
    result.logLoss = layerpeel_log_loss_ratios(
      example.classes, example.samples, example.logits, example.labels.map(Int32.init),
      &result.ratios, &scratch, &result.leastMargin)
    return result
  }

  @Test(arguments: LogitCase.all)
  func `log L, margin and ratios agree with a scalar log-sum-exp`(_ example: LogitCase) {
    let truth = PlainLogLoss<Double>(logits: example.logits, labels: example.labels)
    let result = ratios(example)
    #expect(abs(result.logLoss - truth.logLoss) <= example.tolerance)
    #expect(result.leastMargin == truth.leastMargin)
    let wrong = zip(result.ratios, truth.ratios).enumerated().filter { _, pair in
      let classes = Double(example.classes)
      let tolerance = classes * (example.tolerance * abs(pair.1) + LogitCase.underflow)
      return !(abs(pair.0 - pair.1) <= tolerance)
    }
    #expect(wrong.isEmpty, "entries \(wrong)")
  }

  @Test(arguments: LogitCase.all)
  func `a true class has minus the sum of the others, and no ratio exceeds 1`(
    _ example: LogitCase
  ) {
    let ratios = ratios(example).ratios
    let n = example.samples
    var wrong: [Int] = []
    for (i, label) in example.labels.enumerated() {
      let column = (0..<example.classes).map { ratios[$0 * n + i] }
      let others = (0..<example.classes).filter { $0 != label }.reduce(0) { $0 + column[$1] }
      // The same additions in the same order, but for the true class's zero: no rounding differs.
      if column[label] != -others { wrong.append(i) }
      if !column.allSatisfy({ abs($0) <= 1 + example.tolerance }) { wrong.append(i) }
    }
    #expect(wrong == [], "samples")
  }

  @Test(arguments: LogitCase.all)
  func `the loss alone is the loss with ratios`(_ example: LogitCase) {
    var scratch = [Double](repeating: .nan, count: 3 * example.samples)
    var ratios = [Double](repeating: .nan, count: example.logits.count)
    var margin = Double.nan
    let value = layerpeel_log_loss(
      example.classes, example.samples, example.logits, example.labels.map(Int32.init), &ratios,
      &scratch, &margin)
    let result = self.ratios(example)
    #expect(value == result.logLoss)
    #expect(margin == result.leastMargin)
  }

  @Test(arguments: LogitCase.all)
  func `margins agree with a loop`(_ example: LogitCase) {
    let truth = PlainLogLoss<Double>(logits: example.logits, labels: example.labels)
    var margins = [Double](repeating: .nan, count: example.samples)
    layerpeel_margins(
      example.classes, example.samples, example.logits, example.labels.map(Int32.init), &margins)
    #expect(margins == truth.margins)
  }

  @Test(arguments: LogitCase.all)
  func `the change of ratios agrees with dual numbers`(_ example: LogitCase) {
    let result = ratios(example)
    let change = example.logitChange
    var (ratioChange, scratch) = (
      result.ratios, [Double](repeating: .nan, count: 3 * example.samples)
    )
    let slope = layerpeel_ratio_change(
      example.classes, example.samples, result.ratios, .exp(result.logLoss), change,
      example.labels.map(Int32.init), &ratioChange, &scratch)

    let logits = zip(example.logits, change).map { Dual($0, slope: $1) }
    let truth = PlainLogLoss(logits: logits, labels: example.labels)
    // Each is a sum of terms (ratio) · (change of a logit), as large as the largest such change.
    let largest = change.reduce(0) { max($0, abs($1)) }
    let tolerance = 4 * Double(example.classes) * largest * example.tolerance
    #expect(abs(slope - truth.logLoss.slope) <= tolerance)
    let wrong = zip(ratioChange, truth.ratios).enumerated().filter { _, pair in
      !(abs(pair.0 - pair.1.slope) <= tolerance)
    }
    #expect(wrong.isEmpty, "entries \(wrong)")
  }
}
