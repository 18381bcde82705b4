public import LayerPeel

/// A point of the model in a safetensors file or a NumPy archive, with the label of each sample.
///
/// *Arrays:* `W` (`K × d`) and either `H` or `features` (`N × d`), both of floating-point numbers
/// of 16, 32 or 64 bits; `labels` (`N`, any integer type, any order);
/// optionally `bias` (`K`, floating-point). Other arrays are ignored.
public struct PointFile: Sendable {
  /// `W` and `H`.
  public let point: Point
  /// One a row of `H`.
  public let labels: Labels
  /// `b`, one entry a class, without which the logits are not those of the network; or none.
  public let bias: [Double]?
  /// Free text about the file; empty where it has none.
  public let metadata: [String: String]

  /// Reads the file at `path`; what is in it says which of the two formats it has.
  ///
  /// Shapes are checked before values are read.
  public init(path: String) throws(FileError) {
    let file = try InputFile(path: path, cure: "name a .safetensors or .npz file that exists")
    if try PointFile.isArchive(file) {
      try self.init(NumPyArchive(file))
    } else {
      try self.init(SafetensorsFile(file))
    }
  }

  private init(_ file: some ArrayFile) throws(FileError) {
    let classifier = try PointFile.entry(["W"], .classifier, in: file)
    let features = try PointFile.entry(["H", "features"], .features, in: file)
    let labels = try PointFile.entry(["labels"], .labels, in: file)
    try PointFile.check(features, rows: labels.count, path: file.path)
    self.labels = try PointFile.labels(labels, in: file)
    try PointFile.check(classifier, features, of: self.labels, path: file.path)
    let count = classifier.count + features.count
    try checkMemory(for: file.path, count: count, stride: MemoryLayout<Double>.stride)
    point = Point(
      classifier: try PointFile.matrix(classifier, in: file),
      features: try PointFile.matrix(features, in: file))
    bias = try PointFile.bias(classes: self.labels.classes, in: file)
    metadata = try file.metadata
  }

  /// Whether the file is a zip archive; one whose start is damaged is known by its name.
  ///
  /// The signature of a zip file would be a safetensors header of 67 MB.
  private static func isArchive(_ file: InputFile) throws(FileError) -> Bool {
    let start = try file.read(0..<min(9, file.size))
    if start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x50, 0x4B, 5, 6]) {
      return true
    }
    return file.path.lowercased().hasSuffix(".npz") && start.dropFirst(8) != [UInt8(ascii: "{")]
  }
}

extension PointFile {
  /// The point with the bias as a constant feature: `W' = [W | b]` and `H' = [H | 1]`, so that
  /// `W' H'ᵀ = W Hᵀ + b 1ᵀ` and `d' = d + 1`; the point itself where there is no bias.
  ///
  /// The bias then has a norm like everything else: `ρ'² = ρ² + ‖b‖² + N`. Margins are those of
  /// the network, but ratios of margin to `ρ²` become smaller, and the constant column is judged
  /// as if it were free.
  public var foldingBias: Point {
    guard let bias else { return point }
    return Point(
      classifier: widened(point.classifier) { bias[$0] },
      features: widened(point.features) { _ in 1 }
    )
  }
}

/// The matrix with one more column, whose entry in row `i` is `entry(i)`.
private func widened(_ matrix: Matrix, _ entry: (Int) -> Double) -> Matrix {
  var elements: [Double] = []
  elements.reserveCapacity(matrix.rows * (matrix.columns + 1))
  for i in 0..<matrix.rows {
    elements += matrix.row(i)
    elements.append(entry(i))
  }
  return Matrix(rows: matrix.rows, columns: matrix.columns + 1, elements: elements)
}

// MARK: - One array

extension PointFile {
  /// What a point needs.
  private enum Part: String {
    case classifier = "a K × d array of floating-point numbers"
    case features = "an N × d array of floating-point numbers"
    case labels = "an array of N integers"
    case bias = "an array of K floating-point numbers"

    func admits(_ entry: some ArrayEntry) -> Bool {
      switch self {
      case .classifier, .features: entry.shape.count == 2 && entry.isFloatingPoint
      case .labels: entry.shape.count == 1 && entry.isInteger
      case .bias: entry.shape.count == 1 && entry.isFloatingPoint
      }
    }
  }

  /// The one of these names that is there; of two nobody can say which is meant.
  private static func entry<File: ArrayFile>(
    _ names: [String], _ part: Part, in file: File
  ) throws(FileError) -> File.Entry {
    let given = names.filter(file.names.contains)
    guard given.count < 2 else {
      throw .malformed(
        path: file.path, place: "arrays \(given.joined(separator: " and "))",
        expected: "one of them, \(part.rawValue)", found: "both", cure: "save only the one you mean"
      )
    }
    for name in names {
      if let entry = try entry(name, part, in: file) { return entry }
    }
    let others =
      file.names.sorted().prefix(20).joined(separator: ", ") + (file.names.count > 20 ? ", …" : "")
    let areWeights = file.names.contains { $0.hasSuffix("classifier.weight") }
    throw .malformed(
      path: file.path, place: "array \(names[0])", expected: part.rawValue,
      found: "none; the file has \(others.isEmpty ? "no array" : others)",
      cure: areWeights
        ? "these are a network's weights: `layerpeel train --save-point FILE`, with --resume for a "
          + "run that is kept, writes its last layer"
        : "save it as \(names.joined(separator: " or "))")
  }

  private static func entry<File: ArrayFile>(
    _ name: String, _ part: Part, in file: File
  ) throws(FileError) -> File.Entry? {
    guard let entry = try file.entry(named: name) else { return nil }
    guard part.admits(entry) else {
      throw .malformed(
        path: file.path, place: "array \(name)", expected: part.rawValue,
        found: "\(inWords(entry.shape)) of \(entry.typeName)", cure: "convert it before saving")
    }
    return entry
  }

  private static func matrix<File: ArrayFile>(
    _ entry: File.Entry, in file: File
  ) throws(FileError) -> Matrix {
    let elements = try file.doubles(entry)
    let columns = entry.shape[1]
    try checkFinite(elements, path: file.path) { i in
      "array \(entry.name), entry (\(i / columns), \(i % columns))"
    }
    return Matrix(rows: entry.shape[0], columns: columns, elements: elements)
  }

  private static func labels<File: ArrayFile>(
    _ entry: File.Entry, in file: File
  ) throws(FileError) -> Labels {
    let values = try file.integers(entry)
    do { return try Labels(values) } catch { throw .badLabels(path: file.path, error) }
  }

  private static func bias(classes: Int, in file: some ArrayFile) throws(FileError) -> [Double]? {
    guard let entry = try entry("bias", .bias, in: file) else { return nil }
    try check(entry, [classes], "(labels of \(classes) classes)", path: file.path)
    let values = try file.doubles(entry)
    try checkFinite(values, path: file.path) { i in "array bias, entry \(i)" }
    return values
  }

  private static func checkFinite(
    _ values: [Double], path: String, _ place: (Int) -> String
  ) throws(FileError) {
    guard let i = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .malformed(
      path: path, place: place(i), expected: "a finite number", found: "\(values[i])",
      cure: "save the point before it diverges")
  }
}

// MARK: - Together

extension PointFile {
  /// The columns of `features`, transposed or not.
  private static func dimension(_ features: some ArrayEntry, rows: Int) -> Int {
    let isTransposed = features.shape[0] != rows && features.shape[1] == rows
    return features.shape[isTransposed ? 0 : 1]
  }

  private static func check(
    _ features: some ArrayEntry, rows: Int, path: String
  ) throws(FileError) {
    // What is wrong with no labels at all is not their number.
    guard rows > 0 else { return }
    let dimension = dimension(features, rows: rows)
    try check(features, [rows, dimension], "(\(rows) labels)", path: path)
  }

  private static func check(
    _ classifier: some ArrayEntry, _ features: some ArrayEntry, of labels: Labels, path: String
  ) throws(FileError) {
    let dimension = features.shape[1]
    guard dimension > 0 else {
      throw .malformed(
        path: path, place: "array \(features.name)", expected: "at least one column",
        found: inWords(features.shape), cure: "save the features themselves")
    }
    try check(
      classifier, [labels.classes, dimension],
      "(labels of \(labels.classes) classes, \(features.name) of \(dimension) columns)", path: path)
  }

  private static func check(
    _ entry: some ArrayEntry, _ shape: [Int], _ reason: String, path: String
  ) throws(FileError) {
    guard entry.shape != shape else { return }
    let isTransposed = shape.count > 1 && entry.shape == shape.reversed()
    throw .malformed(
      path: path, place: "array \(entry.name)", expected: "\(inWords(shape)) \(reason)",
      found: (isTransposed ? "its transpose, " : "") + inWords(entry.shape),
      cure: isTransposed ? "transpose it before saving" : "save arrays that belong together")
  }
}

private func inWords(_ shape: [Int]) -> String {
  switch shape.count {
  case 0: "a single value"
  case 1: "\(shape[0]) values"
  default: shape.map(String.init).joined(separator: " × ")
  }
}
