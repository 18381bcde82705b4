internal import LayerPeel

/// An object with a key for each part; matrices are arrays of their rows.
extension Snapshot: Codable {
  private enum CodingKeys: String, CodingKey {
    case epoch, directions, means, classifier, features, labels, share
  }

  /// Writes every part.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(directions.asRows, forKey: .directions)
    try container.encode(means.asRows, forKey: .means)
    try container.encode(classifier.asRows, forKey: .classifier)
    try container.encode(features.asRows, forKey: .features)
    try container.encode(labels, forKey: .labels)
    try container.encode(share, forKey: .share)
  }

  /// Reads what `encode(to:)` wrote.
  ///
  /// - Throws: `DecodingError` where parts are missing or their shapes do not fit together.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func matrix(_ key: CodingKeys, rows: Int? = nil, columns: Int? = nil) throws -> Matrix {
      let all = try container.decode([[Double]].self, forKey: key)
      let width = columns ?? all.first?.count ?? 0
      guard rows ?? all.count == all.count, all.allSatisfy({ $0.count == width }) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "expected \(rows ?? all.count) rows of \(width) numbers")
      }
      return Matrix(rows: all.count, columns: width, elements: all.flatMap { $0 })
    }
    let labels = try container.decode([Int].self, forKey: .labels)
    let means = try matrix(.means, columns: 3)
    guard labels.allSatisfy({ 0 <= $0 && $0 < means.rows }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .labels, in: container,
        debugDescription: "expected classes from 0 to \(means.rows - 1)")
    }
    self.init(
      epoch: try container.decode(Int.self, forKey: .epoch),
      directions: try matrix(.directions, rows: 3), means: means,
      classifier: try matrix(.classifier, rows: means.rows, columns: 3),
      features: try matrix(.features, rows: labels.count, columns: 3), labels: labels,
      share: try container.decode(Double.self, forKey: .share))
  }
}

extension Matrix {
  fileprivate var asRows: [[Double]] { (0..<rows).map { Array(row($0)) } }
}
