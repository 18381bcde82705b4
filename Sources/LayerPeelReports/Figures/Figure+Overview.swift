public import LayerPeel

extension Figure {
  /// One flow at a glance: margin ratio, residuals, collapse, and the distance from the optimum.
  public static func overview(
    name: String = "flow", title: String = "A gradient flow", of flow: Trajectory<FlowTime>
  ) -> Figure {
    let time = Axis.logTime(upTo: flow.records.last?.coordinate.reading.number)
    var margin = Panel(
      title: "Margin ratio", subtitle: "normalised margin over the best possible one", x: time,
      y: .ratio(flow.points(.marginRatio), across: time))
    margin.curves = [
      .level(1, across: time, .guide),
      Curve(flow.points(.balancedMarginRatio), Stroke(.amber)),
      Curve(flow.points(.marginRatio), Stroke(.blue)),
    ]
    margin.notes = Panel.Notes(
      corner: .bottomRight, lines: [.init("balanced", .amber), .init("as a whole", .blue)])
    var residuals = Panel(
      title: "Optimality residuals", subtitle: "scaled; 0 at a KKT direction", x: time,
      y: Axis(scale: .logarithmic))
    residuals.add([
      (flow.points(.stationarity), "stationarity", .blue),
      (flow.points(.complementarity), "complementarity", .vermillion),
    ])
    var collapse = Panel(
      title: "Collapse", subtitle: "0 at neural collapse", x: time, y: Axis(scale: .logarithmic))
    collapse.add(Panel.collapseCurves(of: flow))
    var loss = Panel(
      title: "Loss", subtitle: "−log L, L the sum over samples", x: time,
      y: Axis(scale: .symmetric))
    loss.add([(flow.points { $0[.logLoss].number.map { -$0 } }, "", .blue)])
    return FigureSheet(key: [], panels: [margin, residuals, collapse, loss], plotHeight: 165)
      .figure(
        name: name, title: title,
        caption: """
          One gradient flow against log t on a logarithmic axis: how much of the best margin it \
          has, how far its direction is from the optimality conditions, three measures of neural \
          collapse, and the loss.
          """)
  }

  /// One run of training at a glance: losses and errors, collapse, margins, alignment.
  public static func trainingOverview<Coordinate>(
    name: String = "train", title: String = "Training without weight decay",
    of run: Trajectory<Coordinate>
  ) -> Figure {
    let shaded = [run.coordinate(of: .terminalPhase)].compactMap { $0 }
    var loss = Panel(
      title: "Loss", subtitle: "mean cross-entropy in nats", x: .epochs,
      y: Axis(scale: .logarithmic), shadedFrom: shaded)
    loss.add([
      (run.points(.trainLoss), "training", .blue), (run.points(.testLoss), "test", .vermillion),
    ])
    var collapse = Panel(
      title: "Collapse", subtitle: "0 at neural collapse", x: .epochs, y: Axis(scale: .logarithmic),
      shadedFrom: shaded)
    collapse.add(Panel.collapseCurves(of: run))
    var margins = Panel(
      title: "Margins", subtitle: "nats, of the training images", x: .epochs, y: Axis(),
      shadedFrom: shaded)
    margins.add([
      (run.points(.margin90), "90 %", .green), (run.points(.margin50), "median", .blue),
      (run.points(.margin10), "10 %", .vermillion), (run.points(.marginLeast), "least", .purple),
    ])
    margins.notes.corner = .topLeft
    var error = Panel(
      title: "Error", subtitle: "share of images misclassified; zero is not drawn", x: .epochs,
      y: Axis(scale: .logarithmic), shadedFrom: shaded)
    error.add([
      (run.points(.trainError), "training", .blue), (run.points(.testError), "test", .vermillion),
    ])
    return FigureSheet(
      key: shaded.isEmpty ? [] : [.shade("after the first epoch without training error")],
      panels: [loss, error, collapse, margins], plotHeight: 165
    ).figure(
      name: name, title: title,
      caption: """
        One run of training against epochs (0 is the untrained network): losses, errors, three \
        measures of neural collapse, and quantiles of the margins.\
        \(shaded.isEmpty ? "" : " The shaded part is past the first epoch without training error.")
        """)
  }
}

extension Panel {
  typealias Named = (points: [CurvePoint], name: String, ink: Ink)

  /// Curves whose names stand as notes in their inks.
  mutating func add(_ named: [Named]) {
    for curve in named {
      curves.append(Curve(curve.points, Stroke(curve.ink)))
      if !curve.name.isEmpty { notes.lines.append(.init(curve.name, curve.ink)) }
    }
  }

  /// One metric for each of the first three signs of collapse.
  static func collapseCurves<Coordinate>(of run: Trajectory<Coordinate>) -> [Named] {
    [
      (run.points(.nc1Trace), "nc1_trace", .blue),
      (run.points(.nc2MeansAngle), "nc2_means_angle", .vermillion),
      (run.points(.nc3DualityCentered), "nc3_duality_centered", .green),
    ]
  }
}

extension Panel.Notes.Line {
  init(_ text: String, _ ink: Ink) {
    self.text = text
    self.ink = ink
  }
}
