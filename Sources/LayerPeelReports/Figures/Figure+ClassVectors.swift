import LayerPeel

extension Figure {
  /// What critical points look like: their class vectors, each in its own principal directions.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - points: A panel each.
  public static func classVectors(
    name: String = "class-vectors", title: String = "What critical points look like",
    of points: [ClassVectors]
  ) -> Figure {
    let views = points.map { ClassVectorView(of: [$0]) }
    return FigureSheet(
      key: Panel.keyOfVectors, panels: Panel.planes(points, views)
    ).figure(
      name: name, title: title,
      caption: """
        The rows of the classifier (arrows) and the class means of the features (rings), numbered by \
        class, in their principal directions and each scaled to the same norm. Sets that span a plane \
        are seen from above; others from a little above the ground (ellipse), with dotted plumb lines, \
        in the three largest directions. Only where every pair of classes is equally far apart, at \
        neural collapse, is the margin the best possible.
        """)
  }
}

extension Panel {
  /// What the marks in panels of class vectors are.
  static var keyOfVectors: [KeyEntry] {
    [
      KeyEntry("classifier rows", Stroke(.black)),
      .mark("class means", .ring, .black),
    ]
  }

  /// A plane for each set of class vectors, all of one scale and shape.
  static func planes(_ points: [ClassVectors], _ views: [ClassVectorView]) -> [Panel] {
    let reaches = zip(points, views).map { $1.reach(of: $0) }
    let (x, y) = (reaches.map(\.x).max() ?? 1, reaches.map(\.y).max() ?? 1)
    // Numbers beyond the tips need the same room in both directions.
    let room = 0.22 * max(x, y, 0.1)
    return zip(points, views).map {
      Panel(plane: $0, view: $1, width: x + room, height: max(y, 0.4 * x) + room)
    }
  }

  /// What the percentage in a subtitle is, at the end of a caption.
  static let wordsOfShare = """
     Where the vectors span more than three directions, a percentage says how much of their squared \
    norm is seen.
    """

  /// Class vectors from the origin to their places, in a picture that reaches so far.
  private init(plane vectors: ClassVectors, view: ClassVectorView, width: Double, height: Double) {
    self.init(
      title: vectors.name, subtitle: vectors.note, x: Axis(range: -width...width, ticks: []),
      y: Axis(range: -height...height, ticks: []))
    aspect = height / width
    curves.append(Curve(view.circle(radius: 1), Stroke(.grey, width: 0.5)))
    if !view.showsAll(of: vectors) {
      let percent = FigureText.decimal(100 * view.share(of: vectors), digits: 0)
      subtitle += ", \(percent) % seen"
    }
    let means = (0..<vectors.means.rows).map { view.place(vectors.means.row($0)) }
    let tips = (0..<vectors.classifier.rows).map { view.place(vectors.classifier.row($0)) }
    for (k, tip) in tips.enumerated() {
      if view.hasDepth {
        let shadow = view.shadow(vectors.classifier.row(k))
        curves.append(Curve([shadow, tip], Stroke(.grey, width: 1.1, dash: .dotted)))
      }
      arrows.append(
        Arrow(
          from: CurvePoint(x: 0, y: 0), to: tip, stroke: Stroke(.ofClass(k), width: 1.8)))
      curves.append(.marks([means[k]], .ring, .ofClass(k)))
    }
    number(tips, means, edge: max(width, height))
  }

  /// The classes' numbers beyond their tips and means, those of a common tip together.
  private mutating func number(_ tips: [CurvePoint], _ means: [CurvePoint], edge: Double) {
    var groups: [[Int]] = []
    for k in tips.indices {
      if let known = groups.firstIndex(where: { tips[$0[0]].isNear(tips[k], within: 0.03 * edge) })
      {
        groups[known].append(k)
      } else {
        groups.append([k])
      }
    }
    for group in groups {
      let k = group[0]
      guard let x = tips[k].x, let y = tips[k].y, let u = means[k].x, let v = means[k].y else {
        continue
      }
      let length = (x * x + y * y).squareRoot()
      let isZero = length < 0.03 * edge
      let (right, up) = isZero ? (0, -1) : (x / length, y / length)
      // Wider labels need to stand further to the side.
      let text = numbers(of: group)
      let aside = (0.13 + 0.04 * Double(text.count - 1) * abs(right)) * edge
      let distance = max(length, u * right + v * up) + aside
      callouts.append(
        Callout(
          text: text, x: distance * right,
          y: distance * up, ink: group.count == 1 ? .ofClass(k) : .black, side: .center))
    }
  }
}

/// `1, 3` or, of three or more in a row, `1–5`.
private func numbers(of classes: [Int]) -> String {
  guard let first = classes.first, let last = classes.last else { return "" }
  let isRun = classes.count > 2 && last - first == classes.count - 1
  return isRun
    ? "\(first + 1)–\(last + 1)" : classes.map { "\($0 + 1)" }.joined(separator: ", ")
}

extension CurvePoint {
  fileprivate func isNear(_ other: CurvePoint, within distance: Double) -> Bool {
    guard let x, let y, let u = other.x, let v = other.y else { return false }
    return abs(x - u) <= distance && abs(y - v) <= distance
  }
}

extension Ink {
  /// The colour of a class; from the seventh on they repeat.
  static func ofClass(_ k: Int) -> Ink {
    [.blue, .vermillion, .green, .purple, .amber, .black][k % 6]
  }
}
