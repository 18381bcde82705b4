import Glibc

/// A regular file open for reading, closed when its last owner goes away.
///
/// Nothing is read ahead: who reads says how much, and checks it against `size` first.
final class InputFile: Sendable {
  /// Where it is, as the user wrote it.
  let path: String
  /// Its length in bytes when it was opened.
  let size: Int
  private let descriptor: Int32

  /// Opens the file at `path`; `cure` is what to tell the user who has none there.
  init(path: String, cure: String) throws(FileError) {
    // Without O_NONBLOCK a named pipe would wait for its writer here.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { throw .notThere(path: path, cure: cure) }
      throw .unreadable(path: path, reason: "the system says: \(systemMessage(code))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      throw .unreadable(
        path: path, reason: isFolder ? "it is a folder; name a file in it" : "it is no regular file"
      )
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// The bytes of `range`, all of them.
  ///
  /// - Precondition: `range` ends within `size`, so that no more memory is taken than the file has.
  func read(_ range: Range<Int>) throws(FileError) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= size, "reading past the end")
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      while filled < range.count {
        let count = pread(
          descriptor, buffer.baseAddress! + filled, range.count - filled,
          off_t(range.lowerBound + filled))
        if count < 0, errno == EINTR { continue }
        failure = count < 0 ? errno : 0
        guard count > 0 else { break }
        filled += count
      }
    }
    guard failure == 0 else {
      throw .unreadable(path: path, reason: "the system says: \(systemMessage(failure))")
    }
    guard bytes.count == range.count else {
      throw .unreadable(path: path, reason: "it was cut short while it was read; try again")
    }
    return bytes
  }
}

/// What the system calls an error code.
func systemMessage(_ code: Int32) -> String {
  String(cString: strerror(code))
}
