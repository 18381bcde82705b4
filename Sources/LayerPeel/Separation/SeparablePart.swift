/// The samples of a point that are on their side: with the others left out, it separates.
public struct SeparablePart: Hashable, Sendable {
  /// Their rows in `H`, rising.
  public let samples: [Int]
  /// The samples that are left out.
  public let notSeparated: Judgement.NotSeparated
  /// The first class of which no sample is left, if any: without it the problem is another.
  public let lostClass: Int?
  private let labels: Labels

  /// Finds the samples with a positive margin; one that rounding alone could have made counts as 0,
  /// as in a ``Judgement``.
  ///
  /// *Cost:* one pass over `H`, and work on `K × N` matrices.
  ///
  /// - Precondition: The point passed ``LayerPeeledModel/validate(_:)``.
  public init(of point: Point, labels: Labels) {
    let nothing = Matrix(rows: labels.classes, columns: labels.classes)
    let (reduced, _) = ReducedPoint.read(point, labels: labels, dualColumns: nothing)
    let margins = reduced.sampleMargins(reduced.margins)
    let samples = margins.indices.filter { margins[$0] > 0 }
    var counts = [Int](repeating: 0, count: labels.classes)
    for i in samples { counts[labels[i]] += 1 }
    self.samples = samples
    self.labels = labels
    notSeparated = Judgement.NotSeparated(margins)
    lostClass = counts.firstIndex(of: 0)
  }

  /// That part of the point, and its labels; nil where a class is lost.
  public func part(of point: Point) -> (point: Point, labels: Labels)? {
    guard lostClass == nil, let left = try? Labels(samples.map { labels[$0] }) else { return nil }
    if samples.count == labels.count { return (point, labels) }
    let features = Matrix(
      rows: samples.count, columns: point.dimension,
      elements: samples.flatMap { point.features.row($0) })
    return (Point(classifier: point.classifier, features: features), left)
  }
}
