internal import Glibc

/// The metrics of neural collapse at one point, each a reading under its JSON key.
///
/// `μ_k` are class means, `μ_G` their *unweighted* mean, `M` the `K × d` matrix of centred means,
/// `v_k` mean squared distances to the class mean (no Bessel correction), `P = I - 11ᵀ/K`. `Σ_W` is
/// averaged over samples, `Σ_B` over classes. Every `weights` metric and both `nc3` exist for `W`
/// as given and, suffix `_centered`, for rows `w_k - 1ᵀW/K`. An unrelated pair scores `√2` on
/// `nc3_*`.
///
/// > Sources: Papyan, Han & Donoho, PNAS 2020; Galanti, György & Hutter, ICLR 2022 (`cdnv`).
public enum CollapseMetrics {
  /// Every collapse metric of a point.
  ///
  /// *Cost:* a few passes over the features, three products of `K × N × d`, one thin SVD of
  /// `K × d`.
  public static func measure(_ point: Point, labels: Labels) -> Measurement {
    let statistics = ClassStatistics(features: point.features, labels: labels)
    let means = statistics.centredMeans
    let weights = point.classifier
    var m = Measurement()
    m[.nc0] = .value(weights.columnSums.reduce(0) { $0 + $1 * $1 }.squareRoot())
    m.merge(variability(statistics, features: point.features))
    m[.nc2MeansNorm] = normVariation(means, of: "class means")
    m[.nc2MeansAngle] = angleDeviation(means, of: "class mean")
    m[.nc2MeansEtf] = simplexDistance(means * means.transposed, of: "class means")
    m.merge(
      classifier(
        weights, means,
        [
          .nc2WeightsNorm, .nc2WeightsAngle, .nc2WeightsEtf, .nc3Duality, .nc3Product,
        ]))
    m.merge(
      classifier(
        weights.centred, means,
        [
          .nc2WeightsNormCentered, .nc2WeightsAngleCentered, .nc2WeightsEtfCentered,
          .nc3DualityCentered, .nc3ProductCentered,
        ]))
    m[.nc4Mismatch] = .value(mismatch(point, statistics))
    return m
  }

  /// The metrics of a classifier, as given or centred, in the order norm, angle, ETF, duality,
  /// product.
  private static func classifier(
    _ weights: Matrix, _ means: Matrix, _ keys: [Quantity]
  ) -> Measurement {
    var m = Measurement()
    m[keys[0]] = normVariation(weights, of: "classifier rows")
    m[keys[1]] = angleDeviation(weights, of: "classifier row")
    m[keys[2]] = simplexDistance(weights * weights.transposed, of: "classifier rows")
    m[keys[3]] = duality(weights, means)
    m[keys[4]] = simplexDistance(weights * means.transposed, of: "products W Mᵀ")
    return m
  }

  private static func variability(_ s: ClassStatistics, features: Matrix) -> Measurement {
    var m = Measurement()
    let (classes, samples) = (Double(s.labels.classes), Double(s.labels.count))
    let within = Matrix.dot(s.residuals, s.residuals) / samples
    let between = Matrix.dot(s.centredMeans, s.centredMeans) / classes
    let apart = "all class means coincide"
    m[.nc1Ratio] = Reading(within / between, otherwise: apart)
    m[.nc1Trace] = between > 0 ? .value(tracePerClass(s)) : .absent(because: apart)
    m[.cdnv] = cdnv(s)
    m[.nc1Within] = withinRatio(s, features: features)
    return m
  }

  /// `tr(Σ_W Σ_B⁺)/K` by a thin SVD of `M`; blind to what lies outside the span of `M`.
  ///
  /// With `M = U S Vᵀ`, `Σ_B⁺ = K V S^-2 Vᵀ`. Singular values count above `1e-13` of the largest,
  /// at most `K - 1` of them.
  private static func tracePerClass(_ s: ClassStatistics) -> Double {
    let svd = ThinSVD(s.centredMeans)
    let rank = min(s.labels.classes - 1, svd.values.count { $0 > 1e-13 * svd.values[0] })
    let directions = Matrix(
      rows: rank, columns: svd.right.columns,
      elements: Array(svd.right.elements[..<(rank * svd.right.columns)]))
    let parts = s.residuals * directions.transposed
    var squares = [Double](repeating: 0, count: rank)
    for i in 0..<parts.rows { for k in 0..<rank { squares[k] += parts[i, k] * parts[i, k] } }
    // The K of Σ_B and the 1/K of the trace cancel.
    return (0..<rank).reduce(0) {
      $0 + squares[$1] / (svd.values[$1] * svd.values[$1])
    } / Double(s.labels.count)
  }

  /// Mean over pairs of classes of `(v_i + v_j)/2 / ‖μ_i - μ_j‖²`.
  private static func cdnv(_ s: ClassStatistics) -> Reading {
    var (sum, pairs) = (0.0, 0.0)
    for i in 0..<s.labels.classes {
      for j in 0..<i {
        let distance = zip(s.means.row(i), s.means.row(j)).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        guard distance > 0 else {
          return .absent(because: "the means of classes \(j) and \(i) coincide")
        }
        sum += (s.variances[i] + s.variances[j]) / 2 / distance
        pairs += 1
      }
    }
    return Reading(sum / pairs, otherwise: "the class means nearly coincide")
  }

  /// Mean distance of samples to their class mean over their mean distance to `μ_G`.
  private static func withinRatio(_ s: ClassStatistics, features: Matrix) -> Reading {
    let global = s.means.columnSums.map { $0 / Double(s.means.rows) }
    let d = features.columns
    var (within, total) = (0.0, 0.0)
    for i in 0..<features.rows {
      var (a, b) = (0.0, 0.0)
      for j in i * d..<(i + 1) * d {
        let centred = features.elements[j] - global[j - i * d]
        a += s.residuals.elements[j] * s.residuals.elements[j]
        b += centred * centred
      }
      within += a.squareRoot()
      total += b.squareRoot()
    }
    return Reading(within / total, otherwise: "all features coincide")
  }

  /// Standard deviation (population) over mean of the norms of the rows.
  private static func normVariation(_ matrix: Matrix, of what: String) -> Reading {
    let norms = matrix.rowNorms
    let mean = norms.reduce(0, +) / Double(norms.count)
    let variance = norms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(norms.count)
    return Reading(variance.squareRoot() / mean, otherwise: "all \(what) are zero")
  }

  /// Mean over pairs of rows of `|cos + 1/(K - 1)|`.
  private static func angleDeviation(_ matrix: Matrix, of what: String) -> Reading {
    let norms = matrix.rowNorms
    if let k = norms.firstIndex(of: 0) {
      return .absent(because: "\(what) \(k) is zero and has no angle")
    }
    let gram = matrix * matrix.transposed
    let classes = matrix.rows
    var sum = 0.0
    for i in 0..<classes {
      for j in 0..<i { sum += abs(gram[i, j] / norms[i] / norms[j] + 1 / Double(classes - 1)) }
    }
    return .value(sum / Double(classes * (classes - 1) / 2))
  }

  /// `‖G/‖G‖_F - P/√(K - 1)‖_F` of a `K × K` matrix of inner products.
  private static func simplexDistance(_ gram: Matrix, of what: String) -> Reading {
    let (norm, classes) = (gram.norm, gram.rows)
    guard norm > 0 else { return .absent(because: "all \(what) are zero") }
    let simplex = Matrix(rows: classes, columns: classes) { i, j in
      ((i == j ? 1 : 0) - 1 / Double(classes)) / Double(classes - 1).squareRoot()
    }
    return .value(((1 / norm) * gram - simplex).norm)
  }

  /// `‖W/‖W‖_F - M/‖M‖_F‖_F`.
  private static func duality(_ weights: Matrix, _ means: Matrix) -> Reading {
    let (a, b) = (weights.norm, means.norm)
    guard a > 0, b > 0 else {
      return .absent(because: a > 0 ? "all class means coincide" : "the classifier is zero")
    }
    return .value(((1 / a) * weights - (1 / b) * means).norm)
  }

  /// Share of samples whose largest logit is not that of their nearest class mean.
  ///
  /// Distances are sums of squared differences: expanded squares go wrong with large offsets.
  private static func mismatch(_ point: Point, _ s: ClassStatistics) -> Double {
    let (samples, d) = (point.features.rows, point.dimension)
    let logits = point.features * point.classifier.transposed
    var mismatches = 0
    for i in 0..<samples {
      var (nearest, least) = (0, Double.infinity)
      var (chosen, largest) = (0, -Double.infinity)
      for k in 0..<s.labels.classes {
        var distance = 0.0
        for j in 0..<d {
          let difference = point.features.elements[i * d + j] - s.means.elements[k * d + j]
          distance += difference * difference
        }
        if distance < least { (nearest, least) = (k, distance) }
        if logits[i, k] > largest { (chosen, largest) = (k, logits[i, k]) }
      }
      if nearest != chosen { mismatches += 1 }
    }
    return Double(mismatches) / Double(samples)
  }
}
