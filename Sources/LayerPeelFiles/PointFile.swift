public import LayerPeel

/// A point of the model in a safetensors file, with the label of each sample.
///
/// *Arrays:* `W` (`K × d`), `H` (`N × d`), both F32 or F64; `labels` (`N`, any integer type, any
/// order). Other arrays are ignored, but for `bias`, which is noticed.
public struct PointFile: Sendable {
  /// `W` and `H`.
  public let point: Point
  /// One a row of `H`.
  public let labels: Labels
  /// Whether the file also has a `bias`, without which its logits are not those of the network.
  public let hasBias: Bool
  /// Free text about the file; empty where it has none.
  public let metadata: [String: String]

  /// Reads the file at `path`.
  ///
  /// Shapes are checked before values are read.
  public init(path: String) throws(FileError) {
    let file = try SafetensorsFile(path: path)
    let classifier = try PointFile.entry("W", "a K × d array of F32 or F64", .matrix, in: file)
    let features = try PointFile.entry("H", "an N × d array of F32 or F64", .matrix, in: file)
    let labels = try PointFile.entry("labels", "an array of N integers", .list, in: file)
    self.labels = try PointFile.labels(labels, in: file)
    try PointFile.check(classifier, features, against: self.labels, path: path)
    let count = classifier.count + features.count
    try checkMemory(for: path, count: count, stride: MemoryLayout<Double>.stride)
    point = Point(
      classifier: try PointFile.matrix(classifier, in: file),
      features: try PointFile.matrix(features, in: file))
    hasBias = file.entry(named: "bias") != nil
    metadata = file.metadata
  }
}

// MARK: - One array

extension PointFile {
  private enum Kind {
    case matrix, list

    func admits(_ entry: SafetensorsFile.Entry) -> Bool {
      switch self {
      case .matrix: entry.shape.count == 2 && [.float32, .float64].contains(entry.type)
      case .list: entry.shape.count == 1 && entry.type.isInteger
      }
    }
  }

  private static func entry(
    _ name: String, _ expected: String, _ kind: Kind, in file: SafetensorsFile
  ) throws(FileError) -> SafetensorsFile.Entry {
    guard let entry = file.entry(named: name) else {
      let names = file.entries.map(\.name).sorted().joined(separator: ", ")
      throw .malformed(
        path: file.path, place: "array \(name)", expected: expected,
        found: "none; the file has \(names.isEmpty ? "no array" : names)",
        cure: "save it under this name")
    }
    guard kind.admits(entry) else {
      throw .malformed(
        path: file.path, place: "array \(name)", expected: expected,
        found: "\(inWords(entry.shape)) of \(entry.type.rawValue)", cure: "convert it before saving"
      )
    }
    return entry
  }

  private static func matrix(
    _ entry: SafetensorsFile.Entry, in file: SafetensorsFile
  ) throws(FileError) -> Matrix {
    let elements = try file.doubles(entry)
    let columns = entry.shape[1]
    if let i = elements.firstIndex(where: { !$0.isFinite }) {
      throw .malformed(
        path: file.path, place: "array \(entry.name), entry (\(i / columns), \(i % columns))",
        expected: "a finite number", found: "\(elements[i])",
        cure: "save the point before it diverges")
    }
    return Matrix(rows: entry.shape[0], columns: columns, elements: elements)
  }

  private static func labels(
    _ entry: SafetensorsFile.Entry, in file: SafetensorsFile
  ) throws(FileError) -> Labels {
    let values = try file.integers(entry)
    do { return try Labels(values) } catch { throw .badLabels(path: file.path, error) }
  }
}

// MARK: - Together

extension PointFile {
  private static func check(
    _ classifier: SafetensorsFile.Entry, _ features: SafetensorsFile.Entry, against labels: Labels,
    path: String
  ) throws(FileError) {
    let isTransposed = features.shape[0] != labels.count && features.shape[1] == labels.count
    let dimension = features.shape[isTransposed ? 0 : 1]
    guard dimension > 0 else {
      throw .malformed(
        path: path, place: "array H", expected: "at least one column",
        found: inWords(features.shape), cure: "save the features themselves")
    }
    try check(
      features, [labels.count, dimension], "(\(labels.count) labels)", path: path)
    try check(
      classifier, [labels.classes, dimension],
      "(labels of \(labels.classes) classes, H of \(dimension) columns)", path: path)
  }

  private static func check(
    _ entry: SafetensorsFile.Entry, _ shape: [Int], _ reason: String, path: String
  ) throws(FileError) {
    guard entry.shape != shape else { return }
    let isTransposed = entry.shape == shape.reversed()
    throw .malformed(
      path: path, place: "array \(entry.name)", expected: "\(inWords(shape)) \(reason)",
      found: (isTransposed ? "its transpose, " : "") + inWords(entry.shape),
      cure: isTransposed ? "transpose it before saving" : "save arrays that belong together")
  }
}

extension SafetensorsFile.ElementType {
  fileprivate var isInteger: Bool {
    ![.bool, .float16, .bfloat16, .float32, .float64].contains(self)
  }
}

private func inWords(_ shape: [Int]) -> String {
  switch shape.count {
  case 0: "a single value"
  case 1: "\(shape[0]) values"
  default: shape.map(String.init).joined(separator: " × ")
  }
}
