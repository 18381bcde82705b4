/// The bytes of a file from its start on, unpacked where it is a gzip file.
///
/// Whoever reads says how much at most, so a file that unpacks without end costs nothing.
struct ByteStream: ~Copyable {
  private let file: InputFile
  private var offset = 0
  private let inflater: Inflater?
  /// Packed bytes that were read, and how many of them were unpacked.
  private var packed: [UInt8] = []
  private var used = 0
  private let digested: Digested
  private var contentDigest = MD5()
  private var packedDigest = MD5()

  /// What is added up as it is read.
  enum Digested {
    case nothing
    /// The content, unpacked.
    case content
    /// That, and the gzip file as it stands.
    case both
  }

  /// The most that deflate can pack into one byte.
  static let largestRatio = 1032

  /// Opens the file at `path`; `cure` is what to tell the user who has none there.
  init(path: String, cure: String, digesting digested: Digested = .nothing) throws(FileError) {
    let file = try InputFile(path: path, cure: cure)
    let isPacked = try file.read(0..<min(2, file.size)) == [0x1F, 0x8B]
    inflater = isPacked ? Inflater() : nil
    self.file = file
    self.digested = digested
  }

  /// Where the file is, as the user wrote it.
  var path: String { file.path }

  /// The MD5 sums of what was read, each nil where it was not added up.
  var sums: (content: String?, packed: String?) {
    (
      digested == .nothing ? nil : contentDigest.hexadecimal,
      digested == .both && inflater != nil ? packedDigest.hexadecimal : nil
    )
  }

  /// The largest number of bytes that a file of this size can hold.
  var capacity: Int {
    guard inflater != nil else { return file.size }
    let product = file.size.multipliedReportingOverflow(by: ByteStream.largestRatio)
    return product.overflow ? .max : product.partialValue
  }

  /// The next `count` bytes, or fewer at the end.
  ///
  /// At the end of a gzip file its checksum has been compared.
  mutating func read(upTo count: Int) throws(FileError) -> [UInt8] {
    let bytes = try content(upTo: count)
    if digested != .nothing { contentDigest.update(bytes) }
    return bytes
  }

  private mutating func content(upTo count: Int) throws(FileError) -> [UInt8] {
    guard let inflater else {
      let end = min(file.size, offset + count)
      defer { offset = end }
      return try file.read(offset..<end)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count, try refill() {
      let step = inflater.step(packed[used...], upTo: min(count - bytes.count, 1 << 18))
      used += step.consumed
      bytes += step.bytes
      try check(step.outcome)
    }
    return bytes
  }

  /// Makes packed bytes available; false at a sound end of the file.
  private mutating func refill() throws(FileError) -> Bool {
    guard used == packed.count, offset < file.size else {
      return used < packed.count || inflater?.isBetweenMembers == false
    }
    let end = min(file.size, offset + 1 << 18)
    packed = try file.read(offset..<end)
    (offset, used) = (end, 0)
    if digested == .both { packedDigest.update(packed) }
    return true
  }

  private func check(_ outcome: Inflater.Outcome) throws(FileError) {
    switch outcome {
    case .unpacking: return
    case .starved where used < packed.count || offset < file.size: return
    case .starved:
      throw refusal("the rest of the packed data", "the end of the file", "it is cut short")
    case .damaged(let message):
      throw refusal("packed data", message, "it is damaged")
    }
  }

  private func refusal(_ expected: String, _ found: String, _ cure: String) -> FileError {
    .malformed(
      path: path, place: "gzip, byte \(offset - packed.count + used)", expected: expected,
      found: found, cure: "\(cure), so get it again")
  }
}
