public import LayerPeel

extension PointFile {
  /// What the name of a file that holds a point may end in.
  public static let formats = ["safetensors", "npz"]

  /// How the entries of `W` and `H` are stored.
  public enum Precision: Hashable, Sendable {
    /// As they are.
    case double
    /// Rounded to single precision: exact for a network, which has no more.
    case single
  }

  /// Writes a point to `path`, as a whole or not at all: as a NumPy archive where the name ends in
  /// `.npz`, else as a safetensors file; labels as 64-bit integers.
  ///
  /// An archive has the free text, if there is any, as JSON in an array `metadata` of bytes.
  /// Entries that are not finite are written as they are, and refused by who reads them.
  ///
  /// - Parameters:
  ///   - point: `W` and `H`.
  ///   - bias: `b`, an entry for each row of `W`; nil where the classifier has none.
  ///   - labels: `y_i`.
  ///   - precision: How entries are stored.
  ///   - metadata: Free text about it.
  ///   - path: Where.
  /// - Precondition: A label for each row of `H`, an entry of `b` for each of `W`.
  public static func write(
    _ point: Point, bias: [Double]? = nil, labels: Labels, precision: Precision = .double,
    metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    precondition(labels.count == point.features.rows, "a label for each row of H")
    precondition(bias == nil || bias!.count == point.classifier.rows, "a bias for each row of W")
    let biases = bias.map { [array("bias", [$0.count], $0, precision)] } ?? []
    let arrays = arrays(point, labels, precision) + biases
    if path.lowercased().hasSuffix(".npz") {
      let text = metadata.isEmpty ? [] : [NamedArray("metadata", text: jsonText(of: metadata))]
      try NumPyArchive.write(arrays + text, to: path)
    } else {
      try SafetensorsFile.write(arrays, metadata: metadata, to: path)
    }
  }

  private static func arrays(
    _ point: Point, _ labels: Labels, _ precision: Precision
  ) -> [NamedArray] {
    [
      array("W", point.classifier.shape, point.classifier.elements, precision),
      array("H", point.features.shape, point.features.elements, precision),
      NamedArray("labels", shape: [labels.count], labels.values.map(Int.init)),
    ]
  }

  private static func array(
    _ name: String, _ shape: [Int], _ elements: [Double], _ precision: Precision
  ) -> NamedArray {
    switch precision {
    case .double: NamedArray(name, shape: shape, elements)
    case .single: NamedArray(name, shape: shape, elements.map { Float($0) })
    }
  }
}

extension Matrix {
  fileprivate var shape: [Int] { [rows, columns] }
}
