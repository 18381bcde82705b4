internal import CZip
import Glibc

/// Bytes that libzip may read at any place: of a file or of an array, never ahead of need.
final class ZipSource {
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
func inWords(_ error: UnsafeMutablePointer<zip_error_t>) -> String {
  "what libzip calls '\(String(cString: zip_error_strerror(error)))'"
}
