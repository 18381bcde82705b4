import LayerPeel

extension Reproduction {
  /// The KKT points that are judged: every partition of four to six classes into blocks, and
  /// polygons with one dimension to leave their plane.
  static let kktPoints: [NamedKKTPoint] =
    [[2, 2], [3, 2], [2, 2, 2], [3, 3], [4, 2]].map(NamedKKTPoint.blocks)
    + (4...8).map { .polygon(classes: $0, dimension: 3) }
  /// Polygons that cannot leave their plane; they decide nothing.
  static let planePolygons = (4...8).map { NamedKKTPoint.polygon(classes: $0, dimension: 2) }
  private static let perClass = 5

  /// Judges the named KKT points.
  func judgeKKTPoints(_ evidence: inout Evidence, _ observer: Observer) throws {
    for (index, point) in Reproduction.kktPoints.enumerated() {
      if observer.isCancelled() { return }
      observer.progress("KKT points", Double(index) / Double(Reproduction.kktPoints.count))
      evidence.kktPoints.append(try record(of: point))
    }
    evidence.planePolygons = try Reproduction.planePolygons.map(record)
    try observer.pointsJudged(evidence.kktPoints + evidence.planePolygons)
  }

  private func record(of named: NamedKKTPoint) throws -> KKTPointRecord {
    let perClass = Reproduction.perClass
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: named.classes, perClass: perClass), dimension: named.dimension)
    let point = named.point(of: model)
    let judgement = try Judgement(of: point, labels: model.labels)
    let descent = try descent(from: point, of: model)
    let escape = judgement.escape
    return KKTPointRecord(
      name: named.name, classes: named.classes, dimension: named.dimension,
      isRecognised: judgement.verdict == .notGlobal, verdict: judgement.verdict.rawValue,
      value: judgement.given.primal.number, expectedValue: named.value(perClass: perClass),
      marginRatio: judgement.given.marginRatio.number,
      stationarity: judgement.given.stationarity.number, sigma: escape?.sigma,
      predicted: escape?.predicted, measured: escape?.measured, ratioAfter: escape?.marginRatio,
      index: descent?.index, ratioAtEnd: descent?.ratio)
  }

  /// The index of a point and the margin ratio at the end of its descent, at the norm of the
  /// landscapes; nil where it is not critical for the loss, as blocks that are not equal are not.
  private func descent(
    from point: Point, of model: LayerPeeledModel
  ) throws -> (index: Int?, ratio: Double?)? {
    let radius = model.radius()
    let critical = try CriticalPoint(model, at: (radius / point.norm) * point, name: "")
    guard critical.verdict != .notCritical else { return nil }
    let landscape = Landscape(model, settings: Landscape.Settings(level: .radius(radius)))
    let escape = try landscape.escape(from: critical)
    return (critical.index, escape.destination?.marginRatio.number)
  }
}
