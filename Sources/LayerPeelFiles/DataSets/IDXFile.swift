/// An array of bytes in an IDX file, the format of MNIST, plain or packed with gzip.
///
/// *Format:* two zero bytes, a type (8, unsigned bytes, is the only one read), the number of
/// extents, each extent in four bytes, big-endian; then the values, row after row.
///
/// > Source: [the MNIST database](http://yann.lecun.com/exdb/mnist/).
public struct IDXFile: Hashable, Sendable {
  /// Its extents, outermost first; at least one.
  public let shape: [Int]
  /// Its values, row after row.
  public let bytes: [UInt8]

  /// Reads the file at `path`, which must hold what its header declares and nothing more.
  ///
  /// *Memory:* what the header declares, once the file is known to be large enough for it.
  public init(path: String) throws(FileError) {
    var stream = try ByteStream(path: path, cure: "name an IDX file that exists")
    try self.init(reading: &stream)
  }

  /// Reads all that a stream holds.
  init(reading stream: inout ByteStream) throws(FileError) {
    let shape = try IDXFile.shape(&stream)
    let count = try IDXFile.count(of: shape, stream)
    let bytes = try stream.read(upTo: count)
    guard bytes.count == count else {
      throw IDXFile.refusal(
        stream.path, "values", "the \(count) bytes that its header declares", "\(bytes.count)")
    }
    guard try stream.read(upTo: 1).isEmpty else {
      throw IDXFile.refusal(
        stream.path, "values", "the \(count) bytes that its header declares", "more")
    }
    self.shape = shape
    self.bytes = bytes
  }
}

// MARK: - The header

extension IDXFile {
  private static func shape(_ stream: inout ByteStream) throws(FileError) -> [Int] {
    let magic = try stream.read(upTo: 4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0 else {
      throw refusal(stream.path, "bytes 0 to 3", "the start of an IDX file", "\(magic)")
    }
    guard magic[2] == 8 else {
      throw refusal(stream.path, "byte 2", "type 8, unsigned bytes", "\(magic[2])")
    }
    guard magic[3] >= 1 else { throw refusal(stream.path, "byte 3", "at least one extent", "0") }
    let size = 4 * Int(magic[3])
    let extents = try stream.read(upTo: size)
    guard extents.count == size else {
      throw refusal(
        stream.path, "extents (from byte 4)", "\(size) bytes", "\(extents.count)")
    }
    return stride(from: 0, to: size, by: 4).map { i in
      extents[i..<i + 4].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  private static func count(
    of shape: [Int], _ stream: borrowing ByteStream
  ) throws(FileError) -> Int {
    if shape.contains(0) { return 0 }
    var count = 1
    for extent in shape {
      let product = count.multipliedReportingOverflow(by: extent)
      guard !product.overflow, product.partialValue <= stream.capacity else {
        throw refusal(
          stream.path, "extents (from byte 4)",
          "at most the \(stream.capacity) values that a file of this size can hold",
          shape.map(String.init).joined(separator: " × "))
      }
      count = product.partialValue
    }
    try checkMemory(for: stream.path, count: count, stride: 1)
    return count
  }

  private static func refusal(
    _ path: String, _ place: String, _ expected: String, _ found: String
  ) -> FileError {
    .malformed(
      path: path, place: place, expected: expected, found: found,
      cure: "this is no whole IDX file of bytes, so get it again")
  }
}
