/// The header of a safetensors file, checked: every array lies where and as long as it should.
struct SafetensorsHeader {
  /// All arrays, in the order of their data.
  private(set) var entries: [SafetensorsFile.Entry] = []
  private(set) var metadata: [String: String] = [:]
  /// The first byte of the data.
  let dataStart: Int

  /// The format's own limit, in bytes.
  private static let longest = 100_000_000

  init(of file: InputFile) throws(FileError) {
    let length = try SafetensorsHeader.length(of: file)
    dataStart = 8 + length
    var scanner = HeaderScanner(
      try file.read(8..<dataStart), path: file.path, place: "header", offset: 8,
      cure: "this is no safetensors file, or a damaged one: make or copy it again")
    try parse(&scanner)
    try checkLayout(dataSize: file.size - dataStart, path: file.path)
  }

  private static func length(of file: InputFile) throws(FileError) -> Int {
    func refusal(_ expected: String, _ found: String) -> FileError {
      .malformed(
        path: file.path, place: "header length (bytes 0 to 7)", expected: expected, found: found,
        cure: "this is no whole safetensors file, so make or copy it again")
    }
    guard file.size >= 8 else { throw refusal("8 bytes", "a file of \(file.size)") }
    let start = try file.read(0..<8)
    if start.starts(with: [0x50, 0x4B, 3, 4]) {
      throw .malformed(
        path: file.path, place: "content", expected: "a safetensors file",
        found: "a zip archive, such as torch.save and numpy.savez write",
        cure: "write it with safetensors.torch.save_file or safetensors.numpy.save_file")
    }
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= longest else { throw refusal("at most \(longest) bytes", "\(length)") }
    guard Int(length) <= file.size - 8 else {
      throw refusal("at most the \(file.size - 8) bytes that follow", "\(length)")
    }
    return Int(length)
  }
}

// MARK: - What it says

extension SafetensorsHeader {
  private mutating func parse(_ scanner: inout HeaderScanner) throws(FileError) {
    var names: Set<String> = []
    try scanner.take("{")
    while let name = try scanner.nextKey(after: names.count) {
      guard names.insert(name).inserted else {
        throw scanner.refusal("each name once", "\"\(name)\" again")
      }
      if name == "__metadata__" {
        metadata = try scanner.texts()
      } else {
        entries.append(try SafetensorsHeader.entry(name, &scanner))
      }
    }
    try scanner.takeEnd()
  }

  private static func entry(
    _ name: String, _ scanner: inout HeaderScanner
  ) throws(FileError) -> SafetensorsFile.Entry {
    var type: SafetensorsFile.ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    var fields = 0
    try scanner.take("{")
    while let field = try scanner.nextKey(after: fields) {
      fields += 1
      switch field {
      case "dtype" where type == nil: type = try elementType(&scanner)
      case "shape" where shape == nil: shape = try scanner.integers()
      case "data_offsets" where offsets == nil: offsets = try scanner.integers()
      default:
        throw scanner.refusal("one each of dtype, shape and data_offsets", "\"\(field)\"")
      }
    }
    guard let type, let shape, let offsets else {
      throw scanner.refusal("dtype, shape and data_offsets of \"\(name)\"", "\(fields) of them")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw scanner.refusal("data_offsets of \"\(name)\" as [first, end]", "\(offsets)")
    }
    let range = offsets[0]..<offsets[1]
    guard byteCount(of: shape, size: type.size) == range.count else {
      let product = "\(shape) of \(type.rawValue)"
      throw scanner.refusal(
        "data_offsets of \"\(name)\" that span \(product)", "\(range.count) bytes")
    }
    return SafetensorsFile.Entry(name: name, type: type, shape: shape, range: range)
  }

  private static func elementType(
    _ scanner: inout HeaderScanner
  ) throws(FileError) -> SafetensorsFile.ElementType {
    let name = try scanner.string()
    guard let type = SafetensorsFile.ElementType(rawValue: name) else {
      let known = SafetensorsFile.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw scanner.refusal("a dtype among \(known)", "\"\(name)\"")
    }
    return type
  }
}

// MARK: - Where the arrays lie

extension SafetensorsHeader {
  /// Sorts the arrays by their place and makes sure that together they are the data.
  private mutating func checkLayout(dataSize: Int, path: String) throws(FileError) {
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        throw .malformed(
          path: path, place: "array \"\(entry.name)\"",
          expected: "its first byte at \(end) of the data, where the array before it ends",
          found: "\(entry.range.lowerBound)", cure: "make the file again")
      }
      end = entry.range.upperBound
    }
    guard end == dataSize else {
      throw .malformed(
        path: path, place: "data (from byte \(dataStart))",
        expected: "the \(end) bytes of which the header speaks", found: "\(dataSize)",
        cure: end > dataSize ? "the file is cut short, so copy it again" : "make the file again")
    }
  }
}
