/// What two points share that differ by a symmetry only, by rotations of `R^d` and permutations of
/// classes and samples that respect sizes: the loss, `μ`, the singular values of `W` and, where these
/// coincide by chance, the lengths of the class vectors.
///
/// A gradient of 1e-10 leaves errors of about 1e-8 in a point whose least curvature is 0.01; losses
/// are stationary, so theirs are squares of that. Different points that agree in all of it to 1e-6
/// would be counted as one.
struct Trait {
  let logLoss: Double
  /// `μ ρ² / L`.
  let multiplier: Double
  let singularValues: [Double]
  /// Lengths of the class vectors, in the order of the classes' sizes, then rising.
  let classNorms: [Double]
  let norm: Double
  /// Whether it belongs to the continuum `W = 1cᵀ`.
  let isFlat: Bool

  init(_ point: Point, model: LayerPeeledModel) {
    let loss = SphereLoss(model, at: point)
    norm = point.norm
    logLoss = loss.logLoss.value
    multiplier = loss.relativeMultiplier * norm * norm
    singularValues = point.classifier.singularValues
    classNorms = model.sizes.counts.enumerated()
      .map { k, count in (count, point.classifier.row(k).reduce(0) { $0 + $1 * $1 }.squareRoot()) }
      .sorted { $0 < $1 }.map(\.1)
    let classes = Double(model.labels.classes)
    let mean = point.classifier.columnSums.map { $0 / classes }
    let centred = Matrix(rows: point.classifier.rows, columns: point.dimension) {
      point.classifier[$0, $1] - mean[$1]
    }
    isFlat = norm > 0 && abs(multiplier) <= 1e-6 && centred.norm <= 1e-6 * norm
  }

  /// Whether two points are the same up to symmetry, as far as these numbers say.
  func isSame(as other: Trait) -> Bool {
    if isFlat && other.isFlat { return true }
    let size = max(norm, other.norm)
    guard size > 1e-6 else { return true }  // both are the origin
    return abs(norm - other.norm) <= 1e-6 * size && abs(logLoss - other.logLoss) <= 1e-6
      && abs(multiplier - other.multiplier) <= 1e-6 * (1 + abs(multiplier))
      && areNear(singularValues, other.singularValues, within: 1e-6 * size)
      && areNear(classNorms, other.classNorms, within: 1e-6 * size)
  }
}

private func areNear(_ a: [Double], _ b: [Double], within tolerance: Double) -> Bool {
  zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
}
