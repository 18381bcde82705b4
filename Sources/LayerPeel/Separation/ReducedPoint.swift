/// A point in coordinates of its classifier's row space, scaled to a norm of about 1.
///
/// Margins, multipliers and all that is made of them depend on a feature's part inside that space
/// alone, and at a KKT point there is no other. So everything but one pass over `H` is done with
/// `r ≤ K` columns instead of `d`.
struct ReducedPoint {
  /// The class of each sample.
  let labels: Labels
  /// `W Vᵀ / u` and `H Vᵀ / u`, `K × r` and `N × r`.
  let inside: Point
  /// `V`, `r × d`: an orthonormal basis of the row space of `W`.
  let basis: Matrix
  /// `‖H - H VᵀV‖ / u`.
  let outside: Double
  /// `u`, the power of two next to `‖(W, H)‖`, so that dividing by it rounds nothing.
  let unit: Double
  /// `‖(W, H)‖ / u`.
  let norm: Double

  /// Reads a point; with it comes `A H / u`, `K × d`, for a dual matrix `A` whose columns of one
  /// class are equal, those of `dualColumns`.
  ///
  /// *Cost:* one pass over `H`, in which it is multiplied by four `K × d` matrices; `K² d` for the
  /// basis.
  static func read(
    _ point: Point, labels: Labels, dualColumns: Matrix
  ) -> (point: ReducedPoint, pull: Matrix) {
    let basis = RowSpace(point.classifier)
    let survey = FeatureSurvey(
      point.features, labels: labels, basis: basis.vectors, dualColumns: dualColumns)
    let squares = [
      Matrix.dot(basis.coordinates, basis.coordinates),
      Matrix.dot(survey.coordinates, survey.coordinates), survey.outsideSquare,
    ]
    let length = squares.reduce(0, +).squareRoot()
    let unit = length > 0 ? Double(sign: .plus, exponent: length.exponent, significand: 1) : 1
    let reduced = ReducedPoint(
      labels: labels,
      inside: Point(
        classifier: (1 / unit) * basis.coordinates, features: (1 / unit) * survey.coordinates),
      basis: basis.vectors, outside: survey.outsideSquare.squareRoot() / unit, unit: unit,
      norm: length / unit)
    return (reduced, (1 / unit) * survey.pull)
  }

  /// `m_ij`, `K × N`, in units of `u²`; 0 where `j = y_i`, and where rounding alone could have made
  /// what is there.
  var margins: Matrix {
    var margins = inside.logits
    // Of r products and of a basis that is right to a few units in the last place.
    let rounding = 4 * Double(inside.dimension) * .ulpOfOne * inside.classifier.norm
    for i in 0..<labels.count {
      let own = margins[labels[i], i]
      let noise = rounding * length(ofFeature: i)
      for j in 0..<margins.rows {
        let margin = own - margins[j, i]
        margins[j, i] = abs(margin) > noise ? margin : 0
      }
    }
    return margins
  }

  /// `min_{j≠y_i} m_ij` of each sample, in nats, from ``margins``.
  func sampleMargins(_ margins: Matrix) -> [Double] {
    // In two steps, as u² may be beyond any double where the margin is not.
    margins.leastOffDiagonal(labels).map { $0 * unit * unit }
  }

  private func length(ofFeature i: Int) -> Double {
    let row = i * inside.dimension..<(i + 1) * inside.dimension
    return row.reduce(0) { $0 + inside.features.elements[$1] * inside.features.elements[$1] }
      .squareRoot()
  }
}

/// An orthonormal basis of a space that holds the rows of a matrix, and the matrix in it.
struct RowSpace {
  /// `r × d`, orthonormal rows, `r` the smaller side of the matrix: no direction is judged too small.
  let vectors: Matrix
  /// `rows × r`.
  let coordinates: Matrix

  init(_ matrix: Matrix) {
    let svd = ThinSVD(matrix)
    let (left, values) = (svd.left, svd.values)
    vectors = svd.right
    coordinates = Matrix(rows: matrix.rows, columns: values.count) { left[$0, $1] * values[$1] }
  }
}

/// What one pass over the features tells: they are read in blocks that stay in the cache.
struct FeatureSurvey {
  /// `H Vᵀ`, `N × r`.
  let coordinates: Matrix
  /// `‖H - H VᵀV‖²`, summed over explicit differences.
  let outsideSquare: Double
  /// `A H`, `K × d`, `A` having the columns that `dualColumns` has for each class.
  let pull: Matrix

  init(_ features: Matrix, labels: Labels, basis: Matrix, dualColumns: Matrix) {
    let (rank, dimension, classes) = (basis.rows, features.columns, labels.classes)
    var coordinates = Matrix(rows: features.rows, columns: rank)
    var pull = Matrix(rows: classes, columns: dimension)
    var square = 0.0
    // About 1 MB of features a block, and never less than a few rows.
    let height = max(16, min(features.rows, 131_072 / dimension))
    for first in stride(from: 0, to: features.rows, by: height) {
      let rows = first..<min(first + height, features.rows)
      let range = rows.lowerBound * dimension..<rows.upperBound * dimension
      var rest = Array(features.elements[range])
      let block = features.elements.span.extracting(range)
      var target = coordinates.elements.mutableSpan
      multiply(
        block, .plain, basis.elements.span, .transposed, rows: rows.count, inner: dimension,
        columns: rank, into: &target, from: first * rank)
      let dual = Matrix(rows: rows.count, columns: classes) { i, k in
        dualColumns[k, labels[first + i]]
      }
      var sum = pull.elements.mutableSpan
      multiply(
        dual.elements.span, .transposed, block, .plain, rows: classes, inner: rows.count,
        columns: dimension, keeping: 1, into: &sum)
      var difference = rest.mutableSpan
      let inside = coordinates.elements.span.extracting(
        rows.lowerBound * rank..<rows.upperBound * rank)
      multiply(
        inside, .plain, basis.elements.span, .plain, rows: rows.count, inner: rank,
        columns: dimension, scale: -1, keeping: 1, into: &difference)
      square += dotProduct(rest.span, rest.span)
    }
    (self.coordinates, self.pull, outsideSquare) = (coordinates, pull, square)
  }
}
