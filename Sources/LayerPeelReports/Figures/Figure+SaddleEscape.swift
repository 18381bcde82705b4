import Glibc
public import LayerPeel
import LayerPeelFiles

extension Figure {
  /// A descent on the sphere from a saddle to where it settles, by way of other saddles.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - descent: What was recorded at each step.
  ///   - stops: The critical points on the way, the first and the last included.
  public static func saddleEscape(
    name: String = "saddle-escape", title: String = "The way out of a saddle",
    _ descent: Trajectory<Step>, stops: [EscapeStop]
  ) -> Figure {
    let marks = stops.map { Double($0.step) }
    let last = Double(descent.records.count - 1)
    let x = Axis(label: "step", range: -0.02 * max(last, 1)...1.02 * max(last, 1))
    let logarithms = descent.records.compactMap { $0.measurement[.logLoss].number }
    // Beyond, they are no numbers that anyone reads, and in the end none that a double holds.
    let isTiny = logarithms.contains { $0 < log(1e-30) }
    let losses = descent.points { $0[.logLoss].number.map { isTiny ? $0 : exp($0) } }
    var loss = Panel(
      title: isTiny ? "Logarithm of the loss" : "Loss",
      subtitle: (isTiny ? "log L, L" : "L,") + " summed over samples, in nats", x: x,
      y: isTiny ? Axis() : .losses(losses))
    var ratio = Panel(
      title: "Margin ratio", subtitle: "normalised margin over the best possible one", x: x,
      y: .ratio(descent.points(.marginRatio), across: x))
    loss.add(losses, stops: marks)
    ratio.curves.append(.level(1, across: x, .guide))
    ratio.add(descent.points(.marginRatio), stops: marks)
    loss.name(stops)
    let shown = EscapeStop.few(stops).map(\.vectors)
    let view = ClassVectorView(of: shown)
    let key =
      [
        KeyEntry("descent at constant norm", Stroke(.blue, width: 1.8)),
        .mark("critical point on the way", .dot, .vermillion),
      ] + Panel.keyOfVectors
    return FigureSheet(
      key: key, panels: [loss, ratio] + Panel.planes(shown, shown.map { _ in view })
    ).figure(
      name: name, title: title,
      caption: caption(stops) + (shown.allSatisfy(view.showsAll(of:)) ? "" : Panel.wordsOfShare))
  }

  private static func caption(_ stops: [EscapeStop]) -> String {
    let names = stops.map(\.vectors.name)
    let way = names.dropFirst().dropLast()
    let route =
      (names.first.map { "from \($0)" } ?? "")
      + (way.isEmpty ? "" : " by way of \(way.joined(separator: ", "))")
      + (names.count > 1 ? " to \(names[names.count - 1])" : "")
    return """
      A descent of the loss at constant norm \(route). At each saddle (dots) the gradient vanishes and \
      descent would end; a push of a thousandth of the norm along the direction of certified negative \
      curvature leads on, and the loss never rises. Below, the class vectors at these points, \
      in the same three principal directions: where rank grows, the way out uses a direction of \
      space that the saddle had left empty. This is the landscape's way out, not a statement about gradient flow, whose \
      saddles lie at infinity.
      """
  }
}

/// A critical point at which a descent stopped for a moment or for good.
public struct EscapeStop: Sendable {
  /// After how many steps.
  public let step: Int
  /// What it looks like, and its name.
  public let vectors: ClassVectors

  /// A stop of given parts.
  public init(step: Int, vectors: ClassVectors) {
    self.step = step
    self.vectors = vectors
  }

  /// At most four: the first, the last, and those before it.
  fileprivate static func few(_ stops: [EscapeStop]) -> [EscapeStop] {
    stops.count <= 4 ? stops : stops.prefix(1) + stops.suffix(3)
  }
}

extension EscapeStop {
  /// The stops of an escape in the words for their names; one that the survey does not have is
  /// "another saddle".
  ///
  /// - Parameters:
  ///   - route: An escape in the names of a survey.
  ///   - labels: The classes of the samples.
  public static func stops(of route: Route, labels: Labels) -> [EscapeStop] {
    guard let visits = route.escape?.visits else { return [] }
    let names = [route.start.name] + route.saddles + [route.destination]
    return visits.enumerated().map { index, visit in
      let name = index < names.count ? names[index] : nil
      let ratio = visit.point.marginRatio.number.map {
        "ratio \(FigureText.decimal(abs($0) < 5e-4 ? 0 : $0, digits: 3))"
      }
      return EscapeStop(
        step: visit.step.number,
        vectors: ClassVectors(
          name: name.map { CriticalPointName($0).words } ?? "another saddle",
          note: "rank \(visit.point.rank)" + (ratio.map { ", \($0)" } ?? ""),
          of: visit.point.point, labels: labels))
    }
  }
}

extension Figure {
  /// The picture of an escape that a survey's saddle was left by; nil where there is none.
  public static func saddleEscape(
    name: String = "saddle-escape", title: String = "The way out of a saddle", of route: Route,
    labels: Labels
  ) -> Figure? {
    guard let escape = route.escape else { return nil }
    return saddleEscape(
      name: name, title: title, escape.trajectory,
      stops: EscapeStop.stops(of: route, labels: labels))
  }
}

extension Axis {
  /// Losses, with room for names above the first and below the last.
  fileprivate static func losses(_ points: [CurvePoint]) -> Axis {
    let values = points.compactMap(\.y).filter { $0 > 0 && $0.isFinite }
    guard let least = values.min(), let largest = values.max() else {
      return Axis(scale: .logarithmic)
    }
    let room = pow(largest / least, 0.13) * 1.05
    return Axis(scale: .logarithmic, range: least / room...largest * room)
  }
}

extension Panel {
  /// A curve over steps, with dots where the descent stopped.
  fileprivate mutating func add(_ points: [CurvePoint], stops: [Double]) {
    curves.append(Curve(points, Stroke(.blue, width: 1.8)))
    let marked = points.filter { point in point.x.map(stops.contains) ?? false }
    curves.append(.marks(marked, .dot, .vermillion))
  }

  /// The names of stops beside their dots: to the right of those on the left, where the curve has
  /// fallen; of the others only where there is room before the last one's.
  fileprivate mutating func name(_ stops: [EscapeStop]) {
    guard let marks = curves.last?.points, let end = stops.last.map({ Double($0.step) }) else {
      return
    }
    for stop in stops {
      let step = Double(stop.step)
      guard let place = marks.first(where: { $0.x == step }), let x = place.x, let y = place.y
      else {
        continue
      }
      let isEarly = step <= 0.55 * end
      guard isEarly || step == end || step <= 0.7 * end else { continue }
      callouts.append(
        Callout(
          text: stop.vectors.name, x: x, y: y, ink: .vermillion, side: isEarly ? .right : .left,
          lift: isEarly ? 9 : -9))
    }
  }
}
