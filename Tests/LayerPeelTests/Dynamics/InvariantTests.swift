import LayerPeel
import TestSupport
import Testing

/// What the flow conserves, and what never decreases along it: I1 to I6.
struct InvariantTests {
  static let cases = [
    FlowCase(seed: 1), FlowCase([2, 3, 4], dimension: 3, .gaussian(seed: 2)),
    FlowCase([6, 6, 2, 2], dimension: 5, .gaussian(seed: 3)),
    FlowCase([1, 1, 1, 1, 1], dimension: 2, .gaussian(seed: 4)),
  ]

  @Test(arguments: cases, [1e-8, 1e-11])
  func `I1 and I2 are constant to the errors of the steps`(
    _ example: FlowCase, tolerance: Double
  ) throws {
    let run = try example.run {
      $0.untilLogLoss = -1000
      $0.relativeTolerance = tolerance
    }
    let start = try example.point()
    let last = run.trajectory.last
    // A step moves the direction by `tolerance` at most, hence WᵀW - HᵀH by 2 ρ² and 1ᵀW by √K ρ
    // times that; ρ is largest at the end. No step is known to be worse than that, all are added.
    let rho = run.end.norm
    let share = Double(run.trajectory.cost.steps) * tolerance
    let rowSum = start.classifier.columnSums.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let classes = Double(example.counts.count)
    #expect(
      try #require(last[.balanceDrift].number) <= share * 2 * rho * rho / start.imbalance.norm)
    #expect(try #require(last[.rowSumDrift].number) <= share * classes.squareRoot() * rho / rowSum)
  }

  @Test(arguments: cases)
  func `drifts are those of the end, relative to the start`(_ example: FlowCase) throws {
    let run = try example.run { $0.untilLogLoss = -50 }
    let start = try example.point()
    let balance = (run.end.imbalance - start.imbalance).norm / start.imbalance.norm
    #expect(run.trajectory.last[.balanceDrift] == .value(balance))
    #expect(run.trajectory.records[0].measurement[.balanceDrift] == .value(0))
    #expect(run.trajectory.records[0].measurement[.rowSumDrift] == .value(0))
  }

  @Test func `a drift relative to nothing is absent, with the reason`() throws {
    // Neural collapse is balanced up to rounding; W = H = ±1 is so exactly.
    let model = try LayerPeeledModel(sizes: ClassSizes([1, 1]), dimension: 1)
    let pair = Matrix(rows: 2, columns: 1, elements: [1, -1])
    var settings = Flow.Settings()
    settings.untilLogLoss = -10
    let trajectory = try Flow(model, settings: settings)
      .trajectory(from: Point(classifier: pair, features: pair))
    #expect(trajectory.last[.balanceDrift] == .absent(because: "WᵀW - HᵀH is zero at the start"))
    #expect(trajectory.last[.rowSumDrift] == .absent(because: "1ᵀW is zero at the start"))
  }

  @Test(arguments: cases, [0.0, 3, 8])
  func `I3 and I5 give the speeds of the norm and of the loss`(
    _ example: FlowCase, logTime: Double
  ) throws {
    // Central differences of two widths; the error of the narrow one is a third of their distance.
    let steps = [0.02, 0.01]
    let offsets = [-steps[0], -steps[1], 0, steps[1], steps[0]]
    let run = try example.run { $0.logTimes = offsets.map { logTime + $0 } }
    let records = run.trajectory.records.dropFirst()
    func slopes(_ quantity: Quantity) throws -> (narrow: Double, error: Double) {
      let f = try records.map { try #require($0.measurement[quantity].number) }
      let (wide, narrow) = ((f[4] - f[0]) / (2 * steps[0]), (f[3] - f[1]) / (2 * steps[1]))
      // Both values carry an error of some steps of the integrator, and rounding.
      let noise = 100 * 1e-11 * (1 + abs(f[2])) / steps[1]
      return (narrow, abs(wide - narrow) + noise)
    }
    let (model, point) = try (example.model(), example.run { $0.untilLogTime = logTime }.end)
    let loss = model.logLoss(at: point)
    let weight = Double.exp(logTime + loss.value)  // t L
    // d log L/d log t = -t ‖∇L‖²/L
    let gradient = weight * Point.dot(loss.gradient, loss.gradient)
    let lossSlope = try slopes(.logLoss)
    #expect(abs(lossSlope.narrow + gradient) <= lossSlope.error)
    // d log ρ/d log t = 2 t Σ p m / ρ²
    let logits = point.logits
    var sum = 0.0
    for i in 0..<model.sizes.samples {
      let label = model.labels[i]
      for k in 0..<model.sizes.classes where k != label {
        sum += loss.ratios[k, i] * (logits[label, i] - logits[k, i])
      }
    }
    let normSlope = try slopes(.logNorm)
    #expect(abs(normSlope.narrow - 2 * weight * sum / Point.dot(point, point)) <= normSlope.error)
  }

  @Test(arguments: cases)
  func `I4: the smoothed margin never decreases below log 2, and is below the margin`(
    _ example: FlowCase
  ) throws {
    let trajectory = try example.run {
      $0.untilLogLoss = -1e4
      $0.recordsPerDecade = 400
    }.trajectory
    let records = trajectory.records.map(\.measurement).filter {
      $0[.logLoss].number! < .log(.log(2))
    }
    try #require(records.count > 100)
    let smoothed = records.map { $0[.smoothedGamma].number! }
    // A step moves the direction by 1e-11 at most, and γ̃ relatively by 2 to 4 times that.
    let tolerance = 4 * trajectory.settings.relativeTolerance
    for (a, b) in zip(smoothed, smoothed.dropFirst()) { #expect(b >= a - tolerance * abs(a)) }
    for record in records {
      let gamma = record[.gamma].number!
      // γ - γ̃ = log((e^L - 1) e^q)/ρ² ≥ 0, to rounding of log L and q.
      #expect(record[.smoothedGamma].number! <= gamma * (1 + 16 * .ulpOfOne))
    }
  }

  @Test func `I6: a start of rank 2 keeps its plane`() throws {
    let example = FlowCase([5, 5, 5, 5], dimension: 8, .square(noise: 0))
    let run = try example.run { $0.untilLogTime = 20 }
    // Columns that are sines of an arithmetic progression obey x(j+1) + x(j-1) = 2 cos(1) x(j);
    // what does not, left the plane. Rounding puts ε ρ there each step, and the flow turns it.
    let twice = 1.0806046117362795
    let rows = [run.end.classifier, run.end.features]
    var outside = 0.0
    for matrix in rows {
      for i in 0..<matrix.rows {
        for j in 1..<7 {
          outside = max(outside, abs(matrix[i, j + 1] + matrix[i, j - 1] - twice * matrix[i, j]))
        }
      }
    }
    #expect(outside <= Double(run.trajectory.cost.steps) * .ulpOfOne * run.end.norm)
    #expect(run.end.norm > 10)
  }
}
