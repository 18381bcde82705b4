import Glibc
import LayerPeel
import LayerPeelNetworks
import Testing

/// Whether forecasts tell the truth where it is known: descent of the model itself follows its
/// flow, and distances see what they should and nothing else.
struct ForecastTests {
  private static func example() throws -> (model: LayerPeeledModel, start: Point) {
    let model = try LayerPeeledModel(sizes: ClassSizes([5, 4, 3]), dimension: 6)
    var generator = SplitMix64(seed: 11)
    return (model, model.gaussianPoint(using: &generator))
  }

  private static func probe(
    _ point: Point, epoch: Int, of model: LayerPeeledModel, start: Point
  ) -> Forecast.Probe {
    var measurer = PointMeasurer(model, start: start)
    return Forecast.Probe(
      epoch: epoch,
      state: Forecast.State(
        measurement: measurer.measure(point),
        geometry: ClassGeometry(of: point, labels: model.labels)))
  }

  /// Full-batch descent of the model by plain steps, probed at the times 1, 2, …, 20.
  private static func descent(
    _ model: LayerPeeledModel, from start: Point, stepsPerUnit: Int
  ) -> [Forecast.Probe] {
    var point = start
    return (1...20).map { time in
      for _ in 0..<stepsPerUnit {
        let loss = model.logLoss(at: point)
        point = point + (-exp(loss.value) / Double(stepsPerUnit)) * loss.gradient
      }
      return probe(point, epoch: time, of: model, start: start)
    }
  }

  @Test func `small plain steps of the model itself follow its forecast, smaller ones closer`()
    throws
  {
    let (model, start) = try Self.example()
    let forecast = Forecast(labels: model.labels)
    let distances = try [16, 32].map { stepsPerUnit in
      let outcome = try forecast.run(
        from: Forecast.Start(epoch: 0, point: start),
        against: Self.descent(model, from: start, stepsPerUnit: stepsPerUnit))
      #expect(outcome.comparisons.count == 20)
      return try outcome.comparisons.map { comparison in
        let way = try #require(comparison.toStart.product.number)
        let miss = try #require(comparison.toSameLoss.product.number)
        // Euler's steps stray by a share of the way that is of the order of the step.
        #expect(miss <= way / 16, "epoch \(comparison.epoch)")
        return miss
      }
    }
    // First order: half the step, half the miss; second-order terms are allowed a fifth of it.
    for (coarse, fine) in zip(distances[0], distances[1]) { #expect(fine <= 0.6 * coarse) }
  }

  /// The way since a forecast's start and what is missed of it, at the last probe that compares.
  private static func lastMiss(
    of training: Training, on samples: LabelledSamples, from epoch: Int
  ) throws -> (way: Double, miss: Double) {
    var watch = ForecastWatch([.epoch(epoch)], labels: samples.labels)
    _ = try training.run(
      on: samples, probed: { run in if let end = run.end { watch.note(run, point: end) } })
    let outcome = try Forecast(labels: samples.labels).run(
      from: try #require(watch.starts.first), against: watch.probes)
    let match = try #require(outcome.lastMatch)
    return (
      try #require(match.toStart.product.number), try #require(match.toSameLoss.product.number)
    )
  }

  @Test
  func `free features in full batches of small steps follow their forecast, a network misses`()
    throws
  {
    let labels = try Labels(sorted: ClassSizes([5, 4, 3]))
    let numbered = try LabelledSamples(
      inputs: (0..<12).map(Float.init), width: 1, labels: labels)
    var settings = Training.Settings()
    (settings.epochs, settings.batchSize, settings.momentum) = (100, 12, 0)
    // The mean loss over 12 samples: a step of 1/16 in the flow's time.
    (settings.rate, settings.schedule) = (12.0 / 16, .constant)
    let free = try Self.lastMiss(
      of: Training(.linearFeatures(dimension: 8, classes: 3), settings: settings), on: numbered,
      from: 10)
    #expect(free.way > 0.1 && free.miss <= free.way / 16)

    // Labels that mean nothing.
    let samples = try LabelledSamples(
      inputs: Formula.uniform(31, 300 * 20), width: 20,
      labels: Labels(Formula.raw(30, 300).map { Int($0 % 10) }))
    let network = try Self.lastMiss(
      of: TrainingTests.training(epochs: 60), on: samples, from: 10)
    #expect(network.way > 0.1 && network.miss > network.way / 16)
  }

  @Test func `a later loss that is less by rounding only is not a target`() throws {
    let (model, start) = try Self.example()
    var later = Self.probe(start, epoch: 1, of: model, start: start)
    var measurement = later.state.measurement
    let loss = model.logLoss(at: start).value
    measurement[.logLoss] = .value(loss.nextDown)
    later = Forecast.Probe(
      epoch: 1,
      state: Forecast.State(measurement: measurement, geometry: later.state.geometry))
    let outcome = try Forecast(labels: model.labels).run(
      from: Forecast.Start(epoch: 0, point: start), against: [later])
    #expect(outcome.comparisons.count == 1)
    #expect(outcome.comparisons[0].toSameLoss.product.number == 0)
  }

  @Test func `the flow is at no distance from its own forecast`() throws {
    let (model, start) = try Self.example()
    var settings = Flow.Settings()
    settings.logLosses = [-0.5, -1, -3]
    settings.relativeTolerance = 1e-6
    var probes: [Forecast.Probe] = []
    _ = try Flow(model, settings: settings).run(
      from: start,
      recorded: { record, point in
        probes.append(Self.probe(point, epoch: probes.count, of: model, start: start))
      })
    let outcome = try Forecast(labels: model.labels).run(
      from: Forecast.Start(epoch: 0, point: start), against: probes)
    #expect(outcome.comparisons.map(\.epoch) == [1, 2, 3])
    for comparison in outcome.comparisons {
      for (name, reading) in comparison.toSameLoss.geometry {
        // Both solve within the same tolerance of a step, over fewer than a hundred steps.
        #expect(try #require(reading.number) <= 1e-4, "\(name)")
      }
      #expect(try #require(comparison.toStart.product.number) > 0.05)
    }
    let last = try #require(outcome.trajectory.last[.marginRatio].number)
    #expect(outcome.trajectory.termination == .marginRatio && abs(last - 0.95) <= 1e-5)
  }

  @Test func `distances are zero from a state to itself, and exactly so`() throws {
    let (model, start) = try Self.example()
    let state = Self.probe(start, epoch: 0, of: model, start: start).state
    let distance = ForecastDistance(from: state, to: state)
    #expect(distance.geometry.allSatisfy { $0.reading.number == 0 })
    let differences = ForecastDistance.quantities.map { distance.differences[$0] }
    #expect(differences.allSatisfy { $0.number == 0 || $0.reason != nil })
    #expect(distance.differences[.nc1Trace].number == 0)
  }

  @Test func `geometry sees neither rotations nor scales, but which class is which`() throws {
    let (model, start) = try Self.example()
    let geometry = ClassGeometry(of: start, labels: model.labels)
    // A reflection across the hyperplane orthogonal to (1, …, 1), and other norms.
    let mirror = Matrix(rows: 6, columns: 6) { ($0 == $1 ? 1 : 0) - 1.0 / 3 }
    let turned = Point(
      classifier: 3 * (start.classifier * mirror), features: 0.1 * (start.features * mirror))
    let same = ClassGeometry(of: turned, labels: model.labels)
    let pairs = [
      (geometry.means, same.means), (geometry.classifier, same.classifier),
      (geometry.product, same.product),
    ]
    // Entries at most 1 in size, each a sum of six products of sums of six.
    for (a, b) in pairs {
      #expect((try #require(a) - (try #require(b))).norm <= 100 * Double.ulpOfOne)
    }
    let swapped = Matrix(rows: 3, columns: 6) { start.classifier[[1, 0, 2][$0], $1] }
    let other = ClassGeometry(
      of: Point(classifier: swapped, features: start.features), labels: model.labels)
    #expect((try #require(geometry.product) - (try #require(other.product))).norm > 0.1)
  }

  @Test func `at collapse all three are those of the simplex`() throws {
    let sizes = try ClassSizes(classes: 4, perClass: 3)
    let optimum = SeparationProblem(sizes: sizes).optimum(dimension: 5)
    let geometry = ClassGeometry(of: optimum, labels: Labels(sorted: sizes))
    let simplex = Matrix(rows: 4, columns: 4) {
      (($0 == $1 ? 1 : 0) - 0.25) / 3.0.squareRoot()
    }
    for gram in [geometry.means, geometry.classifier, geometry.product] {
      #expect((try #require(gram) - simplex).norm <= 1e-14)
    }
  }

  @Test func `losses that the forecast does not pass say why`() throws {
    let (model, start) = try Self.example()
    var settings = Forecast.Settings()
    settings.maximumEvaluations = 2
    let probes = [(1, 0.01), (2, 1000)].map { epoch, scale in
      Self.probe(scale * start, epoch: epoch, of: model, start: start)
    }
    let better = Self.descent(model, from: start, stepsPerUnit: 16).suffix(1)
    let outcome = try Forecast(labels: model.labels, settings: settings).run(
      from: Forecast.Start(epoch: 0, point: start), against: probes + better)
    #expect(outcome.trajectory.termination == .evaluationLimit)
    let losses = outcome.comparisons.map { $0.logLoss ?? .infinity }
    let first = model.logLoss(at: start).value
    for (comparison, loss) in zip(outcome.comparisons, losses) {
      let reason = comparison.toSameLoss.product.reason ?? ""
      #expect(reason.contains(loss > first ? "above" : "ended before"), "\(comparison.epoch)")
      #expect(comparison.toEnd.product.number != nil)
    }
  }

  @Test func `evaluations are fewer where each is dearer`() {
    var settings = Forecast.Settings()
    #expect(settings.evaluations(samples: 10_000, dimension: 64) == 20_000)
    #expect(settings.evaluations(samples: 60_000, dimension: 64) == 3333)
    #expect(settings.evaluations(samples: 60_000, dimension: 4096) == 300)
    settings.maximumEvaluations = 7
    #expect(settings.evaluations(samples: 60_000, dimension: 64) == 7)
  }

  @Test func `a watch keeps the last layers that were asked for, and every probe`() throws {
    let samples = try Formula.samples(count: 300, width: 20)
    var training = try TrainingTests.training(epochs: 20)
    var watch = ForecastWatch([.epoch(7), .firstZeroError, .end], labels: samples.labels)
    training.settings.alsoProbed = watch.epochs
    let run = try training.run(
      on: samples,
      probed: { run in
        if let end = run.end { watch.note(run, point: end) }
      })
    watch.note(run, point: try #require(run.end), isOver: true)
    let zero = try #require(run.audit.zeroErrorEpoch)
    #expect(watch.starts.map(\.epoch) == [7, zero, 20].sorted())
    let probed = run.trajectory.records.map { $0.coordinate.number }
    #expect(watch.probes.map(\.epoch) == probed && probed.contains(7))
    #expect(watch.starts.last?.point == run.end)

    let start = try #require(watch.starts.first { $0.epoch == 7 })
    let outcome = try Forecast(labels: samples.labels).run(from: start, against: watch.probes)
    #expect(outcome.comparisons.map(\.epoch) == probed.filter { $0 > 7 })
    #expect(outcome.trajectory.records[0].measurement[.logLoss].number != nil)
  }
}
