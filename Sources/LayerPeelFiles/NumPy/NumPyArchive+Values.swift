extension NumPyArchive {
  /// The values of a floating-point array, row after row, each exact.
  ///
  /// *Memory:* eight bytes a value, sixteen in Fortran order.
  public func doubles(_ entry: Entry) throws(FileError) -> [Double] {
    switch entry.type {
    case .float16: try values(entry) { Double(Float16(bitPattern: $0)) }
    case .float32: try values(entry) { Double(Float(bitPattern: $0)) }
    case .float64: try values(entry) { Double(bitPattern: $0) }
    default: throw refusal(entry, "a type among float16, float32 and float64")
    }
  }

  /// The values of an integer array, row after row.
  ///
  /// *Memory:* eight bytes a value, sixteen in Fortran order.
  public func integers(_ entry: Entry) throws(FileError) -> [Int] {
    switch entry.type {
    case .signed8: try values(entry) { Int(Int8(bitPattern: $0)) }
    case .signed16: try values(entry) { Int(Int16(bitPattern: $0)) }
    case .signed32: try values(entry) { Int(Int32(bitPattern: $0)) }
    case .signed64: try values(entry) { (bits: UInt64) in Int(bitPattern: UInt(bits)) }
    case .unsigned8: try values(entry) { (bits: UInt8) in Int(bits) }
    case .unsigned16: try values(entry) { (bits: UInt16) in Int(bits) }
    case .unsigned32: try values(entry) { (bits: UInt32) in Int(bits) }
    case .unsigned64: try signed(entry)
    default: throw refusal(entry, "an integer type")
    }
  }

  private func signed(_ entry: Entry) throws(FileError) -> [Int] {
    let bits: [UInt64] = try values(entry) { $0 }
    if let i = bits.firstIndex(where: { $0 > UInt64(Int.max) }) {
      throw .malformed(
        path: path, place: "array \(entry.name), value \(i)", expected: "an integer below 2^63",
        found: "\(bits[i])", cure: "store it as int64")
    }
    return bits.map { Int($0) }
  }

  private func refusal(_ entry: Entry, _ expected: String) -> FileError {
    .malformed(
      path: path, place: "array \(entry.name)", expected: expected, found: entry.type.rawValue,
      cure: "convert it before saving")
  }
}

// MARK: - Unpacking

extension NumPyArchive {
  /// Unpacks an array a mebibyte at a time, so that little more is in memory than its values.
  private func values<Bits: FixedWidthInteger, Value>(
    _ entry: Entry, _ value: (Bits) -> Value
  ) throws(FileError) -> [Value] {
    precondition(MemoryLayout<Bits>.size == entry.type.size, "another type than the array's")
    let isTransposed = entry.isFortranOrder && entry.shape.count > 1
    try checkMemory(
      for: path, count: entry.count, stride: (isTransposed ? 2 : 1) * MemoryLayout<Value>.stride)
    let member = try ZipMember(entry.member, in: ZipArchive(file))
    _ = try member.read(entry.dataStart)
    var values: [Value] = []
    values.reserveCapacity(entry.count)
    let size = entry.count * entry.type.size
    for first in stride(from: 0, to: size, by: 1 << 20) {
      let bytes = try member.read(min(1 << 20, size - first))
      bytes.withUnsafeBytes { buffer in
        for i in stride(from: 0, to: buffer.count, by: MemoryLayout<Bits>.size) {
          let bits = buffer.loadUnaligned(fromByteOffset: i, as: Bits.self)
          values.append(value(entry.isBigEndian ? bits.bigEndian : bits.littleEndian))
        }
      }
    }
    try member.finish()
    return isTransposed ? rowMajor(values, shape: entry.shape) : values
  }
}

/// Values whose first index varies fastest, in the order in which the last one does.
///
/// *Cost:* each is moved once.
private func rowMajor<Value>(_ values: [Value], shape: [Int]) -> [Value] {
  // Beside an extent of zero the others may be so large that no stride is a number.
  guard !values.isEmpty else { return [] }
  var strides = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() {
    strides[axis] = strides[axis + 1] * shape[axis + 1]
  }
  return [Value](unsafeUninitializedCapacity: values.count) { buffer, filled in
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    for value in values {
      (buffer.baseAddress! + place).initialize(to: value)
      var axis = 0
      index[axis] += 1
      place += strides[axis]
      while index[axis] == shape[axis], axis + 1 < shape.count {
        place += strides[axis + 1] - shape[axis] * strides[axis]
        index[axis] = 0
        axis += 1
        index[axis] += 1
      }
    }
    filled = values.count
  }
}

// MARK: - Free text

extension NumPyArchive {
  /// The longest text about a file that is read, in bytes.
  private static let longestText = 1 << 20

  /// Free text about the file: the array `metadata` of bytes, an object of strings in JSON; empty
  /// where it has none.
  ///
  /// Any other array of that name is somebody else's, and ignored.
  public var metadata: [String: String] {
    get throws(FileError) {
      guard let entry = try? entry(named: "metadata"), entry.type == .unsigned8,
        entry.shape.count == 1, entry.count <= NumPyArchive.longestText
      else { return [:] }
      let bytes = try integers(entry).map { UInt8($0) }
      var scanner = HeaderScanner(
        bytes, path: path, place: "array metadata", offset: 0, cure: "save the file again")
      return (try? scanner.texts()) ?? [:]
    }
  }
}
