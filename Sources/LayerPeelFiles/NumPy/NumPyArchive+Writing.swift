extension NumPyArchive {
  /// Writes `arrays` to `path`, as a whole or not at all.
  ///
  /// Equal arrays give equal bytes: members are stored as they are, in this order, and dated
  /// 1980-01-01. Each is what `numpy.save` writes, its data starting at a multiple of 64 bytes.
  ///
  /// - Precondition: At least one array, and no name twice.
  public static func write(_ arrays: [NamedArray], to path: String) throws(FileError) {
    precondition(!arrays.isEmpty, "an archive without members is no file")
    precondition(Set(arrays.map(\.name)).count == arrays.count, "a name occurs twice")
    let members = arrays.map { (name: "\($0.name).npy", bytes: header(of: $0) + $0.bytes) }
    try OutputFile.write(ZipArchive.content(of: members), to: path)
  }

  /// The header in version 1.0, as NumPy pads it since 1.23.
  private static func header(of array: NamedArray) -> [UInt8] {
    let type = array.type.numPy
    let order = type.size == 1 ? "|" : "<"
    let extents = array.shape.map(String.init)
    let shape = extents.joined(separator: ", ") + (extents.count == 1 ? "," : "")
    // Room for the first extent to grow in place to any 64-bit number.
    let room = extents.isEmpty ? 0 : 21 - extents[0].utf8.count
    let dictionary =
      "{'descr': '\(order)\(type.code)', 'fortran_order': False, 'shape': (\(shape)), }"
    let text = Array(dictionary.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: room)
    let padding = 64 - (10 + text.count + 1) % 64
    let length = text.count + padding + 1
    precondition(length <= UInt16.max, "more extents than a header holds")
    return [0x93] + Array("NUMPY".utf8) + [1, 0]
      + [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
      + text + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
  }
}

extension NamedArray.ElementType {
  fileprivate var numPy: NumPyArchive.ElementType {
    switch self {
    case .byte: .unsigned8
    case .integer: .signed64
    case .single: .float32
    case .double: .float64
    }
  }
}
