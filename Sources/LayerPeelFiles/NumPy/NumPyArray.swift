/// A named array to be written to a NumPy archive.
public struct NumPyArray: Hashable, Sendable {
  /// Its name, without `.npy`.
  public let name: String
  /// How its values are stored.
  public let type: NumPyArchive.ElementType
  /// Its extents, outermost first.
  public let shape: [Int]
  /// Its values, row after row, little-endian.
  public let bytes: [UInt8]

  /// Doubles, stored as they are.
  public init(_ name: String, shape: [Int], _ values: [Double]) {
    self.init(name, .float64, shape, values.map(\.bitPattern))
  }

  /// Floats, stored as they are.
  public init(_ name: String, shape: [Int], _ values: [Float]) {
    self.init(name, .float32, shape, values.map(\.bitPattern))
  }

  /// Integers, stored in eight bytes each.
  public init(_ name: String, shape: [Int], _ values: [Int]) {
    self.init(name, .signed64, shape, values)
  }

  /// Text, stored as its bytes in UTF-8.
  public init(_ name: String, text: String) {
    self.init(name, .unsigned8, [text.utf8.count], Array(text.utf8))
  }

  private init(
    _ name: String, _ type: NumPyArchive.ElementType, _ shape: [Int],
    _ bits: [some FixedWidthInteger]
  ) {
    precondition(bits.count == shape.reduce(1, *), "\(bits.count) values, shape \(shape)")
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bits.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }
}

extension NumPyArchive {
  /// Writes `arrays` to `path`, as a whole or not at all.
  ///
  /// Equal arrays give equal bytes: members are stored as they are, in this order, and dated
  /// 1980-01-01. Each is what `numpy.save` writes, its data starting at a multiple of 64 bytes.
  ///
  /// - Precondition: At least one array, and no name twice.
  public static func write(_ arrays: [NumPyArray], to path: String) throws(FileError) {
    precondition(!arrays.isEmpty, "an archive without members is no file")
    precondition(Set(arrays.map(\.name)).count == arrays.count, "a name occurs twice")
    let members = arrays.map { (name: "\($0.name).npy", bytes: header(of: $0) + $0.bytes) }
    try OutputFile.write(ZipArchive.content(of: members), to: path)
  }

  /// The header in version 1.0, as NumPy pads it since 1.23.
  private static func header(of array: NumPyArray) -> [UInt8] {
    let order = array.type.size == 1 ? "|" : "<"
    let extents = array.shape.map(String.init)
    let shape = extents.joined(separator: ", ") + (extents.count == 1 ? "," : "")
    // Room for the first extent to grow in place to any 64-bit number.
    let room = extents.isEmpty ? 0 : 21 - extents[0].utf8.count
    let dictionary =
      "{'descr': '\(order)\(array.type.code)', 'fortran_order': False, 'shape': (\(shape)), }"
    let text = Array(dictionary.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: room)
    let padding = 64 - (10 + text.count + 1) % 64
    let length = text.count + padding + 1
    precondition(length <= UInt16.max, "more extents than a header holds")
    return [0x93] + Array("NUMPY".utf8) + [1, 0]
      + [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
      + text + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
  }
}
