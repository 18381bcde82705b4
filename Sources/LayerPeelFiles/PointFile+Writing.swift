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
  /// - Precondition: A label for each row of `H`.
  public static func write(
    _ point: Point, labels: Labels, precision: Precision = .double,
    metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    precondition(labels.count == point.features.rows, "a label for each row of H")
    let arrays = arrays(point, labels, precision)
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
      array("W", point.classifier, precision), array("H", point.features, precision),
      NamedArray("labels", shape: [labels.count], labels.values.map(Int.init)),
    ]
  }

  private static func array(
    _ name: String, _ matrix: Matrix, _ precision: Precision
  ) -> NamedArray {
    let shape = [matrix.rows, matrix.columns]
    return switch precision {
    case .double: NamedArray(name, shape: shape, matrix.elements)
    case .single: NamedArray(name, shape: shape, matrix.elements.map { Float($0) })
    }
  }
}
