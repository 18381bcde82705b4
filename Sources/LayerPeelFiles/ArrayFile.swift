/// A file of named arrays, in whichever format: what a point is read from.
protocol ArrayFile {
  associatedtype Entry: ArrayEntry

  /// Where it is, as the user wrote it.
  var path: String { get }
  /// The names of all arrays.
  var names: [String] { get }
  /// Free text about the file; empty where it has none.
  var metadata: [String: String] { get throws(FileError) }

  /// The array of this name, if there is one.
  func entry(named name: String) throws(FileError) -> Entry?
  /// The values of a floating-point array, row after row, each exact.
  func doubles(_ entry: Entry) throws(FileError) -> [Double]
  /// The values of an integer array, row after row.
  func integers(_ entry: Entry) throws(FileError) -> [Int]
}

/// What a file says of one of its arrays.
protocol ArrayEntry {
  var name: String { get }
  /// Its extents, outermost first; empty for a single value.
  var shape: [Int] { get }
  /// How many values it has.
  var count: Int { get }
  /// What the format calls its type.
  var typeName: String { get }
  var isFloatingPoint: Bool { get }
  var isInteger: Bool { get }
}

extension SafetensorsFile: ArrayFile {
  var names: [String] { entries.map(\.name) }
}

extension SafetensorsFile.Entry: ArrayEntry {
  var typeName: String { type.rawValue }
  var isFloatingPoint: Bool { [.float16, .bfloat16, .float32, .float64].contains(type) }
  var isInteger: Bool { type != .bool && !isFloatingPoint }
}

extension NumPyArchive: ArrayFile {}

extension NumPyArchive.Entry: ArrayEntry {
  var typeName: String { type.rawValue }
  var isFloatingPoint: Bool { [.float16, .float32, .float64].contains(type) }
  var isInteger: Bool { !isFloatingPoint }
}

/// Bytes of an array whose entries take `size` each, or nothing where no memory could hold them.
func byteCount(of shape: [Int], size: Int) -> Int? {
  if shape.contains(0) { return 0 }
  var bytes = size
  for extent in shape {
    let product = bytes.multipliedReportingOverflow(by: extent)
    guard !product.overflow else { return nil }
    bytes = product.partialValue
  }
  return bytes
}
