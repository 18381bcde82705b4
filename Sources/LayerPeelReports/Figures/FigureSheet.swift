/// Panels on a sheet with one key above them: what every figure is before it becomes a script.
struct FigureSheet {
  var key: [KeyEntry]
  var panels: [Panel]
  /// Height of the axes of a panel.
  var plotHeight = 185

  /// Distances in pixels.
  fileprivate enum Distance {
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
      name: name, title: title, caption: caption, wide: drawing(width: Distance.wideWidth),
      narrow: drawing(width: Distance.narrowWidth))
  }

  private func drawing(width: Int) -> Figure.Drawing {
    let key = KeyLayout(key, width: width - 2 * Distance.edge)
    let keyHeight = key.rows.isEmpty ? 0 : key.rows.count * Distance.keyRow + Distance.edge
    let layout = PanelLayout(panels, plotHeight: plotHeight, width: width, top: keyHeight)
    let canvas = Canvas(width: width, height: layout.height)

    var script = Script()
    script.open()
    for (row, entries) in key.rows.enumerated() {
      let y = Distance.edge + row * Distance.keyRow + Distance.keyRow / 2
      for item in entries { script.keyEntry(item.entry, x: item.x + Distance.edge, y: y, canvas) }
    }
    for (index, panel) in panels.enumerated() {
      script.panel(panel, index: index, area: layout.areas[index], canvas)
    }
    script.close()
    return Figure.Drawing(width: width, height: layout.height, script: script.text)
  }
}

/// Where the panels stand: those with axes in one column or two, planes, of one
/// shape, in two columns, or in three or four.
private struct PanelLayout {
  private(set) var areas: [PlotArea] = []
  private(set) var height: Int

  private typealias Distance = FigureSheet.Distance

  init(_ panels: [Panel], plotHeight: Int, width: Int, top: Int) {
    height = top
    var rest = panels[...]
    while let first = rest.first {
      let group = rest.prefix { ($0.aspect != nil) == (first.aspect != nil) }
      rest = rest.dropFirst(group.count)
      if let aspect = first.aspect {
        place(planes: group.count, aspect: aspect, width: width)
      } else {
        place(axes: group.count, plotHeight: plotHeight, width: width)
      }
    }
  }

  private mutating func place(axes count: Int, plotHeight: Int, width: Int) {
    let columns = width < Distance.wideWidth ? 1 : min(2, count)
    let cellWidth = width / columns
    let cellHeight = Distance.title + plotHeight + Distance.foot
    for index in 0..<count {
      let (x, y) = (index % columns * cellWidth, height + index / columns * cellHeight)
      areas.append(
        PlotArea(
          left: x + Distance.left, right: x + cellWidth - Distance.right, top: y + Distance.title,
          bottom: y + Distance.title + plotHeight))
    }
    height += (count + columns - 1) / columns * cellHeight
  }

  private mutating func place(planes count: Int, aspect: Double, width: Int) {
    let columns = width < Distance.wideWidth ? 2 : count > 3 && count % 3 != 0 ? 4 : 3
    let cellWidth = width / columns
    let side = cellWidth - 2 * Distance.edge
    let tall = Int((aspect * Double(side)).rounded())
    let cellHeight = Distance.title + tall + Distance.edge
    for index in 0..<count {
      let inRow = min(columns, count - index / columns * columns)
      let aside = (width - inRow * cellWidth) / 2
      let left = aside + index % columns * cellWidth + Distance.edge
      let top = height + index / columns * cellHeight + Distance.title
      areas.append(PlotArea(left: left, right: left + side, top: top, bottom: top + tall))
    }
    height += (count + columns - 1) / columns * cellHeight
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
