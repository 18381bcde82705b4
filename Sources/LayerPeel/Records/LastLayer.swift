/// A classifier and features that are read block by block: a point too large to be one.
///
/// A bias `b` is part of the logits and so of margins and losses. Where the point itself is judged
/// (norms, margin ratios, certificate) it is a feature that is 1 for every sample, `W' = (W b)` and
/// `H' = (H 1)`; collapse metrics and invariants are those of `W` and `H`.
package struct LastLayer {
  /// `W`, `K × d`.
  package let classifier: Matrix
  /// `b`, if there is one.
  package let bias: [Double]?
  /// `H`.
  package let features: any FeatureBlocks
  /// `y_i`.
  package let labels: Labels
  /// `μ_k`, `K × d`.
  package let means: Matrix
  /// `W Hᵀ + b 1ᵀ`, `K × N`.
  package let logits: Matrix
  /// `log L`.
  package let logLoss: Double
  /// `q_min`, in nats.
  package let leastMargin: Double
  /// `A = G / L`, `K × N`.
  package let ratios: Matrix

  /// Reads the features once, for class means and logits.
  ///
  /// *Cost:* one product of `K × N × d`, one exponential a logit.
  package init(
    classifier: Matrix, bias: [Double]?, features: any FeatureBlocks, labels: Labels
  ) {
    precondition(features.count == labels.count && features.dimension == classifier.columns)
    var sums = ClassSums(labels: labels, dimension: features.dimension)
    var logits = Matrix(rows: classifier.rows, columns: labels.count)
    var block: [Double] = []
    for range in features.blocks {
      features.withRows(range) { rows in
        sums.add(rows, range)
        block.fill(productOf: classifier, with: rows, count: range.count)
      }
      for k in 0..<logits.rows {
        let constant = bias?[k] ?? 0
        for (j, i) in range.enumerated() {
          logits.elements[k * labels.count + i] = block[k * range.count + j] + constant
        }
      }
    }
    (self.classifier, self.bias, self.features) = (classifier, bias, features)
    (self.labels, self.logits, means) = (labels, logits, sums.means)
    (logLoss, leastMargin, ratios) = CrossEntropy.ratios(
      logits: logits, labels: labels.values)
  }

  /// Whether every feature, and every logit, is finite.
  package var isFinite: Bool {
    logLoss.isFinite && means.elements.allSatisfy { $0.isFinite }
      && logits.elements.allSatisfy { $0.isFinite }
  }
}

extension LastLayer {
  /// What a measurement of the point is made of, from a second pass, and a third where every sample
  /// is on its side.
  ///
  /// *Cost:* `N d²` multiplications for the invariants, three products of `K × N × d`.
  package func figures() -> (PointFigures, ClassStatistics, classifierGradient: Matrix) {
    var scatter = ClassScatter(labels: labels, means: means)
    var gradient = Matrix(rows: classifier.rows, columns: classifier.columns)
    var gram = Matrix(rows: classifier.columns, columns: classifier.columns)
    for range in features.blocks {
      features.withRows(range) { rows in
        scatter.add(rows, range)
        addGram(of: rows, rows: range.count, columns: gram.rows, to: &gram)
        addGradient(rows, range, to: &gradient)
      }
    }
    let squares =
      (0..<gram.rows).reduce(0) { $0 + gram[$1, $1] } + (bias == nil ? 0 : Double(labels.count))
    let norm = Matrix.dot(classifier, classifier) + (bias.map { dot($0, $0) } ?? 0) + squares
    let imbalance = classifier.transposed * classifier - gram.mirrored
    let figures = PointFigures(
      logLoss: logLoss, leastMargin: leastMargin, squaredNorm: norm,
      nuclearNorm: logits.nuclearNorm,
      bound: Certificate.dualBound(ratios: ratios, labels: labels),
      certificate: certificate(gradient, squaredNorm: norm),
      invariants: Invariants(imbalance: imbalance, rowSum: classifier.columnSums))
    return (figures, scatter.statistics, gradient)
  }

  /// `A H`, the gradient of `log L` with respect to `W`, from one pass.
  ///
  /// *Cost:* a product of `K × N × d`.
  package var classifierGradient: Matrix {
    var gradient = Matrix(rows: classifier.rows, columns: classifier.columns)
    for range in features.blocks {
      features.withRows(range) { addGradient($0, range, to: &gradient) }
    }
    return gradient
  }

  private func addGradient(
    _ rows: Span<Double>, _ range: Range<Int>, to gradient: inout Matrix
  ) {
    var block: [Double] = []
    block.fill(columns: range, of: ratios)
    var sum = gradient.elements.mutableSpan
    multiply(
      block.span, .plain, rows, .plain, rows: ratios.rows, inner: range.count,
      columns: classifier.columns, keeping: 1, into: &sum)
  }

  /// The gradient's part of a bias, `A 1`.
  private var biasGradient: [Double] {
    (0..<ratios.rows).map { ratios.row($0).reduce(0, +) }
  }

  private func certificate(_ gradient: Matrix, squaredNorm: Double) -> Certificate? {
    let norm = squaredNorm.squareRoot()
    let slopes = FeatureGradient(ratios: ratios, classifier: classifier, bias: bias)
    let biasGradient = bias == nil ? [] : biasGradient
    let slope =
      (Matrix.dot(gradient, gradient) + dot(biasGradient, biasGradient) + slopes.squaredNorm)
      .squareRoot()
    guard leastMargin > 0, norm > 0, slope > 0 else { return nil }
    var residual = squaredNormOfSum(1 / norm, classifier, 1 / slope, gradient)
    if let bias {
      for k in bias.indices {
        let r = bias[k] / norm + biasGradient[k] / slope
        residual += r * r
      }
      for s in slopes.ofConstant { residual += (1 / norm + s / slope) * (1 / norm + s / slope) }
    }
    for range in features.blocks {
      let gradients = slopes.rows(range)
      features.withRows(range) {
        residual += LayerPeel.squaredNorm(1 / norm, $0, 1 / slope, gradients.span)
      }
    }
    return Certificate(
      stationarity: residual.squareRoot(),
      complementarity: scaledExcess(ratios, labels: labels, leastMargin: leastMargin) {
        logits[labels[$1], $1] - logits[$0, $1]
      },
      primal: squaredNorm / (2 * leastMargin))
  }

  private func squaredNormOfSum(_ a: Double, _ x: Matrix, _ b: Double, _ y: Matrix) -> Double {
    LayerPeel.squaredNorm(a, x.elements.span, b, y.elements.span)
  }
}

/// `Aᵀ W`, the model's gradient with respect to the features, a few rows at a time.
package struct FeatureGradient {
  private let ratios: Matrix
  private let classifier: Matrix
  private let bias: [Double]?

  /// That of given ratios, `K × N`, and classifier, `K × d`.
  package init(ratios: Matrix, classifier: Matrix, bias: [Double]? = nil) {
    (self.ratios, self.classifier, self.bias) = (ratios, classifier, bias)
  }

  /// The rows of samples `range`.
  package func rows(_ range: Range<Int>) -> [Double] {
    var block: [Double] = []
    block.fill(columns: range, of: ratios)
    var rows = [Double](repeating: 0, count: range.count * classifier.columns)
    var span = rows.mutableSpan
    multiply(
      block.span, .transposed, classifier.elements.span, .plain, rows: range.count,
      inner: ratios.rows, columns: classifier.columns, into: &span)
    return rows
  }

  /// The gradient of a constant feature, `Aᵀ b`, one a sample; none without a bias.
  var ofConstant: [Double] {
    guard let bias else { return [] }
    return (ratios.transposed * Matrix(rows: bias.count, columns: 1, elements: bias)).elements
  }

  /// `‖Aᵀ W‖² = ⟨A Aᵀ, W Wᵀ⟩`, the constant feature's part included; of centred rows, as `Aᵀ 1 = 0`
  /// and what they have in common would cost digits.
  var squaredNorm: Double {
    let (constant, rows) = (ofConstant, classifier.centred)
    return Matrix.dot(ratios * ratios.transposed, rows * rows.transposed)
      + dot(constant, constant)
  }
}

extension [Double] {
  /// Becomes columns `range` of a matrix, row by row.
  fileprivate mutating func fill(columns range: Range<Int>, of matrix: Matrix) {
    if count != matrix.rows * range.count {
      self = Array(repeating: 0, count: matrix.rows * range.count)
    }
    for k in 0..<matrix.rows {
      let start = k * matrix.columns + range.lowerBound
      for j in 0..<range.count { self[k * range.count + j] = matrix.elements[start + j] }
    }
  }

  /// Becomes `matrix · rowsᵀ`, `matrix.rows × count`.
  fileprivate mutating func fill(productOf matrix: Matrix, with rows: Span<Double>, count n: Int) {
    if count != matrix.rows * n { self = Array(repeating: 0, count: matrix.rows * n) }
    var span = mutableSpan
    multiply(
      matrix.elements.span, .plain, rows, .transposed, rows: matrix.rows, inner: matrix.columns,
      columns: n, into: &span)
  }
}

extension Matrix {
  /// The symmetric matrix whose upper triangle this has.
  fileprivate var mirrored: Matrix {
    Matrix(rows: rows, columns: columns) { $0 <= $1 ? self[$0, $1] : self[$1, $0] }
  }
}
