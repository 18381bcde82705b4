import Glibc

/// Text as gnuplot scripts need it.
enum FigureText {
  /// A quoted string whose characters all stand for themselves.
  static func quoted(_ text: String) -> String {
    markup(escaped(text))
  }

  /// A quoted string of gnuplot's enhanced text.
  static func markup(_ markup: String) -> String {
    let oneLine = markup.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "'" + oneLine.replacing("'", with: "''") + "'"
  }

  /// Enhanced text in which every character stands for itself.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\_^{}@&~".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// Enhanced text for a power of ten.
  static func power(_ exponent: Int) -> String {
    "10^{" + String(exponent).replacing("-", with: minus) + "}"
  }

  /// A number with so many digits after the point, and a true minus sign.
  static func decimal(_ value: Double, digits: Int) -> String {
    let scale = tenTo(Double(digits))
    let scaled = (abs(value) * scale).rounded()
    let sign = value < 0 && scaled > 0 ? minus : ""
    guard scaled < 1e15 else { return sign + "\(abs(value))" }
    let whole = String(Int(scaled))
    guard digits > 0 else { return sign + whole }
    let padded = String(repeating: "0", count: max(0, digits + 1 - whole.count)) + whole
    return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  /// A number in the fewest digits, without an exponent where it is of everyday size.
  static func shortest(_ value: Double) -> String {
    for digits in 0...4 where abs(Double(decimalValue(value, digits)) - value) <= 1e-9 * abs(value)
    {
      return decimal(value, digits: digits)
    }
    return "\(value)".replacing("-", with: minus)
  }

  private static func decimalValue(_ value: Double, _ digits: Int) -> Double {
    let scale = tenTo(Double(digits))
    return (value * scale).rounded() / scale
  }

  private static let minus = "\u{2212}"
}

extension FigureText {
  /// A number for a script: so many digits after the point, an ASCII minus.
  static func plain(_ value: Double, digits: Int) -> String {
    decimal(value, digits: digits).replacing("\u{2212}", with: "-")
  }

  /// About how many pixels wide a text is.
  static func width(_ text: String) -> Int {
    Int((5.8 * Double(text.count)).rounded(.up))
  }
}

extension FigureText {
  /// A large number to three digits, with thousands set apart.
  static func grouped(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15, abs(value) >= 100 else { return shortestThree(value) }
    let unit = tenTo(floor(log10(abs(value))) - 2)
    let digits = String(Int((value / unit).rounded() * unit))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, digit != "-", (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }

  private static func shortestThree(_ value: Double) -> String {
    decimal(value, digits: abs(value) < 10 ? 2 : 1)
  }
}

/// A power of ten.
func tenTo(_ exponent: Double) -> Double { pow(10, exponent) }
