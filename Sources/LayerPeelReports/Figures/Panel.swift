/// One pair of axes with what is drawn between them.
struct Panel: Hashable, Sendable {
  /// What is seen, in bold above the axes.
  var title: String
  /// What the vertical axis measures, under the title.
  var subtitle: String
  var x: Axis
  var y: Axis
  var curves: [Curve] = []
  /// Where shading begins that goes on to the right end; at most one place.
  var shadedFrom: [Double] = []
  /// Lines of text in a corner, another than it says if curves run through that one.
  var notes = Notes()
  /// Spans between two curves, under everything else.
  var bands: [Band] = []
  /// Words at places.
  var callouts: [Callout] = []
  /// Vectors from place to place.
  var arrows: [Arrow] = []
  /// Height over width of a plane, which has equal units and no axes; nil for a panel with axes.
  var aspect: Double?

  struct Notes: Hashable, Sendable {
    enum Corner: CaseIterable, Hashable, Sendable {
      case topLeft, topRight, bottomLeft, bottomRight
    }
    var corner = Corner.bottomLeft
    var lines: [Line] = []

    struct Line: Hashable, Sendable {
      var text: String
      var ink: Ink
    }
  }

  /// A straight line with a head at its end.
  struct Arrow: Hashable, Sendable {
    var from: CurvePoint
    var to: CurvePoint
    var stroke: Stroke
  }

  /// What lies between a lower and an upper curve.
  struct Band: Hashable, Sendable {
    struct Span: Hashable, Sendable {
      var x: Double
      var low: Double
      var high: Double
    }
    var spans: [Span]
    var ink: Ink
  }

  struct Callout: Hashable, Sendable {
    enum Side: String, Hashable, Sendable { case left, right, center }
    var text: String
    var x: Double
    var y: Double
    var ink = Ink.grey
    /// Where the text ends up relative to its place.
    var side = Side.right
    /// Up by this many pixels.
    var lift = 0
    var hasDot = false
  }
}

extension Panel {
  /// The places by which axes choose their ranges.
  var rangingPoints: [CurvePoint] {
    curves.filter(\.setsRange).flatMap(\.points)
      + bands.flatMap(\.spans).flatMap {
        [CurvePoint(x: $0.x, y: $0.low), CurvePoint(x: $0.x, y: $0.high)]
      }
  }
}

/// A line through points, broken where there is no reading.
struct Curve: Hashable, Sendable {
  var points: [CurvePoint]
  var stroke: Stroke
  /// Whether each point is marked too.
  var hasMarkers = false
  /// Whether the curve widens the axes' ranges.
  var setsRange = true
  /// What stands at each point instead of the line.
  var mark: Mark?
  /// The mark's size, in gnuplot's unit.
  var markSize = FigureStyle.markSize

  init(
    _ points: [CurvePoint], _ stroke: Stroke, hasMarkers: Bool = false, setsRange: Bool = true
  ) {
    self.points = points
    self.stroke = stroke
    self.hasMarkers = hasMarkers
    self.setsRange = setsRange
  }
}

/// What marks a place by itself.
enum Mark: Hashable, Sendable {
  case dot, ring

  /// In gnuplot, with a size in its unit.
  func gnuplot(_ size: Double, _ ink: Ink) -> String {
    switch self {
    case .dot: "pt 7 ps \(size) lc \(ink.gnuplot)"
    case .ring: "pt 6 ps \(size) lw 1.4 lc \(ink.gnuplot)"
    }
  }
}

extension Curve {
  /// Places without a line between them.
  static func marks(
    _ points: [CurvePoint], _ mark: Mark, _ ink: Ink, size: Double = FigureStyle.markSize
  ) -> Curve {
    var curve = Curve(points, Stroke(ink))
    curve.mark = mark
    curve.markSize = size
    return curve
  }

  /// A level line across an axis of known range.
  static func level(_ value: Double, across axis: Axis, _ stroke: Stroke) -> Curve {
    let ends = axis.range.map { [$0.lowerBound, $0.upperBound] } ?? []
    return Curve(ends.map { CurvePoint(x: $0, y: value) }, stroke, setsRange: false)
  }
}

/// A place of a curve, or a gap in it.
struct CurvePoint: Hashable, Sendable {
  /// Nil where the coordinate has no number.
  var x: Double?
  /// Nil where there is no reading.
  var y: Double?
}

/// What an entry of the key explains.
struct KeyEntry: Hashable, Sendable {
  var label: String
  var stroke: Stroke
  var hasMarkers = false
  /// Whether the sample is a shaded patch, not a line.
  var isShade = false
  /// The mark that the sample is, not a line.
  var mark: Mark?

  /// What a mark is.
  static func mark(_ label: String, _ mark: Mark, _ ink: Ink) -> KeyEntry {
    var entry = KeyEntry(label, Stroke(ink))
    entry.mark = mark
    return entry
  }

  /// What the shaded part of the panels is.
  static func shade(_ label: String) -> KeyEntry {
    var entry = KeyEntry(label, Stroke(.shade))
    entry.isShade = true
    return entry
  }

  init(_ label: String, _ stroke: Stroke, hasMarkers: Bool = false) {
    self.label = label
    self.stroke = stroke
    self.hasMarkers = hasMarkers
  }
}
