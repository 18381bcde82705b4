extension SafetensorsFile {
  /// The values of a floating-point array, row after row, each exact.
  ///
  /// *Memory:* eight bytes a value.
  public func doubles(_ entry: Entry) throws(FileError) -> [Double] {
    switch entry.type {
    case .float16: try values(entry) { Double(Float16(bitPattern: $0)) }
    case .bfloat16: try values(entry) { Double(single(brain: $0)) }
    case .float32: try values(entry) { Double(Float(bitPattern: $0)) }
    case .float64: try values(entry) { Double(bitPattern: $0) }
    default: throw refusal(entry, "a dtype among F64, F32, F16, BF16")
    }
  }

  /// The values of a floating-point array of at most single precision, row after row, each exact.
  ///
  /// *Memory:* four bytes a value.
  public func floats(_ entry: Entry) throws(FileError) -> [Float] {
    switch entry.type {
    case .float16: try values(entry) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: try values(entry) { single(brain: $0) }
    case .float32: try values(entry) { Float(bitPattern: $0) }
    default: throw refusal(entry, "a dtype among F32, F16, BF16")
    }
  }

  /// The values of an integer array, row after row.
  ///
  /// *Memory:* eight bytes a value.
  public func integers(_ entry: Entry) throws(FileError) -> [Int] {
    switch entry.type {
    case .unsigned8: try values(entry) { (bits: UInt8) in Int(bits) }
    case .signed8: try values(entry) { Int(Int8(bitPattern: $0)) }
    case .signed16: try values(entry) { Int(Int16(bitPattern: $0)) }
    case .unsigned16: try values(entry) { (bits: UInt16) in Int(bits) }
    case .signed32: try values(entry) { Int(Int32(bitPattern: $0)) }
    case .unsigned32: try values(entry) { (bits: UInt32) in Int(bits) }
    case .signed64: try values(entry) { (bits: UInt64) in Int(bitPattern: UInt(bits)) }
    case .unsigned64: try signed(entry)
    default: throw refusal(entry, "an integer dtype")
    }
  }

  private func signed(_ entry: Entry) throws(FileError) -> [Int] {
    let bits: [UInt64] = try values(entry) { $0 }
    if let i = bits.firstIndex(where: { $0 > UInt64(Int.max) }) {
      throw .malformed(
        path: path, place: "array \"\(entry.name)\", value \(i)",
        expected: "an integer below 2^63", found: "\(bits[i])", cure: "store it as I64")
    }
    return bits.map { Int($0) }
  }

  /// Reads an array a mebibyte at a time, so that little more is in memory than its values.
  private func values<Bits: FixedWidthInteger, Value>(
    _ entry: Entry, _ value: (Bits) -> Value
  ) throws(FileError) -> [Value] {
    precondition(MemoryLayout<Bits>.size == entry.type.size, "another type than the array's")
    try checkMemory(for: path, count: entry.count, stride: MemoryLayout<Value>.stride)
    var values: [Value] = []
    values.reserveCapacity(entry.count)
    let (start, end) = (dataStart + entry.range.lowerBound, dataStart + entry.range.upperBound)
    for first in stride(from: start, to: end, by: 1 << 20) {
      let bytes = try file.read(first..<min(first + 1 << 20, end))
      bytes.withUnsafeBytes { buffer in
        for i in stride(from: 0, to: buffer.count, by: MemoryLayout<Bits>.size) {
          values.append(
            value(Bits(littleEndian: buffer.loadUnaligned(fromByteOffset: i, as: Bits.self))))
        }
      }
    }
    return values
  }

  private func refusal(_ entry: Entry, _ expected: String) -> FileError {
    .malformed(
      path: path, place: "array \"\(entry.name)\"", expected: expected, found: entry.type.rawValue,
      cure: "convert it before saving")
  }
}

/// The number whose upper half is `brain`.
private func single(brain: UInt16) -> Float {
  Float(bitPattern: UInt32(brain) << 16)
}
