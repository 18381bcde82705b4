internal import CZip
import Glibc

/// A zip archive open for reading, and with `ZipMember` all that knows libzip.
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
    fileprivate let index: UInt64
    fileprivate let method: UInt16
    fileprivate let isEncrypted: Bool
    fileprivate let nameLength: Int
  }

  /// All members, in the order of the directory; no name occurs twice.
  private(set) var entries: [Entry] = []
  let path: String
  fileprivate let handle: OpaquePointer
  fileprivate let source: ZipSource

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

  fileprivate func refusal(
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

// MARK: - One member

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

// MARK: - Writing

extension ZipArchive {
  /// The bytes of an archive whose members are stored as they are, all dated 1980-01-01.
  static func content(of members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let target = zip_source_buffer_create(nil, 0, 0, &error) else { fail(&error) }
    defer { zip_source_free(target) }
    zip_source_keep(target)
    guard let handle = zip_open_from_source(target, ZIP_TRUNCATE, &error) else { fail(&error) }
    for (name, bytes) in members {
      let source = ZipSource(size: bytes.count) { Array(bytes[$0]) }
      guard let made = source.made(&error) else { fail(&error) }
      let index = zip_file_add(handle, name, made, ZIP_FL_ENC_UTF_8)
      guard index >= 0,
        zip_set_file_compression(handle, UInt64(index), ZIP_CM_STORE, 0) == 0,
        // The first day that the format knows, whose month and day count from one.
        zip_file_set_dostime(handle, UInt64(index), 0, 1 << 5 | 1, 0) == 0
      else { fail(zip_get_error(handle)) }
    }
    guard zip_close(handle) == 0 else { fail(zip_get_error(handle)) }
    return content(of: target)
  }

  private static func content(of source: OpaquePointer) -> [UInt8] {
    var status = zip_stat_t()
    guard zip_source_open(source) == 0, zip_source_stat(source, &status) == 0 else {
      fail(zip_source_error(source))
    }
    defer { zip_source_close(source) }
    return [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, filled in
      filled = Int(zip_source_read(source, buffer.baseAddress, status.size))
      precondition(filled == buffer.count, "libzip gave back \(filled) bytes")
    }
  }

  private static func fail(_ error: UnsafeMutablePointer<zip_error_t>) -> Never {
    preconditionFailure("libzip cannot write to memory: \(inWords(error))")
  }
}

// MARK: - Where libzip reads

/// Bytes that libzip may read at any place: of a file or of an array, never ahead of need.
private final class ZipSource {
  private let size: Int
  private let bytes: (Range<Int>) throws(FileError) -> [UInt8]
  private var offset = 0
  private var error = zip_error_t()
  /// Why bytes could not be read, where that is what went wrong.
  private(set) var failure: FileError?

  init(size: Int, _ bytes: @escaping (Range<Int>) throws(FileError) -> [UInt8]) {
    self.size = size
    self.bytes = bytes
    zip_error_init(&error)
  }

  deinit { zip_error_fini(&error) }

  /// This as libzip's own, which keeps it alive until libzip frees it.
  func made(_ error: inout zip_error_t) -> OpaquePointer? {
    let state = Unmanaged.passRetained(self)
    let source = zip_source_function_create(answerZip, state.toOpaque(), &error)
    if source == nil { state.release() }
    return source
  }

  /// The archive in it.
  func opened(_ error: inout zip_error_t, flags: Int32) -> OpaquePointer? {
    guard let source = made(&error) else { return nil }
    let archive = zip_open_from_source(source, flags, &error)
    if archive == nil { zip_source_free(source) }
    return archive
  }

  fileprivate func answer(
    _ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: UInt64
  ) -> Int64 {
    switch command {
    case ZIP_SOURCE_OPEN:
      offset = 0
      return 0
    case ZIP_SOURCE_READ: return read(into: data, upTo: length)
    case ZIP_SOURCE_STAT: return describe(in: data)
    case ZIP_SOURCE_SEEK:
      let place = zip_source_seek_compute_offset(
        UInt64(offset), UInt64(size), data!, length, &error)
      guard place >= 0 else { return -1 }
      offset = Int(place)
      return 0
    case ZIP_SOURCE_TELL: return Int64(offset)
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&error, data!, length)
    case ZIP_SOURCE_SUPPORTS: return ZipSource.supported
    case ZIP_SOURCE_CLOSE: return 0
    case ZIP_SOURCE_ACCEPT_EMPTY: return 0  // no: a file of no bytes is no archive
    default:
      zip_error_set(&error, ZIP_ER_OPNOTSUPP, 0)
      return -1
    }
  }

  private static let supported = [
    ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
    ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
    ZIP_SOURCE_ACCEPT_EMPTY,
  ].reduce(Int64(0)) { $0 | 1 << Int64($1.rawValue) }

  private func read(into data: UnsafeMutableRawPointer?, upTo length: UInt64) -> Int64 {
    let count = Int(min(length, UInt64(size - offset)))
    do {
      try bytes(offset..<offset + count).withUnsafeBytes {
        if count > 0 { data!.copyMemory(from: $0.baseAddress!, byteCount: count) }
      }
    } catch {
      failure = error
      zip_error_set(&self.error, ZIP_ER_READ, EIO)
      return -1
    }
    offset += count
    return Int64(count)
  }

  private func describe(in data: UnsafeMutableRawPointer?) -> Int64 {
    let status = data!.assumingMemoryBound(to: zip_stat_t.self)
    zip_stat_init(status)
    status.pointee.size = UInt64(size)
    status.pointee.valid = UInt64(ZIP_STAT_SIZE)
    return Int64(MemoryLayout<zip_stat_t>.size)
  }
}

/// Hands libzip's question to the source that it is about.
private func answerZip(
  _ state: UnsafeMutableRawPointer?, _ data: UnsafeMutableRawPointer?, _ length: UInt64,
  _ command: zip_source_cmd_t
) -> Int64 {
  let source = Unmanaged<ZipSource>.fromOpaque(state!)
  guard command != ZIP_SOURCE_FREE else {
    source.release()
    return 0
  }
  return source.takeUnretainedValue().answer(command, data, length)
}

/// An error as libzip calls it.
private func inWords(_ error: UnsafeMutablePointer<zip_error_t>) -> String {
  "what libzip calls '\(String(cString: zip_error_strerror(error)))'"
}
