import Glibc
public import LayerPeel

extension Figure {
  /// The paper's four panels for the model: norms, within-class variation, cosines and self-duality
  /// against `log log t`.
  ///
  /// - Parameters:
  ///   - name: Its file name without ending.
  ///   - title: A short heading.
  ///   - flows: Flows of one model from several starts; slopes are means over them.
  ///   - window: Where slopes are fitted, in `log t`.
  ///   - predicts: Whether the rates of balanced classes and a start of full joint rank apply, and
  ///     are drawn.
  public static func flowPanels(
    name: String = "flow-panels", title: String = "Collapse along the gradient flow",
    of flows: [Trajectory<FlowTime>], window: ClosedRange<Double> = 40...640,
    predicts: Bool = true
  ) -> Figure {
    let panels = FlowPanels(flows: flows, window: window, predicts: predicts)
    return FigureSheet(key: panels.key, panels: panels.all).figure(
      name: name, title: title, caption: panels.caption)
  }
}

/// The panels of a flow.
private struct FlowPanels {
  let flows: [Trajectory<FlowTime>]
  let window: ClosedRange<Double>
  let predicts: Bool

  let means = Ink.blue
  let given = Ink.vermillion
  let centred = Ink.green

  var key: [KeyEntry] {
    [
      KeyEntry("features", stroke(means)), KeyEntry("classifier, centred", stroke(centred)),
      KeyEntry("classifier as given", stroke(given)),
    ] + (predicts ? [KeyEntry("predicted slope", .guide)] : [])
  }

  var caption: String {
    let starts = flows.count == 1 ? "one start" : "\(flows.count) random starts"
    let error =
      flows.count == 1
      ? "± the fit's standard error" : "mean ± standard deviation over the starts"
    let (low, high) = (window.lowerBound, window.upperBound)
    let rates = """
       The model predicts that norms, angles and duality of the centred classifier fall like \
      1/log t (slope −1), and that within-class distances, and whatever contains the conserved sum \
      of the classifier's rows, fall like its square root (slope −½): frozen parts that only the \
      growing norm makes small.
      """
    let guides = " Dashed grey guides have the predicted slope and stand a little above the curves."
    return """
      The four measures of neural collapse along the flow from \(starts), against log log t: 6 on \
      this axis is t = e^403, about 10^175. Straight lines are powers of log t.\
      \(predicts ? rates : "") Numbers are slopes fitted over log t from \
      \(FigureText.shortest(low)) to \(FigureText.shortest(high)), \(error).\
      \(predicts ? guides : "")
      """
  }

  var all: [Panel] {
    [
      panel(
        "Norm variation", "standard deviation over mean of the norms",
        [
          Line(.nc2MeansNorm, "means", means, -1),
          Line(.nc2WeightsNormCentered, "centred", centred, -1),
          Line(.nc2WeightsNorm, "as given", given, -0.5),
        ]),
      panel(
        "Within-class variation", "spread within classes over spread between them",
        [
          Line(.nc1Within, "mean distance", means, -0.5),
          Line(.nc1Ratio, "variance", .purple, -1),
        ]),
      panel(
        "Pairwise cosines", "mean distance from −1/(K − 1)",
        [
          Line(.nc2MeansAngle, "means", means, -1),
          Line(.nc2WeightsAngleCentered, "centred", centred, -1),
          Line(.nc2WeightsAngle, "as given", given, -0.5),
        ]),
      panel(
        "Self-duality", "distance of classifier and means, each of norm 1",
        [
          Line(.nc3DualityCentered, "centred", centred, -1),
          Line(.nc3Duality, "as given", given, -0.5),
        ]),
    ]
  }

  private struct Line {
    let quantity: Quantity
    let name: String
    let ink: Ink
    let exponent: Double

    init(_ quantity: Quantity, _ name: String, _ ink: Ink, _ exponent: Double) {
      self.quantity = quantity
      self.name = name
      self.ink = ink
      self.exponent = exponent
    }
  }

  private func panel(_ title: String, _ subtitle: String, _ lines: [Line]) -> Panel {
    var panel = Panel(
      title: title, subtitle: subtitle, x: .logLogTime(of: flows), y: Axis(scale: .logarithmic))
    for line in lines {
      let curves = flows.map { $0.points(line.quantity).filter { ($0.x ?? 0) >= 1 } }
      panel.curves += curves.map { Curve($0, stroke(line.ink)) }
      guard let law = PowerLaw(curves, window: window) else { continue }
      panel.notes.lines.append(
        Panel.Notes.Line(
          text: law.note(line.name, predicted: predicts ? line.exponent : nil), ink: line.ink))
    }
    if predicts { panel.curves += guides(lines) }
    return panel
  }

  /// One guide for each predicted slope, above the highest curve that has it.
  private func guides(_ lines: [Line]) -> [Curve] {
    Set(lines.map(\.exponent)).sorted().compactMap { exponent in
      let curves = lines.filter { $0.exponent == exponent }.flatMap { line in
        flows.map { $0.points(line.quantity) }
      }
      return PowerLaw(curves, window: window).map {
        Curve($0.guide(exponent: exponent), .guide)
      }
    }
  }

  /// The centred classifier and the means nearly coincide: dashes let both be seen.
  private func stroke(_ ink: Ink) -> Stroke {
    Stroke(ink, width: flows.count > 1 ? 1.1 : 1.6, dash: ink == centred ? .long : .solid)
  }
}

extension Axis {
  /// `log log t` from 0 on: the axis is logarithmic in `log t`, and its ticks say the logarithm.
  static func logLogTime(of flows: [Trajectory<FlowTime>]) -> Axis {
    let largest = flows.compactMap { $0.records.last?.coordinate.reading.number }.max() ?? 10
    let step = log(max(largest, 2)) > 10 ? 2 : 1
    let ticks = stride(from: 0, through: 20, by: step).map {
      Tick(value: exp(Double($0)), label: String($0))
    }
    return Axis(
      label: "log log t", scale: .logarithmic, range: 1...max(largest, 2) * 1.05,
      ticks: ticks)
  }

  /// `log t`: on a logarithmic axis from 1 on, or, where a flow is short, on a linear one from 0 on.
  static func logTime(upTo largest: Double?) -> Axis {
    let largest = max(largest ?? 10, 2)
    return largest < 15
      ? Axis(label: "log t", range: 0...largest * 1.03)
      : Axis(label: "log t", scale: .logarithmic, range: 1...largest * 1.05)
  }
}
