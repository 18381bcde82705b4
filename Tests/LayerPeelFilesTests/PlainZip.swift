/// A zip archive made by hand, right or wrong in any of its fields.
struct PlainZip {
  /// A member as the archive has it; what is nil is as it should be.
  struct Member {
    var name: String
    var bytes: [UInt8]
    /// 0 is stored, 8 deflated.
    var method = 0
    /// Bit 0 says that it is encrypted.
    var flags = 0
    var checksum: UInt32?
    var size: Int?
    var packedSize: Int?
    /// Where it starts, if it is in the directory alone.
    var offset: Int?
    /// The bytes as they stand in the file.
    var stored: [UInt8]?
    /// In the member's own header alone.
    var localName: String?
  }

  var members: [Member]
  /// What the end record says of the number of members.
  var count: Int?
  /// Whether sizes stand in the wide fields of zip64, which know no limit.
  var isWide = false
  /// How many bytes of the file stand before these.
  var base = 0

  var bytes: [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      directory += entry(member, at: member.offset ?? base + body.count)
      if member.offset == nil { body += header(member) + member.packed }
    }
    return body + directory
      + end(directory: base + body.count..<base + body.count + directory.count)
  }

  private func end(directory: Range<Int>) -> [UInt8] {
    let count = count ?? members.count
    guard isWide else {
      return record([
        (0x0605_4B50, 4), (0, 4), (count, 2), (count, 2), (directory.count, 4),
        (directory.lowerBound, 4), (0, 2),
      ])
    }
    return record([
      (0x0606_4B50, 4), (44, 8), (45, 2), (45, 2), (0, 8), (count, 8), (count, 8),
      (directory.count, 8), (directory.lowerBound, 8),
      (0x0706_4B50, 4), (0, 4), (directory.upperBound, 8), (1, 4),
      (0x0605_4B50, 4), (0, 4), (-1, 2), (-1, 2), (-1, 4), (-1, 4), (0, 2),
    ])
  }

  private func header(_ member: Member) -> [UInt8] {
    let name = Array((member.localName ?? member.name).utf8)
    let start = record([(0x0403_4B50, 4)] + common(member, nameLength: name.count))
    return start + name + wide(member)
  }

  private func entry(_ member: Member, at offset: Int) -> [UInt8] {
    let name = Array(member.name.utf8)
    let start = record(
      [(0x0201_4B50, 4), (45, 2)] + common(member, nameLength: name.count) + [(0, 10), (offset, 4)])
    return start + name + wide(member)
  }

  /// What both records of a member have, from the version to the lengths.
  private func common(_ member: Member, nameLength: Int) -> [(value: Int, size: Int)] {
    let packedSize = member.packedSize ?? member.packed.count
    let size = member.size ?? member.bytes.count
    return [
      (45, 2), (member.flags, 2), (member.method, 2), (0, 2), (1 << 5 | 1, 2),
      (Int(member.checksum ?? crc32(member.bytes)), 4), (isWide ? -1 : packedSize, 4),
      (isWide ? -1 : size, 4), (nameLength, 2), (isWide ? 20 : 0, 2),
    ]
  }

  private func wide(_ member: Member) -> [UInt8] {
    guard isWide else { return [] }
    let packedSize = member.packedSize ?? member.packed.count
    return record([(1, 2), (16, 2), (member.size ?? member.bytes.count, 8), (packedSize, 8)])
  }
}

extension PlainZip.Member {
  /// The bytes as they stand in the file; deflated in blocks of the kind that packs nothing.
  var packed: [UInt8] {
    if let stored { return stored }
    guard method == 8 else { return bytes }
    return record([(1, 1), (bytes.count, 2), (~bytes.count, 2)]) + bytes
  }

  /// An array with a header made from this dictionary, not padded.
  init(_ name: String, _ dictionary: String, version: UInt8 = 1, data: Int) {
    let header = Array(dictionary.utf8)
    let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    let length = record([(header.count, version == 1 ? 2 : 4)])
    self.init(
      name: "\(name).npy",
      bytes: start + length + header + [UInt8](repeating: 0, count: data))
  }
}

/// Integers one after the other, each in `size` bytes, the least significant first.
func record(_ fields: [(value: Int, size: Int)]) -> [UInt8] {
  fields.flatMap { field in
    (0..<field.size).map { UInt8(truncatingIfNeeded: field.value >> (8 * min($0, 7))) }
  }
}

/// The checksum of zip and gzip, bit by bit.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  var checksum = ~UInt32(0)
  for byte in bytes {
    checksum ^= UInt32(byte)
    for _ in 0..<8 {
      checksum = checksum & 1 == 0 ? checksum >> 1 : checksum >> 1 ^ 0xEDB8_8320
    }
  }
  return ~checksum
}

/// The members of a sound archive that stores them, read by what stands before each.
func plainMembers(of archive: [UInt8]) -> [PlainZip.Member.Content] {
  var members: [PlainZip.Member.Content] = []
  var place = 0
  while archive[place...].starts(with: [0x50, 0x4B, 3, 4]) {
    func integer(_ offset: Int, _ count: Int) -> Int {
      archive[place + offset..<place + offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let (nameEnd, extra) = (place + 30 + integer(26, 2), integer(28, 2))
    let name = String(decoding: archive[place + 30..<nameEnd], as: UTF8.self)
    // NumPy's sizes stand in the wide field; the small one then says so.
    let size = integer(22, 4) == 0xFFFF_FFFF ? integer(nameEnd - place + 4, 8) : integer(22, 4)
    let start = nameEnd + extra
    members.append(.init(name: name, bytes: Array(archive[start..<start + size])))
    place = start + size
  }
  return members
}

extension PlainZip.Member {
  /// A member's name and what it holds.
  struct Content: Hashable {
    let name: String
    let bytes: [UInt8]
  }
}
