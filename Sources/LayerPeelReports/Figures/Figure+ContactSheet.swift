import LayerPeelFiles

extension Figure {
  /// A data set's contact sheet: a row of training images for each class, its name to the left, its
  /// size to the right.
  public static func contactSheet(_ sheet: ContactSheet) -> Figure {
    let images = sheet.images
    let (many, few) = (images.train.count, images.test.count)
    let size = "\(images.rows)×\(images.columns)" + (images.channels == 3 ? " in colour" : "")
    return Figure(
      name: "contact-sheet", title: images.name.rawValue,
      caption: "The first training images of each class; to the right, how many it has.",
      wide: SheetDrawing(sheet, perRow: sheet.perRow, room: 540).drawing(
        title: images.name.rawValue,
        subtitle: "\(many) training and \(few) test images of \(size)"),
      narrow: SheetDrawing(sheet, perRow: min(sheet.perRow, 7), room: 240).drawing(
        title: images.name.rawValue, subtitle: "\(many) + \(few) images of \(size)"))
  }
}

/// Images side by side in one picture, a white pixel between them.
private struct SheetDrawing {
  private let sheet: ContactSheet
  private let perRow: Int
  /// Pixels of the page for one of an image, at least one: halves are whole in a PNG of twice
  /// the size.
  private let scale: Double

  private static let left = 110
  private static let right = 60
  private static let top = 56
  private static let bottom = 12

  init(_ sheet: ContactSheet, perRow: Int, room: Int) {
    (self.sheet, self.perRow) = (sheet, perRow)
    let fitting = Double(room) / Double(perRow * (sheet.images.columns + 1))
    scale = min(16, max(1, (2 * fitting).rounded(.down) / 2))
  }

  private var cellWidth: Int { sheet.images.columns + 1 }
  private var cellHeight: Int { sheet.images.rows + 1 }
  private var columns: Int { perRow * cellWidth - 1 }
  private var rows: Int { sheet.rows.count * cellHeight - 1 }
  private func pixels(_ count: Int) -> Int { Int((Double(count) * scale).rounded(.up)) }

  func drawing(title: String, subtitle: String) -> Figure.Drawing {
    let canvas = Canvas(
      width: Self.left + pixels(columns) + Self.right,
      height: Self.top + pixels(rows) + Self.bottom)
    var script = Script()
    script.line("set encoding utf8")
    for part in ["key", "title", "border", "tics", "grid"] { script.line("unset \(part)") }
    script.line("set lmargin at screen \(canvas.x(Self.left))")
    script.line("set rmargin at screen \(canvas.x(Self.left + pixels(columns)))")
    script.line("set tmargin at screen \(canvas.y(Self.top))")
    script.line("set bmargin at screen \(canvas.y(Self.top + pixels(rows)))")
    script.line("set xrange [-0.5:\(columns).0-0.5]")
    script.line("set yrange [\(rows).0-0.5:-0.5]")
    heading(title, subtitle, &script, canvas)
    names(&script, canvas)
    script.line("$sheet << end\n" + data + "\nend")
    script.line("plot $sheet using 1:2:3:4:5 with rgbimage")
    return Figure.Drawing(width: canvas.width, height: canvas.height, script: script.text)
  }

  private func heading(
    _ title: String, _ subtitle: String, _ script: inout Script, _ canvas: Canvas
  ) {
    script.line(
      "set label \(FigureText.markup("{/:Bold " + FigureText.escaped(title) + "}")) at "
        + "\(canvas.point(12, 16)) left front textcolor \(Ink.black.gnuplot) "
        + "font ',\(FigureStyle.textSize + 1)'")
    script.line(
      "set label \(FigureText.quoted(subtitle)) at \(canvas.point(12, 34)) left front "
        + "textcolor \(Ink.grey.gnuplot) font ',\(FigureStyle.smallTextSize)'")
  }

  private func names(_ script: inout Script, _ canvas: Canvas) {
    for (k, row) in sheet.rows.enumerated() {
      let y = Self.top + pixels(k * cellHeight + cellHeight / 2)
      script.line(
        "set label \(FigureText.quoted(row.name)) at \(canvas.point(Self.left - 10, y)) right "
          + "front textcolor \(Ink.black.gnuplot) font ',\(FigureStyle.smallTextSize)'")
      script.line(
        "set label '\(row.count)' at "
          + "\(canvas.point(Self.left + pixels(columns) + 10, y)) left front "
          + "textcolor \(Ink.grey.gnuplot) font ',\(FigureStyle.smallTextSize)'")
    }
  }

  /// A line for each pixel of the sheet: place and colour, white where there is no image.
  private var data: String {
    var lines: [String] = []
    lines.reserveCapacity(rows * columns)
    for y in 0..<rows {
      let (k, row) = y.quotientAndRemainder(dividingBy: cellHeight)
      for x in 0..<columns {
        let (place, column) = x.quotientAndRemainder(dividingBy: cellWidth)
        let shown = sheet.rows[k].images
        guard place < shown.count, row < sheet.images.rows, column < sheet.images.columns else {
          lines.append("\(x) \(y) 255 255 255")
          continue
        }
        let color = sheet.color(shown[place], row: row, column: column)
        lines.append("\(x) \(y) \(color.red) \(color.green) \(color.blue)")
      }
    }
    return lines.joined(separator: "\n")
  }
}
