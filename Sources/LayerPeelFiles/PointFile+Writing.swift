public import LayerPeel

extension PointFile {
  /// What the name of a file that holds a point may end in.
  public static let formats = ["safetensors"]

  /// How the entries of `W` and `H` are stored.
  public enum Precision: Hashable, Sendable {
    /// As they are.
    case double
    /// Rounded to single precision: exact for a network, which has no more.
    case single
  }

  /// Writes a point to `path`, as a whole or not at all; labels as I64.
  ///
  /// Entries that are not finite are written as they are, and refused by who reads them.
  ///
  /// - Precondition: A label for each row of `H`.
  public static func write(
    _ point: Point, labels: Labels, precision: Precision = .double,
    metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    precondition(labels.count == point.features.rows, "a label for each row of H")
    let arrays = [
      array("W", point.classifier, precision), array("H", point.features, precision),
      SafetensorsArray("labels", shape: [labels.count], labels.values.map(Int.init)),
    ]
    try SafetensorsFile.write(arrays, metadata: metadata, to: path)
  }

  private static func array(
    _ name: String, _ matrix: Matrix, _ precision: Precision
  ) -> SafetensorsArray {
    let shape = [matrix.rows, matrix.columns]
    return switch precision {
    case .double: SafetensorsArray(name, shape: shape, matrix.elements)
    case .single: SafetensorsArray(name, shape: shape, matrix.elements.map { Float($0) })
    }
  }
}
