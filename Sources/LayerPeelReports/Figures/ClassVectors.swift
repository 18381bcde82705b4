import Glibc
public import LayerPeel

/// The class vectors of a point, each class's row of `W` and mean of `H`, as a figure shows them.
public struct ClassVectors: Sendable {
  /// A few words, such as `two pairs`.
  public let name: String
  /// What else is to be known of the point, such as its margin ratio; may be empty.
  public let note: String
  /// `w_k`, one a row, in units of `‖W‖/√K`.
  let classifier: Matrix
  /// The class means of `H`, one a row, in units of their norm over `√K`.
  let means: Matrix

  /// The class vectors of a point.
  ///
  /// - Parameters:
  ///   - name: A few words.
  ///   - note: What else is to be known.
  ///   - point: The point.
  ///   - labels: The classes of the rows of `H`.
  public init(name: String, note: String = "", of point: Point, labels: Labels) {
    self.name = name
    self.note = note
    classifier = point.classifier.ofMeanRowNorm1
    means = ClassStatistics(features: point.features, labels: labels).means.ofMeanRowNorm1
  }

  /// Both, one above the other.
  var rows: [[Double]] {
    [classifier, means].flatMap { matrix in (0..<matrix.rows).map { Array(matrix.row($0)) } }
  }
}

extension Matrix {
  /// Scaled so that the mean square of the rows' norms is 1; zero stays zero.
  fileprivate var ofMeanRowNorm1: Matrix {
    let size = norm
    return size > 0 ? (Double(rows).squareRoot() / size) * self : self
  }
}

/// Three principal directions of some class vectors, looked at from a little above.
///
/// Vectors that lie in a plane are seen from straight above. Directions of equal size can be turned
/// in any way: they are, so that the first class points to the right or, in space, upwards.
struct ClassVectorView {
  /// Orthonormal: to the right, away from the reader, and up; as many as there are, at most three.
  private var axes: [[Double]] = []
  /// The sine and the cosine of the angle under which the ground is seen.
  private let tilt: (sine: Double, cosine: Double)
  /// The turn of the ground.
  private static let turn = (sine: 0.342, cosine: 0.940)  // 20°

  /// The view of several points' class vectors at once.
  init(of vectors: [ClassVectors]) {
    let rows = vectors.flatMap(\.rows)
    let principal = PrincipalDirections(rows)
    let classes = vectors.first?.classifier.rows ?? 0
    var groups = principal.groups[...]
    while axes.count < 3, let group = groups.popFirst() {
      let wanted = group.count > 2 ? spread(rows, classes) : rows
      axes += orthonormal(wanted, within: group, atMost: 3 - axes.count)
    }
    // A group of three stands on the ground with its first vector upwards; a single direction above
    // a group of two stands upright on that.
    let counts = principal.groups.map(\.count)
    if axes.count == 3, counts[0] > 2 || counts[0] == 1 && counts[1] > 1 {
      axes = [axes[1], axes[2], axes[0]]
    }
    tilt = axes.count < 3 ? (1, 0) : (0.469, 0.883)  // 90° and 28°
  }

  /// Whether the view is one of space, from a little above the ground.
  var hasDepth: Bool { axes.count > 2 }

  /// A vector's place in the picture.
  func place(_ vector: some Collection<Double>) -> CurvePoint {
    let along = axes.map { axis in zip(axis, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    return picture(along)
  }

  /// The place below a vector on the ground.
  func shadow(_ vector: some Collection<Double>) -> CurvePoint {
    let along = axes.prefix(2).map { axis in zip(axis, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    return picture(Array(along))
  }

  /// A circle around the origin on the ground.
  func circle(radius: Double) -> [CurvePoint] {
    (0...72).map { step in
      let angle = Double(step) * .pi / 36
      return picture([radius * cos(angle), radius * sin(angle)])
    }
  }

  /// Where coordinates along the axes are seen.
  private func picture(_ along: [Double]) -> CurvePoint {
    let (right, away, up) = (
      along.first ?? 0, along.count > 1 ? along[1] : 0, along.count > 2 ? along[2] : 0
    )
    guard hasDepth else { return CurvePoint(x: right, y: away) }
    let (s, c) = ClassVectorView.turn
    return CurvePoint(
      x: c * right - s * away, y: tilt.sine * (s * right + c * away) + tilt.cosine * up)
  }

  /// How far from the origin a set and the circle on the ground reach in the picture, sideways and
  /// upwards.
  func reach(of vectors: ClassVectors) -> (x: Double, y: Double) {
    let places = vectors.rows.map { place($0) } + circle(radius: 1)
    return (
      places.compactMap { $0.x.map(abs) }.max() ?? 0, places.compactMap { $0.y.map(abs) }.max() ?? 0
    )
  }

  /// Whether next to nothing of a set is hidden.
  func showsAll(of vectors: ClassVectors) -> Bool { share(of: vectors) > 0.995 }

  /// The share of a set's squared norm that lies along the axes.
  func share(of vectors: ClassVectors) -> Double {
    let rows = vectors.rows
    let total = rows.reduce(0) { $0 + dot($1, $1) }
    let seen = rows.reduce(0) { sum, row in
      sum + axes.reduce(0) { $0 + dot($1, row) * dot($1, row) }
    }
    return total > 0 ? seen / total : 1
  }
}

/// The first class's vector, and the others spread evenly around it: three directions in which a
/// simplex looks like one.
private func spread(_ rows: [[Double]], _ classes: Int) -> [[Double]] {
  guard let first = rows.first, classes > 2 else { return rows }
  let around = [{ cos($0) }, { sin($0) }].map { (wave: (Double) -> Double) in
    (1..<classes).reduce(into: first.map { _ in 0.0 }) { sum, k in
      let weight = wave(2 * .pi * Double(k - 1) / Double(classes - 1))
      for j in sum.indices { sum[j] += weight * rows[k][j] }
    }
  }
  return [first] + around + rows
}

/// Gram–Schmidt of the parts of `vectors` in the span of an orthonormal `basis`.
private func orthonormal(
  _ vectors: [[Double]], within basis: [[Double]], atMost count: Int
) -> [[Double]] {
  var found: [[Double]] = []
  for vector in vectors + basis where found.count < min(count, basis.count) {
    var part = vector.map { _ in 0.0 }
    for axis in basis { add(dot(axis, vector), axis, to: &part) }
    for axis in found { add(-dot(axis, part), axis, to: &part) }
    let size = dot(part, part).squareRoot()
    // What is left of a vector that already lies in the span is rounding.
    if size > 1e-3 { found.append(part.map { $0 / size }) }
  }
  return found
}

/// Principal directions in groups of equal size, the largest first.
private struct PrincipalDirections {
  private(set) var groups: [[[Double]]] = []

  init(_ rows: [[Double]]) {
    let gram = Matrix(rows: rows.count, columns: rows.count) { dot(rows[$0], rows[$1]) }
    guard rows.count > 0, gram.norm > 0 else { return }
    let (values, vectors) = gram.symmetricEigen
    let largest = values.last ?? 0
    var last = Double.infinity
    for k in values.indices.reversed() where values[k] > 1e-4 * largest {
      var direction = rows[0].map { _ in 0.0 }
      for (weight, row) in zip(vectors.row(k), rows) { add(weight, row, to: &direction) }
      let size = values[k].squareRoot()
      let unit = direction.map { $0 / size }
      if last - values[k] > 1e-3 * largest { groups.append([]) }
      groups[groups.count - 1].append(unit)
      last = values[k]
    }
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
private func add(_ factor: Double, _ a: [Double], to sum: inout [Double]) {
  for j in sum.indices { sum[j] += factor * a[j] }
}
