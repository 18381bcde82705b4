/// Refuses an archive whose end promises more members than are worth the memory of their list.
///
/// Memory for that list is taken before the first member is met, and every record in the last
/// 64 KiB that could be the end of the archive is followed. So all of them together are held to
/// `most` members, a limit of ours: 2^20, where an archive of a point has three.
func checkPromisedMembers(of file: InputFile, most: UInt64 = 1 << 20) throws(FileError) {
  let start = max(0, file.size - ZipEnd.longest)
  let tail = try file.read(start..<file.size)
  var promised: UInt64 = 0
  for i in tail.indices.dropLast(ZipEnd.size - 1) where tail[i...].starts(with: ZipEnd.signature) {
    let small = integer(tail[(i + 10)..<(i + 12)])
    let count = max(small, try wideCount(before: start + i, in: file))
    let sum = promised.addingReportingOverflow(count)
    promised = sum.overflow ? .max : sum.partialValue
    guard promised <= most else {
      throw .malformed(
        path: file.path, place: "zip directory, end record at byte \(start + i)",
        expected: "at most \(most) members", found: "\(promised)",
        cure: "save the arrays of the point alone")
    }
  }
}

/// The number in the zip64 end record that is announced right before byte `end`; 0 without one.
private func wideCount(before end: Int, in file: InputFile) throws(FileError) -> UInt64 {
  guard end >= ZipEnd.locatorSize else { return 0 }
  let locator = try file.read((end - ZipEnd.locatorSize)..<end)
  guard locator.starts(with: ZipEnd.locatorSignature),
    let place = Int(exactly: integer(locator[8..<16])), place <= file.size - ZipEnd.wideSize
  else { return 0 }
  let record = try file.read(place..<(place + ZipEnd.wideSize))
  return max(integer(record[24..<32]), integer(record[32..<40]))
}

/// The records at the end of an archive (PKWARE, APPNOTE 6.3, sections 4.3.14 to 4.3.16).
private enum ZipEnd {
  static let signature: [UInt8] = [0x50, 0x4B, 5, 6]
  static let locatorSignature: [UInt8] = [0x50, 0x4B, 6, 7]
  static let size = 22
  static let locatorSize = 20
  static let wideSize = 56
  /// With the longest comment: libzip looks no further back.
  static let longest = 65_535 + size + locatorSize
}

private func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
