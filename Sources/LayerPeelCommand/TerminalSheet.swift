import FoundationEssentials
import Glibc
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// A contact sheet in characters: half blocks in colour on a terminal, letters elsewhere.
struct TerminalSheet {
  /// What the output can show.
  enum Colors {
    /// Two pixels in a character, by its two colours.
    case terminal
    /// Two pixels in a character, by how dark it is.
    case none

    /// Colours on a terminal that does not decline them.
    static func fitting() -> Colors {
      let variables = ProcessInfo.processInfo.environment
      let isPlain = variables["NO_COLOR"]?.isEmpty == false || variables["TERM"] == "dumb"
      return isatty(STDOUT_FILENO) == 1 && !isPlain ? .terminal : .none
    }
  }

  private let sheet: ContactSheet
  private let colors: Colors
  /// Pixels of an image, each way, in one of the sheet.
  private let factor: Int

  private static let columns = 80
  private static let widestImage = 16

  init(_ sheet: ContactSheet, colors: Colors) {
    (self.sheet, self.colors) = (sheet, colors)
    factor = max(1, (sheet.images.columns + Self.widestImage - 1) / Self.widestImage)
  }

  private var width: Int { (sheet.images.columns + factor - 1) / factor }
  private var height: Int { (sheet.images.rows + factor - 1) / factor }
  private var fitting: Int { max(1, (Self.columns - 2) / (width + 1)) }

  /// A heading and a row of images for each class.
  var text: String {
    sheet.rows.map { row in
      let shown = Array(row.images.prefix(fitting))
      let lines = stride(from: 0, to: height, by: 2).map { y in
        withoutTrailingSpaces("  " + shown.map { line(of: $0, y) }.joined(separator: " "))
      }
      return (["\(row.name)"] + lines).joined(separator: "\n")
    }.joined(separator: "\n") + "\n"
  }

  /// Pixels `y` and `y + 1` of an image, side by side in one line.
  private func line(of image: Int, _ y: Int) -> String {
    let characters = (0..<width).map { x -> String in
      let (upper, lower) = (color(image, x, y), color(image, x, y + 1))
      switch colors {
      case .terminal: return "\u{1B}[38;\(code(upper));48;\(code(lower))m▀"
      case .none: return Self.letter((brightness(upper) + brightness(lower)) / 2)
      }
    }
    return characters.joined() + (colors == .terminal ? "\u{1B}[0m" : "")
  }

  /// The mean of the pixels that one of the sheet stands for; black below the last row.
  private func color(_ image: Int, _ x: Int, _ y: Int) -> (Int, Int, Int) {
    var (sum, count) = ((0, 0, 0), 0)
    for row in y * factor..<min((y + 1) * factor, max(y * factor, sheet.images.rows)) {
      for column in x * factor..<min((x + 1) * factor, sheet.images.columns) {
        let color = sheet.color(image, row: row, column: column)
        sum = (sum.0 + color.red, sum.1 + color.green, sum.2 + color.blue)
        count += 1
      }
    }
    return count == 0 ? (0, 0, 0) : (sum.0 / count, sum.1 / count, sum.2 / count)
  }

  /// One of 24 greys that every terminal has, or a colour of its own.
  private func code(_ color: (Int, Int, Int)) -> String {
    sheet.images.channels == 1
      ? "5;\(232 + color.0 * 23 / 255)" : "2;\(color.0);\(color.1);\(color.2)"
  }

  private func brightness(_ color: (Int, Int, Int)) -> Int {
    (299 * color.0 + 587 * color.1 + 114 * color.2) / 1000
  }

  private static func letter(_ brightness: Int) -> String {
    let letters = Array(" .:-=+*#%@")
    return String(letters[brightness * (letters.count - 1) / 255])
  }
}
