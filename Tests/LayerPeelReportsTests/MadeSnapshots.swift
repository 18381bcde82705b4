import LayerPeel
import LayerPeelNetworks

/// Snapshots of a network whose classes collapse onto a simplex, epoch after epoch.
///
/// Before training features are Gaussian; a share `1/(1 + epoch)` of that stays. Classifier rows are
/// the class means after training, plus the same share of noise.
func madeSnapshots(
  classes: Int, perClass: Int = 8, epochs: [Int] = [0, 1, 3, 6, 12, 20, 40, 80]
) -> [Snapshot] {
  let dimension = classes + 2
  var generator = SplitMix64(seed: 1)
  let noise = { (rows: Int) in
    Matrix(rows: rows, columns: dimension) { _, _ in generator.nextCoordinate() }
  }
  let (featureNoise, rowNoise) = (noise(classes * perClass), noise(classes))
  return epochs.map { epoch in
    let share = 1 / (1 + Double(epoch))
    let simplex = { (k: Int, j: Int) in (k == j ? 1 : 0) - (j < classes ? 1 / Double(classes) : 0) }
    let features = Matrix(rows: classes * perClass, columns: dimension) { i, j in
      3 * ((1 - share) * simplex(i / perClass, j) + share * featureNoise[i, j])
    }
    let rows = Matrix(rows: classes, columns: dimension) { k, j in
      (1 - share) * simplex(k, j) + share * rowNoise[k, j]
    }
    return snapshot(
      epoch: epoch, of: features, rows, labels: (0..<classes * perClass).map { $0 / perClass })
  }
}

/// A snapshot computed in the plainest way.
private func snapshot(
  epoch: Int, of features: Matrix, _ rows: Matrix, labels: [Int]
) -> Snapshot {
  let (classes, dimension) = (rows.rows, rows.columns)
  let perClass = features.rows / classes
  let means = Matrix(rows: classes, columns: dimension) { k, j in
    (0..<perClass).reduce(0) { $0 + features[k * perClass + $1, j] } / Double(perClass)
  }
  let centre = (0..<dimension).map { j in
    (0..<classes).reduce(0) { $0 + means[$1, j] } / Double(classes)
  }
  let centred = { (m: Matrix) in
    Matrix(rows: m.rows, columns: dimension) { m[$0, $1] - centre[$1] }
  }
  let (values, vectors) = (centred(means).transposed * centred(means)).symmetricEigen
  let directions = Matrix(rows: 3, columns: dimension) { row, j in
    let i = dimension - 1 - row
    return values[i] > 1e-9 * values[dimension - 1] ? vectors[i, j] : 0
  }
  let seen = values.suffix(3).reduce(0, +) / values.reduce(0, +)
  return Snapshot(
    epoch: epoch, directions: directions, means: centred(means) * directions.transposed,
    classifier: rows * directions.transposed, features: centred(features) * directions.transposed,
    labels: labels, share: seen)
}

extension SplitMix64 {
  /// About Gaussian: twelve uniform numbers less their mean.
  fileprivate mutating func nextCoordinate() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double(next() >> 11) * 0x1p-53 }
  }
}
