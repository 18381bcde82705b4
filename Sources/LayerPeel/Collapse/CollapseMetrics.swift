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
    measure(
      classifier: point.classifier,
      statistics: ClassStatistics(features: point.features, labels: labels), logits: point.logits)
  }

  /// The same of features of which only the statistics are known.
  ///
  /// - Parameters:
  ///   - weights: `W`.
  ///   - statistics: Those of `H`.
  ///   - logits: `K × N`, a bias included where there is one.
  package static func measure(
    classifier weights: Matrix, statistics: ClassStatistics, logits: Matrix
  ) -> Measurement {
    let means = statistics.centredMeans
    var m = Measurement()
    m[.nc0] = .value(weights.columnSums.reduce(0) { $0 + $1 * $1 }.squareRoot())
    m.merge(variability(statistics))
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
    m[.nc4Mismatch] = .value(mismatch(logits, statistics))
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

  private static func variability(_ s: ClassStatistics) -> Measurement {
    var m = Measurement()
    let (classes, samples) = (Double(s.labels.classes), Double(s.labels.count))
    let within = s.withinSquares / samples
    let between = Matrix.dot(s.centredMeans, s.centredMeans) / classes
    let apart = "all class means coincide"
    m[.nc1Ratio] = Reading(within / between, otherwise: apart)
    m[.nc1Trace] = between > 0 ? .value(tracePerClass(s)) : .absent(because: apart)
    m[.cdnv] = cdnv(s)
    m[.nc1Within] = Reading(
      s.withinDistance / s.totalDistance, otherwise: "all features coincide")
    return m
  }

  /// `tr(Σ_W Σ_B⁺)/K` by a thin SVD of `M`; blind to what lies outside the span of `M`.
  ///
  /// With `M = U S Vᵀ`, `Σ_B⁺ = K V S^-2 Vᵀ`: the `K` of `Σ_B` and the `1/K` of the trace cancel.
  private static func tracePerClass(_ s: ClassStatistics) -> Double {
    zip(s.spanSquares, s.singularValues).reduce(0) { $0 + $1.0 / ($1.1 * $1.1) }
      / Double(s.labels.count)
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
  private static func mismatch(_ logits: Matrix, _ s: ClassStatistics) -> Double {
    let samples = logits.columns
    var largest = Array(repeating: -Double.infinity, count: samples)
    var chosen = Array(repeating: Int32(0), count: samples)
    for k in 0..<logits.rows {
      for i in 0..<samples where logits.elements[k * samples + i] > largest[i] {
        (largest[i], chosen[i]) = (logits.elements[k * samples + i], Int32(k))
      }
    }
    return Double(zip(chosen, s.nearest).count { $0 != $1 }) / Double(samples)
  }
}
