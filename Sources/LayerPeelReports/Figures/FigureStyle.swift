/// How every figure looks: inks, strokes, fonts and distances.
enum FigureStyle {
  /// In pixels of a page.
  static let textSize = 12
  /// Of notes, ticks and axes.
  static let smallTextSize = 11
  /// Of marks that stand by themselves, in gnuplot's unit.
  static let markSize = 0.7
  /// The font family that gnuplot writes into SVG; the page's style sheet says which it is.
  static let webFont = "sans-serif"
  /// A metric twin of Helvetica; fontconfig finds the nearest where it is missing.
  static let paperFont = "Liberation Sans"
}

/// The colours of the figures: told apart by every kind of colour vision, dark enough for text on
/// white; after Okabe & Ito's palette.
enum Ink: String, CaseIterable, Hashable, Sendable {
  case blue, vermillion, green, purple, amber
  /// Text and axes.
  case black
  /// What stands back: ticks' labels, guides, references.
  case grey
  /// Grid lines.
  case mist
  /// A shaded span.
  case shade
  /// Classes, in this order: Petroff's ten (arXiv:2107.02270), chosen to be told apart by all.
  case class0, class1, class2, class3, class4, class5, class6, class7, class8, class9

  /// Red, green and blue on white paper.
  var light: (red: Int, green: Int, blue: Int) {
    switch self {
    case .blue: (0, 104, 168)
    case .vermillion: (208, 74, 0)
    case .green: (0, 133, 95)
    case .purple: (148, 72, 158)
    case .amber: (181, 122, 0)
    case .black: (26, 26, 26)
    case .grey: (106, 110, 115)
    case .mist: (232, 234, 237)
    case .shade: (243, 240, 230)
    case .class0: (63, 144, 218)
    case .class1: (255, 169, 14)
    case .class2: (189, 31, 1)
    case .class3: (148, 164, 162)
    case .class4: (131, 45, 182)
    case .class5: (169, 107, 89)
    case .class6: (231, 99, 0)
    case .class7: (185, 172, 112)
    case .class8: (113, 117, 129)
    case .class9: (105, 200, 204)
    }
  }

  /// The same on a dark page.
  var dark: (red: Int, green: Int, blue: Int) {
    switch self {
    case .blue: (86, 180, 233)
    case .vermillion: (255, 138, 76)
    case .green: (58, 200, 154)
    case .purple: (208, 148, 218)
    case .amber: (235, 180, 60)
    case .black: (230, 230, 230)
    case .grey: (160, 165, 172)
    case .mist: (50, 54, 60)
    case .shade: (42, 42, 36)
    case .class0: (87, 162, 232)
    case .class1: (255, 179, 46)
    case .class2: (228, 84, 58)
    case .class3: (168, 184, 182)
    case .class4: (178, 116, 224)
    case .class5: (190, 132, 114)
    case .class6: (243, 125, 40)
    case .class7: (202, 190, 132)
    case .class8: (138, 143, 158)
    case .class9: (146, 218, 221)
    }
  }

  /// Those of classes.
  static let classes = allCases.filter { $0.rawValue.hasPrefix("class") }
  /// The ink of a class; past ten they come again.
  static func numbered(_ number: Int) -> Ink { classes[number % classes.count] }

  /// In gnuplot, as `rgb '#0068a8'`.
  var gnuplot: String { "rgb '\(hexadecimal(light))'" }
  /// In gnuplot's SVG output: of lines, and of text.
  var inGnuplotSVG: [String] {
    let (r, g, b) = light
    return ["rgb(\(padded(r)), \(padded(g)), \(padded(b)))", "rgb(\(r),\(g),\(b))"]
  }
  /// The custom property of the page's style sheet that holds it.
  var property: String { "--ink-\(rawValue)" }
  /// That property's value on a light page.
  var lightValue: String { hexadecimal(light) }
  /// That property's value on a dark page.
  var darkValue: String { hexadecimal(dark) }

  private func hexadecimal(_ c: (red: Int, green: Int, blue: Int)) -> String {
    "#"
      + [c.red, c.green, c.blue].map {
        ($0 < 16 ? "0" : "") + String($0, radix: 16)
      }.joined()
  }

  private func padded(_ value: Int) -> String {
    let digits = String(value)
    return String(repeating: " ", count: 3 - digits.count) + digits
  }
}

/// How a line is drawn.
struct Stroke: Hashable, Sendable {
  enum Dash: String, Hashable, Sendable {
    case solid = "solid"
    case dashed = "(7,5)"
    case long = "(14,6)"
    case dotted = "(1.5,4)"
  }

  var ink: Ink
  var width = 1.6
  var dash = Dash.solid

  init(_ ink: Ink, width: Double = 1.6, dash: Dash = .solid) {
    self.ink = ink
    self.width = width
    self.dash = dash
  }

  /// A slope or a level that theory predicts.
  static let guide = Stroke(.grey, width: 1.1, dash: .dashed)
  /// A baseline that nothing was trained for.
  static let baseline = Stroke(.grey, width: 1.3, dash: .dotted)

  var gnuplot: String { "lc \(ink.gnuplot) lw \(width) dt \(dash.rawValue)" }
}
