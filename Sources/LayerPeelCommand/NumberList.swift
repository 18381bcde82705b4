import ArgumentParser
import LayerPeel

/// Numbers separated by commas; `log:x` stands for `e^x`, of which the logarithm is kept.
struct NumberList: ExpressibleByArgument {
  /// The words between the commas.
  private let words: [String]

  init?(argument: String) {
    words = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// The numbers as they are.
  func numbers(argument: String) throws(ModelError) -> [Double] {
    var numbers: [Double] = []
    for word in words {
      guard let number = Double(word), number.isFinite else {
        throw .badSetting(
          argument: argument, value: "'\(word)'", expected: "numbers separated by commas")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The numbers as integers, of which `a..b` stands for all from `a` to `b`.
  func integerRanges(argument: String) throws(ModelError) -> [Int] {
    var integers: [Int] = []
    for word in words {
      let ends = word.split(separator: "..", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2, first <= last
      else {
        throw .badSetting(
          argument: argument, value: "'\(word)'",
          expected: "whole numbers or rising ranges separated by commas, such as 4,6 or 2..6")
      }
      guard last.subtractingReportingOverflow(first).partialValue < 10_000,
        last.subtractingReportingOverflow(first).overflow == false
      else {
        throw .badSetting(
          argument: argument, value: "'\(word)'", expected: "ranges of at most 10000 numbers")
      }
      integers += first...last
    }
    return integers
  }

  /// The numbers as integers.
  func integers(argument: String) throws(ModelError) -> [Int] {
    var integers: [Int] = []
    for word in words {
      guard let integer = Int(word) else {
        throw .badSetting(
          argument: argument, value: "'\(word)'", expected: "whole numbers separated by commas")
      }
      integers.append(integer)
    }
    return integers
  }

  /// The logarithms of positive numbers, of which each may be given as `log:x`.
  func logarithms(argument: String) throws(ModelError) -> [Double] {
    var logarithms: [Double] = []
    for word in words {
      let isLogarithm = word.hasPrefix("log:")
      let number = Double(isLogarithm ? String(word.dropFirst(4)) : word)
      guard let number, number.isFinite, isLogarithm || number > 0 else {
        throw .badSetting(
          argument: argument, value: "'\(word)'",
          expected: "positive times separated by commas, such as 1,10,1e9,log:400")
      }
      logarithms.append(isLogarithm ? number : logarithm(number))
    }
    return logarithms
  }
}

private func logarithm(_ x: Double) -> Double { Double.log(x) }
