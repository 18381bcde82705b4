/// Panels on a sheet with one key above them: what every figure is before it becomes a script.
struct FigureSheet {
  var key: [KeyEntry]
  var panels: [Panel]
  /// Height of the axes of a panel.
  var plotHeight = 185

  /// Distances in pixels.
  private enum Distance {
    static let wideWidth = 720
    static let narrowWidth = 372
    static let left = 50
    static let right = 16
    static let title = 48
    static let foot = 52
    static let keyRow = 20
    static let edge = 12
  }

  /// The figure, in both arrangements.
  func figure(name: String, title: String, caption: String) -> Figure {
    Figure(
      name: name, title: title, caption: caption,
      wide: drawing(width: Distance.wideWidth, columns: min(2, panels.count)),
      narrow: drawing(width: Distance.narrowWidth, columns: 1))
  }

  private func drawing(width: Int, columns: Int) -> Figure.Drawing {
    let key = KeyLayout(key, width: width - 2 * Distance.edge)
    let keyHeight = key.rows.isEmpty ? 0 : key.rows.count * Distance.keyRow + Distance.edge
    let rows = (panels.count + columns - 1) / columns
    let cellHeight = Distance.title + plotHeight + Distance.foot
    let height = keyHeight + rows * cellHeight
    let canvas = Canvas(width: width, height: height)

    var script = Script()
    script.open()
    for (row, entries) in key.rows.enumerated() {
      let y = Distance.edge + row * Distance.keyRow + Distance.keyRow / 2
      for item in entries { script.keyEntry(item.entry, x: item.x + Distance.edge, y: y, canvas) }
    }
    for (index, panel) in panels.enumerated() {
      let cellWidth = width / columns
      let (x, y) = (
        index % columns * cellWidth, keyHeight + index / columns * cellHeight
      )
      let area = PlotArea(
        left: x + Distance.left, right: x + cellWidth - Distance.right, top: y + Distance.title,
        bottom: y + Distance.title + plotHeight)
      script.panel(panel, index: index, area: area, canvas)
    }
    script.close()
    return Figure.Drawing(width: width, height: height, script: script.text)
  }
}

/// The size of a drawing, and pixels from its top left as gnuplot's screen coordinates.
struct Canvas {
  let width: Int
  let height: Int

  func x(_ pixels: Int) -> String { fraction(Double(pixels) / Double(width)) }
  func y(_ pixels: Int) -> String { fraction(1 - Double(pixels) / Double(height)) }
  func point(_ x: Int, _ y: Int) -> String { "screen \(self.x(x)), screen \(self.y(y))" }

  private func fraction(_ value: Double) -> String { FigureText.plain(value, digits: 5) }
}

/// Where the axes of a panel stand, in pixels from the top left.
struct PlotArea {
  let left: Int
  let right: Int
  let top: Int
  let bottom: Int
}

/// The key's entries in rows, each where the one before it ends.
struct KeyLayout {
  struct Item {
    let entry: KeyEntry
    let x: Int
  }

  private(set) var rows: [[Item]] = []

  /// Fills rows of a given width; text is as wide as the widest of the likely fonts makes it.
  init(_ entries: [KeyEntry], width: Int) {
    var x = 0
    for entry in entries {
      let needed = KeyLayout.sample + FigureText.width(entry.label)
      if rows.isEmpty || x + needed > width {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append(Item(entry: entry, x: x))
      x += needed + 22
    }
  }

  /// The stroke's sample and the space after it.
  static let sample = 32
}
