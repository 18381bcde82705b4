internal import LayerPeel

extension TrainingRun {
  /// Measures the last layer; nil where something is not finite.
  func probe(_ test: Quality?, epoch: Int) throws(ModelError) -> Training.ProbedEpoch? {
    observer.began(.probe)
    let probe = try prober.probe(learner, epoch: epoch)
    guard probe.isFinite else { return nil }
    var measurement = probe.measurement
    measurement.merge(Measurement(of: test))
    report(.probe, samples: epoch * train.count)
    return Training.ProbedEpoch(measurement: measurement, snapshot: probe.snapshot)
  }

  /// Records what was probed after the epoch that has just been concluded.
  func note(_ probed: Training.ProbedEpoch) throws(ModelError) {
    let epoch = Epoch(state.epochs)
    state.records.append(.init(epoch, probed.measurement))
    if let snapshot = probed.snapshot { state.snapshots.append(snapshot) }
    if state.zeroErrorEpoch == state.epochs, let logLoss = probed.measurement[.logLoss].number {
      state.events.append(.init(.terminalPhase, at: epoch, logLoss: logLoss))
    }
    state.probes = Training.ProbeState(
      epoch: state.epochs, parameters: state.parameters, reference: prober.reference)
    observer.probed(try result(.interrupted, isEnd: false))
    report(.probe, samples: state.epochs * train.count)  // What the observer did belongs to it.
  }

  /// Gives the observer a checkpoint; whether training may go on.
  func save() throws(ModelError) -> Bool {
    if observer.pointEpochs.contains(state.epochs) {
      observer.point(state.epochs, try lastLayer(), try classifierBias())
    }
    guard let save = observer.save else { return true }
    var checkpoint = state
    checkpoint.generator = generator.state
    checkpoint.velocities = try learner.allVelocities()
    checkpoint.executed = executed
    let mayGoOn = save(checkpoint)
    report(.saving, samples: state.epochs * train.count)
    return mayGoOn
  }

  /// What there is so far, ended for a reason.
  func result(_ termination: Termination, isEnd: Bool) throws(ModelError) -> Training.Run {
    let wantsEnd = isEnd ? observer.wantsEnd : observer.wantsPointsOfProbes
    return Training.Run(
      trajectory: Trajectory(
        settings: settings, records: state.records, events: state.events,
        termination: termination, cost: state.cost),
      end: wantsEnd ? try lastLayer() : nil,
      endBias: wantsEnd ? try classifierBias() : nil,
      parameters: isEnd ? state.parameters : [], audit: audit, snapshots: state.snapshots,
      best: state.best)
  }

  /// The last layer over the training set as it is now, in double and all in memory.
  private func lastLayer() throws(ModelError) -> Point {
    if state.probes.epoch == state.epochs, let point = prober.point() { return point }
    let (d, classes) = (training.architecture.dimension, training.architecture.classes)
    var features = Matrix(rows: train.count, columns: d)
    try learner.evaluate(train) { first, rows, _ -> Bool in
      for i in rows.indices { features.elements[first * d + i] = Double(rows[i]) }
      return true
    }
    let weight = try learner.classifierWeight().map(Double.init)
    return Point(
      classifier: Matrix(rows: classes, columns: d, elements: weight), features: features)
  }

  private func classifierBias() throws(ModelError) -> [Double]? {
    try learner.classifierBias()?.map(Double.init)
  }

  /// What was done to each group of parameters, before a checkpoint and since.
  private var executed: [ExecutedGroup] {
    let since = learner.executed.map { $0.following(executedBefore) }
    return since.isEmpty ? executedBefore : since
  }

  private var audit: Training.Audit {
    let terminal = state.records.filter { record in
      state.zeroErrorEpoch.map { record.coordinate.number > $0 } ?? false
    }
    return Training.Audit(
      groups: executed, normalization: training.architecture.normalization,
      momentum: settings.momentum, batchSize: settings.batchSize, samples: train.count,
      augmentation: settings.augmentation, schedule: settings.schedule,
      firstRate: state.epochs > 0 ? settings.rate(in: 0) : nil,
      lastRate: state.epochs > 0 ? settings.rate(in: state.epochs - 1) : nil,
      epochs: state.epochs, zeroErrorEpoch: state.zeroErrorEpoch,
      terminalProbes: terminal.count,
      terminalProbesWithErrors: terminal.count { $0.measurement[.trainError].number != 0 })
  }
}

extension Training {
  /// What was found at a probe.
  struct ProbedEpoch {
    let measurement: Measurement
    let snapshot: Snapshot?

    /// Whether every training sample was classified rightly.
    var hasNoErrors: Bool { measurement[.trainError].number == 0 }
  }
}

extension Training.Checkpoint {
  /// Before anything was recorded.
  init(at generator: UInt64, parameters: [ParameterValues]) {
    self.init(
      epochs: 0, generator: generator, parameters: parameters, velocities: [],
      probes: Training.ProbeState(epoch: 0, parameters: parameters, reference: nil), records: [],
      events: [], snapshots: [], cost: Cost(), executed: [], zeroErrorEpoch: nil,
      value: nil, best: Training.Best(epoch: 0, value: nil))
  }
}

extension Measurement {
  /// How the test set was classified.
  fileprivate init(of test: Quality?) {
    self.init()
    guard let test else {
      for key in [.testLoss, .testError] as [Quantity] {
        self[key] = .absent(because: "no test set")
      }
      return
    }
    self[.testLoss] = Reading(test.meanLoss, otherwise: "the test loss is not finite")
    self[.testError] = .value(test.errorShare)
  }
}

extension ParameterValues {
  /// Whether training can go on from here.
  var isFinite: Bool { elements.allSatisfy { $0.isFinite } }
}
