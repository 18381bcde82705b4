import LayerPeel
import LayerPeelNetworks
import LayerPeelReports
import Testing

/// Every figure, of flows and trainings that are made up.
struct FigureCase: Sendable, CustomTestStringConvertible {
  let figure: Figure
  var testDescription: String { figure.name }

  static let all = [FigureCase](full: true)
  /// The same of trajectories in which nothing could be read.
  static let empty = [FigureCase](full: false)
}

extension [FigureCase] {
  fileprivate init(full: Bool) {
    let flow = madeFlow(full: full)
    let run = LabelledTrajectory("no weight decay", madeTraining(full: full))
    let labelled = LabelledTrajectory("4 classes of 5", flow)
    var random = Measurement()
    random[.nc1Trace] = .value(3)
    self = [
      Figure.flowPanels(of: [flow, flow]), .conditions(of: flow), .overview(of: flow),
      .margin(of: [labelled, labelled]), .escape(exact: labelled, disturbed: labelled),
      .networkPanels(seeds: [run, run], controls: [run], baseline: random),
      .networkPanels(
        name: "networks-and-model", seeds: [run, run], controls: [run], flows: [flow, flow]),
      .alignment(seeds: [run, run], controls: [run, run]), .alignment(name: "alone", seeds: [run]),
      .simplexStrip(of: SimplexScene(full ? madeSnapshots(classes: 4) : [])),
      .bridge(network: run, controls: [run], continuation: labelled),
      .trainingOverview(of: run.trajectory),
      .landscape(of: full ? .made([5, 5, 5, 5], dimension: 4, seed: 1) : .empty),
      .saddleEscape(madeDescent(full: full), stops: full ? madeStops : []),
      .classVectors(
        of: full ? madeClassVectors : [classVectors("origin", [[0, 0, 0], [0, 0, 0]])]),
    ].map(FigureCase.init)
  }
}

/// A flow of known powers of `log t`, with one reading missing in the middle of each curve.
func madeFlow(full: Bool = true) -> Trajectory<FlowTime> {
  let times = [-Double.infinity] + (0...60).map { power(10, Double($0) / 10) }
  let records = times.enumerated().map { index, time in
    var m = Measurement()
    guard full, time.isFinite, index != 30 else { return record(FlowTime(logTime: time), m) }
    for quantity in Quantity.metrics { m[quantity] = .value(0.5 / time) }
    m[.nc1Within] = .value(power(time, -0.5))
    m[.logLoss] = .value(0.5 - time)
    m[.marginRatio] = .value(1 - 1 / (time + 1))
    m[.balancedMarginRatio] = .value(1 - 0.1 / time)
    m[.gamma] = .value(0.1 - 0.1 / (time + 1))
    m[.smoothedGamma] = .value(0.1 - 0.1 / time)
    m[.stationarity] = .value(power(time, -0.5))
    m[.complementarity] = .value(power(time, -2.5))
    m[.primal] = .value(1 + 1 / time)
    m[.dual] = .value(1)
    m[.trajectoryDual] = .value(1 - 1 / (time * time))
    return record(FlowTime(logTime: time), m)
  }
  return Trajectory(
    settings: Flow.Settings(), records: records, events: [], termination: .logLoss, cost: Cost())
}

/// A training with zero error at epoch 20, whose losses fall and whose margins grow.
func madeTraining(full: Bool = true) -> Trajectory<Epoch> {
  let records = [0, 1, 2, 4, 8, 20, 60].map { epoch in
    var m = Measurement()
    guard full else { return record(Epoch(epoch), m) }
    let age = Double(epoch + 1)
    for quantity in Quantity.metrics { m[quantity] = .value(1 / age) }
    for quantity in Quantity.marginQuantiles { m[quantity] = .value(age - 5) }
    m[.trainLoss] = .value(1 / age)
    m[.testLoss] = .value(1)
    m[.trainError] = .value(epoch < 20 ? 0.5 / age : 0)
    m[.testError] = .value(0.2)
    m[.logLoss] = .value(8 - age)
    m[.balancedMarginRatio] = .value(epoch == 0 ? -30 : 0.5 - 1 / age)
    if epoch > 0 {
      m[.alignmentFeatures] = .value(0.4)
      m[.alignmentClassifier] = .value(-0.2)
      m[.alignmentExplained] = .value(0.16)
      m[.alignmentClassMeanPart] = .value(0.5)
      m[.alignmentPerClass] = .list([0.7, 0.35, -0.25])
    }
    return record(Epoch(epoch), m)
  }
  return Trajectory(
    settings: Training.Settings(), records: records,
    events: full ? [.init(.terminalPhase, at: Epoch(20), logLoss: -3)] : [], termination: .epochs,
    cost: Cost())
}

/// A descent of ten steps, with a reading missing.
func madeDescent(full: Bool = true) -> Trajectory<Step> {
  let records = (0...10).map { step in
    var m = Measurement()
    guard full, step != 4 else { return record(Step(step), m) }
    m[.logLoss] = .value(2 - 0.2 * Double(step))
    m[.marginRatio] = .value(0.1 * Double(step))
    return record(Step(step), m)
  }
  return Trajectory(
    settings: Escape.Settings(), records: records, events: [], termination: .settled, cost: Cost())
}

/// A pair, two pairs, a simplex: one, two and three dimensions.
let madeStops = zip([0, 5, 10], madeClassVectors).map { EscapeStop(step: $0, vectors: $1) }

let madeClassVectors = [
  classVectors("one pair", [[1, 0, 0], [-1, 0, 0], [0, 0, 0], [0, 0, 0]]),
  classVectors("two pairs", [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]]),
  classVectors("simplex", [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]),
]

/// Class vectors of given rows, the features those of the classifier.
func classVectors(_ name: String, _ rows: [[Double]]) -> ClassVectors {
  let matrix = Matrix(rows: rows.count, columns: rows[0].count) { rows[$0][$1] }
  let labels: Labels
  do { labels = try Labels(Array(rows.indices)) } catch { preconditionFailure("\(error)") }
  return ClassVectors(
    name: name, note: "made", of: Point(classifier: matrix, features: matrix), labels: labels)
}

extension LandscapeRecord {
  /// One in which nothing was found.
  static var empty: LandscapeRecord {
    var record = LandscapeRecord.made([5, 5, 5, 5], dimension: 4, seed: 1)
    record.points = []
    return record
  }
}

private func record<Coordinate>(
  _ coordinate: Coordinate, _ measurement: Measurement
) -> Trajectory<Coordinate>.Record {
  Trajectory.Record(coordinate, measurement)
}
