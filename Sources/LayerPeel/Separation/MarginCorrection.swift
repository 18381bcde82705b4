extension ActiveConstraints {
  /// A least-squares solution of `J Δ₂ = -c`, and what it leaves.
  struct Correction {
    let solution: Point
    /// `-c - J Δ₂`; 0 but for rounding where the equations are consistent.
    let residual: [Double]
    /// `‖c‖`.
    let norm: Double
  }

  /// The least-norm `Δ₂` with `J Δ₂ = -(c_{y_i} - c_j)` for changes `c` of the logits, `K × N`.
  ///
  /// Conjugate gradients on the normal equations, from zero: they stay in the row space of `J`. What
  /// `J` shrinks below `damping` of its size counts as its null space.
  func leastCorrection(at point: Point, curvature: Matrix, damping: Double) -> Correction {
    let jacobian = jacobian(at: point)
    var rest = jacobian.differences(gathered(curvature)).map { -$0 }
    let norm = rest.euclideanNorm
    var gradient = jacobian.pull(rest)
    var (direction, square) = (gradient, Point.dot(gradient, gradient))
    var solution = 0 * gradient
    var shift: Double?
    let goal = square * 1e-24
    for _ in 0..<500 where square > goal {
      let image = jacobian.changes(along: direction)
      let (stretch, length) = (dot(image, image), Point.dot(direction, direction))
      let damping = shift ?? damping * damping * stretch / length
      shift = damping
      let curvature = stretch + damping * length
      guard curvature > 0 else { break }
      solution = solution + (square / curvature) * direction
      rest.add(-square / curvature, image)
      gradient = jacobian.pull(rest) - damping * solution
      let next = Point.dot(gradient, gradient)
      direction = gradient + (next / square) * direction
      square = next
    }
    var features = Matrix(rows: point.features.rows, columns: point.dimension)
    for (n, i) in samples.enumerated() {
      for j in 0..<point.dimension { features[i, j] = solution.features[n, j] }
    }
    return Correction(
      solution: Point(classifier: solution.classifier, features: features), residual: rest,
      norm: norm)
  }
}
