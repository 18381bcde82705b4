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
  /// Lines of text in a corner.
  var notes = Notes()
  /// Words at places.
  var callouts: [Callout] = []

  struct Notes: Hashable, Sendable {
    enum Corner: Hashable, Sendable { case topLeft, topRight, bottomLeft, bottomRight }
    var corner = Corner.bottomLeft
    var lines: [Line] = []

    struct Line: Hashable, Sendable {
      var text: String
      var ink: Ink
    }
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

/// A line through points, broken where there is no reading.
struct Curve: Hashable, Sendable {
  var points: [CurvePoint]
  var stroke: Stroke
  /// Whether each point is marked too.
  var hasMarkers = false
  /// Whether the curve widens the axes' ranges.
  var setsRange = true

  init(
    _ points: [CurvePoint], _ stroke: Stroke, hasMarkers: Bool = false, setsRange: Bool = true
  ) {
    self.points = points
    self.stroke = stroke
    self.hasMarkers = hasMarkers
    self.setsRange = setsRange
  }
}

extension Curve {
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
