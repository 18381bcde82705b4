internal import CZip

/// A member of an archive, unpacked from its start on as far as it is read.
final class ZipMember {
  private let archive: ZipArchive
  private let entry: ZipArchive.Entry
  private let handle: OpaquePointer
  private var offset = 0

  /// Opens a member, if it is stored or deflated, not encrypted, and can be as long as it says.
  init(_ entry: ZipArchive.Entry, in archive: ZipArchive) throws(FileError) {
    guard !entry.isEncrypted else {
      throw archive.refusal(
        entry.name, "plain data", "an encrypted member", "save it without a password")
    }
    guard Int32(entry.method) == ZIP_CM_STORE || Int32(entry.method) == ZIP_CM_DEFLATE else {
      throw archive.refusal(
        entry.name, "a member that is stored or deflated", "compression method \(entry.method)",
        "save it with numpy.savez or numpy.savez_compressed")
    }
    try ZipMember.checkSize(entry, in: archive)
    guard let handle = zip_fopen_index(archive.handle, entry.index, 0) else {
      throw archive.source.failure
        ?? archive.refusal(
          entry.name, "a member that can be opened", inWords(zip_get_error(archive.handle)))
    }
    (self.archive, self.entry, self.handle) = (archive, entry, handle)
  }

  deinit { zip_fclose(handle) }

  private static func checkSize(
    _ entry: ZipArchive.Entry, in archive: ZipArchive
  ) throws(FileError) {
    let isStored = Int32(entry.method) == ZIP_CM_STORE
    let most = entry.packedSize.multipliedReportingOverflow(
      by: isStored ? 1 : ByteStream.largestRatio)
    guard most.overflow || entry.size <= most.partialValue else {
      throw archive.refusal(
        entry.name, "at most the \(most.partialValue) bytes that \(entry.packedSize) can hold",
        "a promise of \(entry.size)")
    }
  }

  /// The next `count` bytes, all of them.
  func read(_ count: Int) throws(FileError) -> [UInt8] {
    var status: Int64 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        status = unpack(buffer.baseAddress! + filled, count - filled)
        guard status > 0 else { break }
        filled += Int(status)
      }
    }
    offset += bytes.count
    guard status >= 0 else { throw damage() }
    guard bytes.count == count else {
      throw archive.refusal(
        entry.name, "\(entry.size) bytes, as the directory says", "only \(offset)")
    }
    return bytes
  }

  /// Makes sure that nothing is left, and that the checksum is right.
  func finish() throws(FileError) {
    var byte: UInt8 = 0
    let status = unpack(&byte, 1)
    guard status >= 0 else { throw damage() }
    guard status == 0 else {
      throw archive.refusal(entry.name, "\(offset) bytes, as the directory says", "more")
    }
  }

  private func unpack(_ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int64 {
    withExtendedLifetime(self) { zip_fread(handle, target, UInt64(count)) }
  }

  private func damage() -> FileError {
    archive.source.failure
      ?? archive.refusal(
        entry.name, "sound data up to byte \(entry.size)",
        "\(inWords(zip_file_get_error(handle))) after byte \(offset)")
  }
}
