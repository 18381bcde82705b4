/// A named array to be written to a safetensors file.
public struct SafetensorsArray: Hashable, Sendable {
  /// Its name.
  public let name: String
  /// How its values are stored.
  public let type: SafetensorsFile.ElementType
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

  private init(
    _ name: String, _ type: SafetensorsFile.ElementType, _ shape: [Int],
    _ bits: [some FixedWidthInteger]
  ) {
    precondition(bits.count == shape.reduce(1, *), "\(bits.count) values, shape \(shape)")
    precondition(name != "__metadata__", "a name the format keeps for itself")
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bits.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }
}

extension SafetensorsFile {
  /// Writes `arrays` and free text to `path`, as a whole or not at all.
  ///
  /// The bytes are those of the reference implementation: wide types first, then by name, and the
  /// header padded so that the data starts at a multiple of eight.
  ///
  /// - Precondition: No name occurs twice.
  public static func write(
    _ arrays: [SafetensorsArray], metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    try OutputFile.write(content(arrays, metadata: metadata), to: path)
  }

  private static func content(
    _ arrays: [SafetensorsArray], metadata: [String: String]
  ) -> [UInt8] {
    precondition(Set(arrays.map(\.name)).count == arrays.count, "a name occurs twice")
    let sorted = arrays.sorted { a, b in
      a.type == b.type
        ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8) : a.type.rank > b.type.rank
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
    _ arrays: [SafetensorsArray], metadata: [String: String]
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
        "\(jsonText(of: array.name)):{\"dtype\":\"\(array.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
    }
    let header = Array("{\(parts.joined(separator: ","))}".utf8)
    return header + Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
  }
}

extension SafetensorsFile.ElementType {
  /// The place among all types; later ones are at least as wide.
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self)! }
}
