import LayerPeel

extension Reproduction {
  /// Follows the flows of the model, and proves where they end.
  func followModel(_ evidence: inout Evidence, _ observer: Observer) throws {
    let balanced = try LayerPeeledModel(
      sizes: ClassSizes(classes: 4, perClass: 5), dimension: 20)
    for seed in plan.flowSeeds {
      let run = try flow(
        "gaussian, seed \(seed)", balanced, from: gaussianStart(balanced, seed: seed),
        StartDescription("gaussian", of: balanced, seed: seed, scale: 1), untilLoss, observer)
      guard let run else { return }
      evidence.gaussian.append(run.record)
      evidence.proofs += try prove(run, balanced, observer)
    }
    let unequal = try LayerPeeledModel(sizes: ClassSizes([6, 6, 2, 2]), dimension: 20)
    let imbalanced = try flow(
      "classes of 6, 6, 2, 2", unequal, from: gaussianStart(unequal, seed: 0),
      StartDescription("gaussian", of: unequal, seed: 0, scale: 1), untilLoss, observer)
    evidence.imbalanced = imbalanced?.record
    evidence.otherProofs += try prove(imbalanced, unequal, observer)

    let plane = try LayerPeeledModel(sizes: ClassSizes(classes: 4, perClass: 5), dimension: 8)
    let square = plane.squarePoint
    let inPlane = try flow(
      "square", plane, from: square, StartDescription("square", of: plane), untilLoss, observer)
    evidence.square = inPlane?.record
    evidence.otherProofs += try prove(inPlane, plane, observer)
    var escape = Flow.Settings()
    escape.logLosses = Claim.escapeLogLosses
    evidence.perturbed = try flow(
      "square, perturbed by 1e-4", plane, from: plane.perturbed(square, by: 1e-4),
      StartDescription("square", of: plane, noise: 1e-4), escape, observer
    )?.record
  }

  private var untilLoss: Flow.Settings {
    var settings = Flow.Settings()
    settings.untilLogLoss = plan.logLoss
    return settings
  }

  func gaussianStart(_ model: LayerPeeledModel, seed: UInt64) -> Point {
    var generator = SplitMix64(seed: seed)
    return model.gaussianPoint(using: &generator)
  }

  /// One flow, or none if it was cancelled beforehand.
  func flow(
    _ name: String, _ model: LayerPeeledModel, from start: Point,
    _ description: StartDescription, _ settings: Flow.Settings, _ observer: Observer
  ) throws -> (record: FlowRecord, end: Point)? {
    if observer.isCancelled() { return nil }
    let run = try Flow(model, settings: settings).run(
      from: start, progress: { observer.progress("flow: \(name)", $0.fraction) },
      isCancelled: observer.isCancelled)
    let record = FlowRecord(
      name: name, sizes: model.sizes, dimension: model.dimension,
      start: description, trajectory: run.trajectory)
    try observer.flowEnded(record)
    return (record, run.end)
  }

  /// A proof of how good the end of a flow is; none if the flow was cancelled.
  private func prove(
    _ run: (record: FlowRecord, end: Point)?, _ model: LayerPeeledModel, _ observer: Observer
  ) throws -> [ProofRecord] {
    guard let run, !observer.isCancelled() else { return [] }
    observer.progress("proof: \(run.record.name)", nil)
    let proof = try SeparationProof(point: run.end, labels: model.labels)
    if let proof { try observer.endProved(run.record.name, proof) }
    return [ProofRecord(run.record, proof)]
  }
}
