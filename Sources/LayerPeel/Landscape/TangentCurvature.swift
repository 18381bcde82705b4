/// Curvatures of the loss on its sphere, along unit tangent vectors, all divided by the loss.
///
/// They are eigenvalues of `Π (∇²L + μ) Π / L` on the tangent space. The least of them is never
/// below `(μ - σ)/L`, at any point of the sphere: `∇²L` is a positive semidefinite matrix plus one
/// with eigenvalues `±` the singular values of `G`.
struct TangentCurvature: Hashable, Sendable {
  /// The least curvature.
  let lowest: Double
  /// `‖B v - λ v‖` of it: an eigenvalue is this close.
  let error: Double
  /// The largest in size.
  let largest: Double
  /// How many equal the least, to 1e-6 of the largest; nil where they were not counted.
  let multiplicity: Int?
  /// How many are below minus the resolution; nil where they were not counted.
  let index: Int?
  /// How many are zero to the resolution; nil where they were not counted.
  let nullity: Int?
  /// A unit tangent vector of the least curvature.
  let direction: [Double]
  /// The size up to which a curvature counts as zero.
  let resolution: Double

  /// Curvatures at a point of the sphere.
  ///
  /// - Parameter noise: The part of the resolution that does not come from the largest curvature.
  init(_ loss: SphereLoss, noise: Double, settings: CriticalPoint.Settings) {
    let hessian = TangentHessian(loss)
    let matrix = TangentCurvature.matrix(hessian, point: loss.point)
    let count = hessian.count
    let (values, vectors) = matrix.symmetricEigen
    // The point's own direction was lifted above all others.
    let tangent = loss.point.norm > 0 ? values.dropLast() : values[...]
    lowest = tangent[0]
    largest = tangent.reduce(0) { max($0, abs($1)) }
    direction = Array(vectors.elements[..<count])
    error = hessian.residual(of: direction, value: values[0])
    let resolution = noise + 256 * .ulpOfOne * largest
    self.resolution = resolution
    let equal = values[0] + 1e-6 * largest
    multiplicity = tangent.count { $0 <= equal }
    index = tangent.count { $0 < -resolution }
    nullity = tangent.count { abs($0) <= resolution }
  }

  /// The operator as a matrix, its one radial direction lifted above every eigenvalue.
  private static func matrix(_ hessian: TangentHessian, point: Point) -> Matrix {
    let count = hessian.count
    var matrix = Matrix(rows: count, columns: count)
    var (unit, column) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    for i in 0..<count {
      unit[i] = 1
      var span = column.mutableSpan
      hessian.multiply(unit.span, into: &span)
      unit[i] = 0
      for j in 0..<count {  // half to each of two entries that rounding tells apart
        matrix[i, j] += column[j] / 2
        matrix[j, i] += column[j] / 2
      }
    }
    let squaredNorm = Point.dot(point, point)
    guard squaredNorm > 0 else { return matrix }
    let flat = point.classifier.elements + point.features.elements
    let lift = 2 * max(matrix.norm, .leastNormalMagnitude) / squaredNorm
    for i in 0..<count { for j in 0..<count { matrix[i, j] += lift * flat[i] * flat[j] } }
    return matrix
  }
}

extension TangentHessian {
  /// `‖B v - λ v‖` for a unit vector.
  func residual(of vector: [Double], value: Double) -> Double {
    var product = [Double](repeating: 0, count: count)
    var span = product.mutableSpan
    multiply(vector.span, into: &span)
    linearSum(1, of: &span, -value, vector.span)
    return dotProduct(product.span, product.span).squareRoot()
  }
}
