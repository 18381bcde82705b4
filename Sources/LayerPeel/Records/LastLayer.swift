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
    let shares = features.inShares {
      Scores(sums: ClassSums(labels: labels, dimension: classifier.columns), classifier, $0)
    } _: {
      $0.add($1, $2)
    }
    let sums = shares.dropFirst().reduce(into: shares[0].sums) { $0.add($1.sums) }
    let logits = shares.logits(bias: bias, classes: labels.classes)
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
    let scatter = ClassScatter(labels: labels, means: means)
    let (classes, d) = (classifier.rows, classifier.columns)
    let shares = features.inShares {
      Sums(
        scatter: scatter.share(of: $0), gradient: Matrix(rows: classes, columns: d),
        gram: Matrix(rows: d, columns: d))
    } _: { share, rows, range in
      share.scatter.add(rows, range)
      addGram(of: rows, rows: range.count, columns: d, to: &share.gram)
      addWeightedRows(rows, ratios, range, to: &share.gradient)
    }
    let sum = shares.dropFirst().reduce(into: shares[0]) { $0.add($1) }
    let (gram, gradient) = (sum.gram, sum.gradient)
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
    return (figures, sum.scatter.statistics, gradient)
  }

  /// `A H`, the gradient of `log L` with respect to `W`, from one pass.
  ///
  /// *Cost:* a product of `K × N × d`.
  package var classifierGradient: Matrix {
    let shares = features.inShares { _ in
      Matrix(rows: classifier.rows, columns: classifier.columns)
    } _: {
      addWeightedRows($1, ratios, $2, to: &$0)
    }
    return shares.dropFirst().reduce(shares[0], +)
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
    let shares = features.inShares { _ in
      0.0
    } _: {
      $0 += slopes.residual($1, $2, scale: 1 / norm, slope: 1 / slope)
    }
    residual += shares.reduce(0, +)
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

/// `Aᵀ W`, the model's gradient with respect to the features, which is never stored.
private struct FeatureGradient {
  private let ratios: Matrix
  private let classifier: Matrix
  private let bias: [Double]?

  /// That of given ratios, `K × N`, and classifier, `K × d`.
  init(ratios: Matrix, classifier: Matrix, bias: [Double]?) {
    (self.ratios, self.classifier, self.bias) = (ratios, classifier, bias)
  }

  /// `Σ_i ‖p h_i + q g_i‖²` over rows `h_i` of samples `range` and the gradient's `g_i`.
  func residual(
    _ rows: Span<Double>, _ range: Range<Int>, scale p: Double, slope q: Double
  ) -> Double {
    squaredNorms(p, rows, q, ratios, classifier, range).reduce(0, +)
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

/// What the first pass makes of a share of the samples.
private struct Scores {
  var sums: ClassSums
  private let classifier: Matrix
  private let samples: Range<Int>
  /// `W Hᵀ` of its samples, `K × n`.
  private var products: Matrix

  init(sums: ClassSums, _ classifier: Matrix, _ samples: Range<Int>) {
    (self.sums, self.classifier, self.samples) = (sums, classifier, samples)
    products = Matrix(rows: classifier.rows, columns: samples.count)
  }

  mutating func add(_ rows: Span<Double>, _ range: Range<Int>) {
    sums.add(rows, range)
    fillProducts(
      of: classifier, with: rows, count: range.count,
      into: &products, from: range.lowerBound - samples.lowerBound)
  }

  func logits(of k: Int, plus constant: Double) -> [Double] {
    products.row(k).map { $0 + constant }
  }
}

extension [Scores] {
  /// Those of all samples, `K × N`.
  fileprivate func logits(bias: [Double]?, classes: Int) -> Matrix {
    let elements = (0..<classes).flatMap { k in
      flatMap { $0.logits(of: k, plus: bias?[k] ?? 0) }
    }
    return Matrix(rows: classes, columns: elements.count / classes, elements: elements)
  }
}

/// What the second pass makes of a share of the samples.
private struct Sums {
  var scatter: ClassScatter
  var gradient: Matrix
  var gram: Matrix

  /// Adds what another share, of the samples after these, has.
  mutating func add(_ other: Sums) {
    scatter.add(other.scatter)
    gradient = gradient + other.gradient
    gram = gram + other.gram
  }
}

extension Matrix {
  /// The symmetric matrix whose upper triangle this has.
  fileprivate var mirrored: Matrix {
    Matrix(rows: rows, columns: columns) { $0 <= $1 ? self[$0, $1] : self[$1, $0] }
  }
}
