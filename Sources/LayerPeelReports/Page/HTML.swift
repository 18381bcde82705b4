import Glibc

/// Text as HTML needs it.
enum HTML {
  /// Text in which every character stands for itself, in elements and in quoted attributes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// Escaped text in which web addresses and arXiv numbers are links, and `code` is code.
  static func linked(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    // An odd number of ticks leaves the last one as it is.
    return parts.enumerated().map { index, part in
      let isCode = index % 2 == 1 && index < parts.count - 1
      if isCode { return "<code>\(escaped(String(part)))</code>" }
      let tick = index % 2 == 1 ? "`" : ""
      return tick + withLinks(String(part))
    }.joined()
  }

  private static func withLinks(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    let pattern = #/https:\/\/[A-Za-z0-9.\/_~%#?=-]*[A-Za-z0-9\/]|arXiv:[0-9]{4}\.[0-9]{5}/#
    while let match = rest.firstMatch(of: pattern) {
      let found = String(match.output)
      let address =
        found.hasPrefix("arXiv:") ? "https://arxiv.org/abs/\(found.dropFirst(6))" : found
      result += withPowers(String(rest[..<match.range.lowerBound]))
      result += "<a href=\"\(escaped(address))\">\(escaped(found))</a>"
      rest = rest[match.range.upperBound...]
    }
    return result + withPowers(String(rest))
  }

  /// Escaped text in which `e^100000` and `e^(10^5)` are raised.
  static func withPowers(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    let pattern = #/\b(e|10|t|L)\^(?:\(([^()]+)\)|([−+-]?[0-9]+(?:[.,][0-9]+)*))/#
    while let match = rest.firstMatch(of: pattern) {
      let exponent = match.2 ?? match.3 ?? ""
      result += escaped(String(rest[..<match.range.lowerBound])) + match.1
      result += "<sup>\(withPowers(String(exponent)))</sup>"
      rest = rest[match.range.upperBound...]
    }
    return result + escaped(String(rest))
  }

  /// A whole document of these parts, with the page's style sheet; empty parts are left out.
  static func document(title: String, body: [String]) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <style>
    \(PageStyle.sheet)</style>
    </head>
    <body>
    <main>
    \(body.filter { !$0.isEmpty }.joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  /// A paragraph for each stretch of text between blank lines.
  static func paragraphs(_ text: String) -> String {
    text.split(separator: "\n\n").map { "<p>\(linked(String($0)))</p>" }.joined(separator: "\n")
  }

  /// Letters, digits and hyphens, for an id.
  static func identifier(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }

  /// A number to about four digits, with an exponent where it is very large or small.
  static func number(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return escaped("\(value == 0 ? "0" : "\(value)")") }
    if value.rounded() == value, abs(value) < 1e9 { return grouped(value) }
    var exponent = Int(floor(log10(abs(value))))
    var mantissa = (value / tenTo(Double(exponent)) * 1000).rounded() / 1000
    if abs(mantissa) >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    if exponent >= -3, exponent < 6 {
      return FigureText.decimal(value, digits: max(0, 3 - exponent))
    }
    let power = String(exponent).replacing("-", with: "\u{2212}")
    return "\(FigureText.decimal(mantissa, digits: 3)) × 10<sup>\(power)</sup>"
  }

  /// A whole number, its thousands set apart from five digits on.
  private static func grouped(_ value: Double) -> String {
    let digits = FigureText.decimal(abs(value), digits: 0)
    let sign = value < 0 ? "\u{2212}" : ""
    guard digits.count > 4 else { return sign + digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return sign + result
  }
}
