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
    let judgement = try Judgement(of: named.point(of: model), labels: model.labels)
    let escape = judgement.escape
    return KKTPointRecord(
      name: named.name, classes: named.classes, dimension: named.dimension,
      isRecognised: judgement.verdict == .notGlobal, verdict: judgement.verdict.rawValue,
      value: judgement.given.primal.number, expectedValue: named.value(perClass: perClass),
      marginRatio: judgement.given.marginRatio.number,
      stationarity: judgement.given.stationarity.number, sigma: escape?.sigma,
      predicted: escape?.predicted, measured: escape?.measured, ratioAfter: escape?.marginRatio)
  }
}
