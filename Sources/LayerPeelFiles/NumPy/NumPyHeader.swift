/// The header of one array as NumPy writes it, checked against the length of its member.
///
/// *Format:* `\x93NUMPY`, two bytes of version, the length of what follows in two bytes (version
/// 1) or four (2 and 3), little-endian, and a Python dictionary of `descr`, `fortran_order` and
/// `shape`.
///
/// > Source: NumPy, *The NPY format* (NEP 1).
struct NumPyHeader {
  private(set) var type = NumPyArchive.ElementType.float64
  private(set) var isBigEndian = false
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []
  /// The first byte of the data.
  let dataStart: Int

  private let path: String
  private let name: String

  /// A limit of ours, in bytes; the header of a plain array takes 118.
  private static let longest = 1 << 16
  private static let cure = "it is no array of NumPy or a damaged one: save it again"

  /// Reads the header of the array `name` from the start of its member of `size` bytes.
  init(_ member: ZipMember, size: Int, name: String, path: String) throws(FileError) {
    (self.name, self.path) = (name, path)
    let start = try NumPyHeader.prefix(member, size: size, name: name, path: path)
    dataStart = start.size + start.length
    var scanner = HeaderScanner(
      try member.read(start.length), path: path, place: "array \(name), header",
      offset: start.size, cure: NumPyHeader.cure)
    try parse(&scanner)
    try checkSize(size)
  }

  /// How long the part before the dictionary is, and how long the dictionary.
  private static func prefix(
    _ member: ZipMember, size: Int, name: String, path: String
  ) throws(FileError) -> (size: Int, length: Int) {
    func refusal(_ expected: String, _ found: String) -> FileError {
      .malformed(
        path: path, place: "array \(name), header", expected: expected, found: found, cure: cure)
    }
    guard size >= 10 else { throw refusal("at least 10 bytes", "\(size)") }
    let start = try member.read(8)
    guard start.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw refusal("NumPy's signature in its first 6 bytes", "other bytes")
    }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw refusal("version 1.0, 2.0 or 3.0", "version \(start[6]).\(start[7])")
    }
    let width = start[6] == 1 ? 2 : 4
    guard size >= 8 + width else { throw refusal("at least \(8 + width) bytes", "\(size)") }
    let length = try member.read(width).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= min(longest, size - 8 - width) else {
      let most = min(longest, size - 8 - width)
      throw refusal("a length of at most \(most) bytes in byte 8", "\(length)")
    }
    return (8 + width, length)
  }
}

// MARK: - What it says

extension NumPyHeader {
  private mutating func parse(_ scanner: inout HeaderScanner) throws(FileError) {
    var keys: Set<String> = []
    try scanner.take("{")
    while let key = try scanner.nextPythonKey(after: keys.count) {
      guard keys.insert(key).inserted else {
        throw scanner.refusal("each key once", "'\(key)' again")
      }
      switch key {
      case "descr": try parseType(&scanner)
      case "fortran_order": isFortranOrder = try scanner.pythonBool()
      case "shape": shape = try scanner.pythonTuple()
      default: throw scanner.refusal("descr, fortran_order or shape", "'\(key)'")
      }
    }
    guard keys.count == 3 else {
      throw scanner.refusal("descr, fortran_order and shape", "\(keys.count) of them")
    }
    try scanner.takeEnd()
  }

  private mutating func parseType(_ scanner: inout HeaderScanner) throws(FileError) {
    scanner.skipSpace()
    guard scanner.next != UInt8(ascii: "["), scanner.next != UInt8(ascii: "(") else {
      throw refusal("a structured array")
    }
    let text = try scanner.pythonString()
    let order = text.first.flatMap { "<>=|".contains($0) ? $0 : nil }
    let code = order == nil ? text[...] : text.dropFirst()
    guard let type = NumPyArchive.ElementType(code: code) else {
      throw refusal("\(kindInWords(code.first)) (dtype '\(text.prefix(20))')")
    }
    self.type = type
    isBigEndian = order == ">"
  }

  private func refusal(_ found: String) -> FileError {
    .malformed(
      path: path, place: "array \(name)",
      expected: "numbers of type float16 to 64, int8 to 64 or uint8 to 64", found: found,
      cure: "convert it with astype before saving")
  }

  /// An array fills its member to the last byte.
  private func checkSize(_ size: Int) throws(FileError) {
    let bytes = byteCount(of: shape, size: type.size)
    guard let bytes, bytes == size - dataStart else {
      throw .malformed(
        path: path, place: "array \(name)",
        expected: "\(bytes.map(String.init) ?? "2^63 or more") bytes of data, as its shape says",
        found: "\(size - dataStart)", cure: "it is damaged: save it again")
    }
  }
}

/// What values of a kind are, by the letter that NumPy gives it.
private func kindInWords(_ letter: Character?) -> String {
  switch letter {
  case "O": "Python objects"
  case "c": "complex numbers"
  case "b", "?": "truth values"
  case "S", "a", "U": "text"
  case "V": "raw bytes or a structure"
  case "M", "m": "times"
  case "f": "floats of another size"
  default: "something else"
  }
}
