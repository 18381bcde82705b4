import Glibc
import LayerPeel

extension Figure {
  /// Still pictures of a simplex as it forms, from the untrained network to the end.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - scene: What forms.
  public static func simplexStrip(
    name: String = "simplex", title: String = "The simplex as it forms", of scene: SimplexScene
  ) -> Figure {
    let strip = SimplexStrip(scene: scene)
    return FigureSheet(key: strip.key, panels: strip.panels).figure(
      name: name, title: title, caption: strip.caption)
  }
}

/// Frames side by side, all seen from one side.
private struct SimplexStrip {
  let scene: SimplexScene

  var key: [KeyEntry] {
    guard scene.classes <= Ink.classes.count else { return [] }
    return scene.classNames.enumerated().map {
      KeyEntry.mark($0.element, .dot, .numbered($0.offset))
    }
  }

  private var isCrowded: Bool { scene.classes > 12 }

  var caption: String {
    let shares = scene.frames.map(\.share)
    let seen = shares.last.map { "\(FigureText.decimal(100 * $0, digits: 0)) %" } ?? "nothing"
    let colours =
      scene.classes > Ink.classes.count
      ? " Colours come again every \(Ink.classes.count) classes." : ""
    return """
      The last layer in the three directions in which its class means are largest, which show \
      \(seen) of them at the end: class means (large dots), a sample of training images' features \
      (small dots, of their class's colour), and rows of the classifier (arrows). Each picture has \
      a scale of its own: features and means in units of the root mean square of the features' \
      distances from the centre in these directions, rows in units of that of their own lengths \
      there; the circle has radius 1, and features beyond the picture are left out. As the classes \
      collapse, small dots gather on their means and arrows end there. Directions are chosen anew \
      at each probe and turned onto those of the one before.\(colours)
      """
  }

  var panels: [Panel] {
    let stills = scene.stills
    return stills.isEmpty ? [empty] : stills.map(panel)
  }

  private var empty: Panel {
    Panel(
      title: "No snapshots", subtitle: "", x: Axis(range: -1...1), y: Axis(range: -1...1), aspect: 1
    )
  }

  private func panel(_ frame: SimplexScene.Frame) -> Panel {
    let axis = Axis(range: -scene.reach...scene.reach)
    var panel = Panel(
      title: "Epoch \(frame.epoch)", subtitle: frame.condition, x: axis, y: axis, aspect: 1)
    panel.curves.append(Curve(circle, Stroke(.grey, width: 0.6, dash: .dotted)))
    for k in 0..<scene.classes {
      let rows = frame.labels.indices.filter { frame.labels[$0] == k }
      panel.curves.append(
        .marks(rows.map { place(frame.features.row($0)) }, .dot, .numbered(k), size: 0.22))
    }
    for k in 0..<scene.classes {
      let mean = place(frame.means.row(k))
      panel.curves.append(.marks([mean], .dot, .numbered(k), size: isCrowded ? 0.4 : 0.75))
      panel.arrows.append(
        Panel.Arrow(
          from: CurvePoint(x: 0, y: 0), to: place(frame.classifier.row(k)),
          stroke: Stroke(.numbered(k), width: isCrowded ? 0.5 : 1.1)))
      // Numbers of a hundred classes would cover everything.
      if !isCrowded, let x = mean.x, let y = mean.y {
        panel.callouts.append(
          Panel.Callout(text: "\u{A0}\(k)", x: x, y: y, ink: .black, side: .right))
      }
    }
    return panel
  }

  /// The outline of the sphere of radius 1.
  private var circle: [CurvePoint] {
    (0...72).map { step in
      let angle = Double(step) * .pi / 36
      return CurvePoint(x: cos(angle), y: sin(angle))
    }
  }

  /// Where a vector is seen: from straight above where all is in a plane, otherwise from 30° aside
  /// and 22° above.
  private func place(_ v: ArraySlice<Double>) -> CurvePoint {
    let (x, y, z) = (v[v.startIndex], v[v.startIndex + 1], v[v.startIndex + 2])
    guard !scene.isPlanar else { return CurvePoint(x: x, y: y) }
    let (aside, above) = (Double.pi / 6, 22 * Double.pi / 180)
    return CurvePoint(
      x: cos(aside) * x - sin(aside) * y,
      y: sin(above) * (sin(aside) * x + cos(aside) * y) + cos(above) * z)
  }
}

extension SimplexScene {
  /// At most six frames: the first, the last, the first without training error, and others far from
  /// those in the logarithm of the epoch.
  var stills: [Frame] {
    guard frames.count > 6 else { return frames }
    let terminal = frames.firstIndex(where: \.isTerminal)
    var chosen = Set([0, frames.count - 1] + [terminal].compactMap { $0 })
    let age = frames.map { log(1 + Double($0.epoch)) }
    while chosen.count < 6 {
      let distance = { (i: Int) in chosen.map { abs(age[i] - age[$0]) }.min() ?? 0 }
      chosen.insert(frames.indices.max { distance($0) < distance($1) }!)
    }
    return chosen.sorted().map { frames[$0] }
  }
}

extension SimplexScene.Frame {
  /// How far training was, in a few words.
  var condition: String {
    if epoch == 0 { return "untrained" }
    guard let trainError else { return isTerminal ? "terminal phase" : "" }
    let digits = trainError == 0 || trainError >= 0.1 ? 0 : trainError < 0.001 ? 2 : 1
    let percent = FigureText.decimal(100 * trainError, digits: digits)
    return "\(percent) % training error" + (isTerminal ? ", terminal phase" : "")
  }
}
