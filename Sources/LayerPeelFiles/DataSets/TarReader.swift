/// The members of a tar archive in their order, plain or packed with gzip.
///
/// *Format:* blocks of 512 bytes. A member is one block that names it and gives its size, then its
/// content, filled up to whole blocks; a block of zeros ends the archive.
///
/// > Source: POSIX.1-2017, pax, "ustar Interchange Format".
struct TarReader: ~Copyable {
  private var stream: ByteStream
  /// Bytes of the archive so far.
  private var offset = 0

  private static let block = 512
  /// Refuses what could only be there to take time.
  private static let largestMember = 1 << 30

  init(_ stream: consuming ByteStream) { self.stream = stream }

  /// A file in the archive.
  struct Member {
    /// Its name without its folders.
    let name: String
    /// Bytes of content.
    let size: Int
    /// Whether it is a regular file, and not a folder or a note on the next member.
    let isFile: Bool
  }

  /// The next member's header, or nil at the end; its content must be taken next.
  mutating func next() throws(FileError) -> Member? {
    let header = try stream.read(upTo: TarReader.block)
    guard header.count == TarReader.block else {
      if header.isEmpty { return nil }
      throw refusal("a header of \(TarReader.block) bytes", "\(header.count)")
    }
    if header.allSatisfy({ $0 == 0 }) { return nil }
    // The sum counts its own field as spaces.
    let sum = header.enumerated().reduce(0) {
      $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element))
    }
    guard TarReader.octal(header[148..<156]) == sum else {
      throw refusal("a header whose sum is right", "another sum")
    }
    guard let size = TarReader.octal(header[124..<136]), size <= TarReader.largestMember else {
      throw refusal("a size of at most 1 GiB", "\(header[124..<136].map { $0 })")
    }
    offset += TarReader.block
    let path = String(decoding: header[0..<100].prefix { $0 != 0 }, as: UTF8.self)
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    return Member(name: name, size: size, isFile: header[156] == 0 || header[156] == 48)
  }

  /// The content of a member whose header was just read.
  mutating func content(of member: Member) throws(FileError) -> [UInt8] {
    try checkMemory(for: stream.path, count: member.size, stride: 1)
    let bytes = try stream.read(upTo: member.size)
    guard bytes.count == member.size else {
      throw refusal("the \(member.size) bytes of \(member.name)", "\(bytes.count)")
    }
    offset += bytes.count
    try skip(TarReader.padding(member.size))
    return bytes
  }

  /// Passes over a member's content.
  mutating func skip(_ member: Member) throws(FileError) {
    try skip(member.size + TarReader.padding(member.size))
  }

  private mutating func skip(_ count: Int) throws(FileError) {
    var rest = count
    while rest > 0 {
      let read = try stream.read(upTo: min(rest, 1 << 18)).count
      guard read > 0 else { throw refusal("\(rest) bytes more", "the end") }
      rest -= read
      offset += read
    }
  }

  private static func padding(_ size: Int) -> Int { (block - size % block) % block }

  /// A number in octal digits that a space or a zero byte ends.
  private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
    return Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
  }

  private func refusal(_ expected: String, _ found: String) -> FileError {
    .malformed(
      path: stream.path, place: "tar, byte \(offset)", expected: expected, found: found,
      cure: "it is damaged, so get it again")
  }
}
