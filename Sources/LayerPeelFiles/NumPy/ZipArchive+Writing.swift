internal import CZip

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
