extension SafetensorsFile {
  /// Writes `arrays` and free text to `path`, as a whole or not at all.
  ///
  /// The bytes are those of the reference implementation: wide types first, then by name, and the
  /// header padded so that the data starts at a multiple of eight.
  ///
  /// - Parameters:
  ///   - arrays: What is written.
  ///   - metadata: Free text about it.
  ///   - path: Where.
  /// - Precondition: No name occurs twice, and none is `__metadata__`.
  public static func write(
    _ arrays: [NamedArray], metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    try OutputFile.write(content(arrays, metadata: metadata), to: path)
  }

  private static func content(
    _ arrays: [NamedArray], metadata: [String: String]
  ) -> [UInt8] {
    precondition(Set(arrays.map(\.name)).count == arrays.count, "a name occurs twice")
    precondition(
      !arrays.contains { $0.name == "__metadata__" }, "a name the format keeps for itself")
    let sorted = arrays.sorted { a, b in
      a.type == b.type
        ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
        : a.type.safetensors.rank > b.type.safetensors.rank
    }
    let header = header(sorted, metadata: metadata)
    var content: [UInt8] = []
    content.reserveCapacity(8 + header.count + arrays.reduce(0) { $0 + $1.bytes.count })
    content += (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    content += header
    for array in sorted { content += array.bytes }
    return content
  }

  private static func header(
    _ arrays: [NamedArray], metadata: [String: String]
  ) -> [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(jsonText(of: $0)):\(jsonText(of: $1))"
      }
      parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var end = 0
    for array in arrays {
      let start = end
      end += array.bytes.count
      let shape = array.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(jsonText(of: array.name)):{\"dtype\":\"\(array.type.safetensors.rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    let header = Array("{\(parts.joined(separator: ","))}".utf8)
    return header + Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
  }
}

extension SafetensorsFile.ElementType {
  /// The place among all types; later ones are at least as wide.
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self)! }
}

extension NamedArray.ElementType {
  fileprivate var safetensors: SafetensorsFile.ElementType {
    switch self {
    case .byte: .unsigned8
    case .integer: .signed64
    case .single: .float32
    case .double: .float64
    }
  }
}
