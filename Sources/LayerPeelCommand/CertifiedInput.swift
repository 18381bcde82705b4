import LayerPeel
import LayerPeelFiles

/// The point that `certify` judges.
struct CertifiedInput {
  /// With the bias as a constant feature, if there was one.
  let point: Point
  let labels: Labels
  /// Whether there was a bias.
  let isBiasFolded: Bool
  /// The samples that were left out, where only the others are judged.
  let leftOut: Judgement.NotSeparated?

  init(_ path: String, onlySeparable: Bool) throws {
    let file = try PointFile(path: path)
    let point = file.foldingBias
    isBiasFolded = file.bias != nil
    guard onlySeparable else {
      (self.point, labels, leftOut) = (point, file.labels, nil)
      return
    }
    try LayerPeeledModel(labels: file.labels, dimension: point.dimension).validate(point)
    let separable = SeparablePart(of: point, labels: file.labels)
    guard let part = separable.part(of: point) else {
      throw FileError.malformed(
        path: path, place: "class \(separable.lostClass ?? 0)",
        expected: "a sample that separates, as only those are judged", found: "none",
        cure: "judge the whole point, without --separable-part")
    }
    (self.point, labels, leftOut) = (part.point, part.labels, separable.notSeparated)
  }

  /// Whether it can be judged at all, found out before anything is computed or written.
  func validate() throws(ModelError) {
    try LayerPeeledModel(labels: labels, dimension: point.dimension).validate(point)
    try requireMemory(Judgement.memoryNeeded(labels: labels, dimension: point.dimension))
  }
}
