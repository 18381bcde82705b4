internal import CZip
import Glibc

/// A zip archive open for reading; only the files `Zip….swift` know libzip.
///
/// What its directory says is checked against the length of the file here, once: a member can be
/// no longer than its packed bytes allow, and all of them together no longer than the file.
final class ZipArchive {
  /// What the directory says of one member.
  struct Entry: Hashable, Sendable {
    /// Its name; what is no UTF-8 in it is replaced.
    let name: String
    /// Its length in bytes, unpacked and in the file.
    let size: Int
    let packedSize: Int
    let index: UInt64
    let method: UInt16
    let isEncrypted: Bool
    let nameLength: Int
  }

  /// All members, in the order of the directory; no name occurs twice.
  private(set) var entries: [Entry] = []
  let path: String
  let handle: OpaquePointer
  let source: ZipSource

  /// Opens the archive in `file` and checks its directory.
  init(_ file: InputFile) throws(FileError) {
    try checkPromisedMembers(of: file)
    path = file.path
    source = ZipSource(size: file.size, file.read)
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    let opened = source.opened(&error, flags: ZIP_RDONLY | ZIP_CHECKCONS)
    guard let opened else {
      throw source.failure
        ?? .malformed(
          path: path, place: "zip directory", expected: "a whole and consistent zip archive",
          found: zip_error_code_zip(&error) == ZIP_ER_EXISTS
            ? "a name that occurs twice" : inWords(&error),
          cure: "this is none, or a damaged one: make or copy it again")
    }
    handle = opened
    try readDirectory(fileSize: file.size)
  }

  deinit { zip_discard(handle) }

  private func readDirectory(fileSize: Int) throws(FileError) {
    let count = UInt64(max(0, zip_get_num_entries(handle, 0)))
    var end = ZipFormat.endRecord
    for index in 0..<count {
      let entry = try entry(at: index)
      entries.append(entry)
      let overhead = ZipFormat.localHeader + ZipFormat.directoryEntry + 2 * entry.nameLength
      guard entry.packedSize <= fileSize - end - overhead else {
        throw refusal(
          entry.name, "members that fit side by side into a file of \(fileSize) bytes",
          "\(entry.packedSize) bytes more than that leaves", "they overlap, so make the file again")
      }
      end += entry.packedSize + overhead
    }
  }

  private func entry(at index: UInt64) throws(FileError) -> Entry {
    var status = zip_stat_t()
    zip_stat_init(&status)
    guard zip_stat_index(handle, index, ZIP_FL_ENC_RAW, &status) == 0, let name = status.name else {
      throw refusal("\(index)", "an entry in the directory", inWords(zip_get_error(handle)))
    }
    let text = String(cString: name)
    guard let size = Int(exactly: status.size), let packed = Int(exactly: status.comp_size) else {
      throw refusal(text, "fewer than 2^63 bytes", "\(max(status.size, status.comp_size))")
    }
    return Entry(
      name: text, size: size, packedSize: packed, index: index, method: status.comp_method,
      isEncrypted: status.encryption_method != ZIP_EM_NONE, nameLength: strlen(name))
  }

  func refusal(
    _ member: String, _ expected: String, _ found: String,
    _ cure: String = "it is damaged, so make or copy the file again"
  ) -> FileError {
    .malformed(
      path: path, place: "member \(member)", expected: expected, found: found, cure: cure)
  }
}

/// Lengths of the format's records without their names, in bytes.
private enum ZipFormat {
  static let localHeader = 30
  static let directoryEntry = 46
  static let endRecord = 22
}
