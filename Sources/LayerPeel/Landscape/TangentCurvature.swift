/// Curvatures of the loss on its sphere, along unit tangent vectors, all divided by the loss.
///
/// They are eigenvalues of `Π (∇²L + μ) Π / L` on the tangent space. The least of them is never
/// below `(μ - σ)/L`, at any point of the sphere: `∇²L` is a positive semidefinite matrix plus one
/// with eigenvalues `±` the singular values of `G`.
struct TangentCurvature: Hashable, Sendable {
  /// The least curvature.
  private(set) var lowest: Double
  /// `‖B v - λ v‖` of it: an eigenvalue is this close.
  private(set) var error: Double
  /// A unit tangent vector of the least curvature.
  private(set) var direction: [Double]
  /// The largest in size.
  private(set) var largest: Double
  /// The size up to which a curvature counts as zero.
  private(set) var resolution: Double
  /// How many equal the least, to 1e-6 of the largest; nil where they were not counted.
  private(set) var multiplicity: Int?
  /// How many are below minus the resolution; nil where they were not counted.
  private(set) var index: Int?
  /// How many are zero to the resolution; nil where they were not counted.
  private(set) var nullity: Int?

  /// Curvatures at a point of the sphere: all of them if there are few; else the least by Lanczos
  /// iteration, the others counted by inertia where that can be afforded.
  ///
  /// - Parameters:
  ///   - loss: The loss at the point.
  ///   - noise: The part of the resolution that does not come from the largest curvature.
  ///   - settings: How many unknowns are few.
  init(_ loss: SphereLoss, noise: Double, settings: CriticalPoint.Settings) {
    let hessian = TangentHessian(loss)
    if hessian.count <= max(settings.mostDenseUnknowns, 8) {
      self.init(dense: hessian, radius: loss.point.norm, noise: noise)
    } else {
      self.init(iterating: hessian, noise: noise, settings: settings)
      if hessian.count <= settings.mostCountedUnknowns { count(hessian) }
    }
  }

  /// Of a count: equal to the least means within this part of the largest.
  private static let separation = 1e-6

  /// The largest curvature that counts as equal to the least: within that part of the largest in
  /// size, yet clearly nearer to the least than to zero.
  private func equalToLowest() -> Double {
    lowest
      + max(
        resolution,
        min(TangentCurvature.separation * largest, 0.01 * abs(lowest)))
  }

  private static func resolution(noise: Double, largest: Double) -> Double {
    noise + 256 * .ulpOfOne * largest
  }

  private init(dense hessian: TangentHessian, radius: Double, noise: Double) {
    // The radial direction goes above every eigenvalue, and is dropped.
    let matrix = hessian.matrix { 2 * max($0, .leastNormalMagnitude) }
    let (all, vectors) = matrix.symmetricEigen
    let values = radius > 0 ? all.dropLast() : all[...]
    let largest = values.reduce(0) { max($0, abs($1)) }
    let resolution = TangentCurvature.resolution(noise: noise, largest: largest)
    lowest = all[0]
    self.largest = largest
    self.resolution = resolution
    direction = Array(vectors.row(0))
    error = hessian.residual(of: direction, value: all[0])
    index = values.count { $0 < -resolution }
    nullity = values.count { abs($0) <= resolution }
    let equal = equalToLowest()
    multiplicity = values.count { $0 <= equal }
  }

  private init(
    iterating hessian: TangentHessian, noise: Double, settings: CriticalPoint.Settings
  ) {
    largest = LowestEigenvalues.largestSize(
      of: { hessian.multiply($0, into: &$1) }, count: hessian.count, seed: settings.seed)
    resolution = TangentCurvature.resolution(noise: noise, largest: largest)
    var search = LowestEigenvalues.Settings()
    search.tolerance = resolution / 100
    search.separation = TangentCurvature.separation * largest
    search.seed = settings.seed
    // Where copies are counted by inertia, one is enough to see.
    search.mostCopies =
      hessian.count <= settings.mostCountedUnknowns ? 1 : max(1, settings.mostCopies)
    let size = largest
    let found = LowestEigenvalues(
      of: { hessian.multiply($0, liftingRadialBy: size, into: &$1) }, count: hessian.count,
      size: size, settings: search)
    lowest = found.pairs[0].value
    error = found.pairs[0].error
    direction = found.pairs[0].vector
    multiplicity = found.multiplicity
  }

  private mutating func count(_ hessian: TangentHessian) {
    let lift = largest
    let matrix = hessian.matrix { _ in lift }
    let negative = matrix.eigenvaluesBelow(-resolution)
    index = negative
    nullity = matrix.eigenvaluesBelow(resolution) - negative
    multiplicity = matrix.eigenvaluesBelow(equalToLowest())
  }
}
