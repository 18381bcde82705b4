import Glibc

/// A file that grows line by line, each of them written at once.
public final class AppendedFile: Sendable {
  /// Where it is.
  public let path: String
  private let descriptor: Int32

  /// Opens the file at `path`, made if it is not there, cut to its first `length` bytes.
  ///
  /// - Throws: ``FileError/notWritable(path:reason:cure:)``.
  public init(path: String, length: Int? = nil) throws(FileError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw AppendedFile.refusal(path, errno) }
    if let length, ftruncate(descriptor, off_t(length)) != 0 {
      throw AppendedFile.refusal(path, errno)
    }
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end; where that fails, the file is as long as it was, or the error
  /// says that it is not.
  public func append(_ bytes: [UInt8]) throws(FileError) {
    let start = lseek(descriptor, 0, SEEK_END)
    guard start >= 0 else { throw AppendedFile.refusal(path, errno) }
    let code = writeAll(bytes, to: descriptor)
    guard code == 0 else {
      if ftruncate(descriptor, start) != 0 {
        throw AppendedFile.refusal(path, code, but: "part of a line is left at its end")
      }
      throw AppendedFile.refusal(path, code)
    }
  }

  /// Waits until a power cut would spare what was added.
  public func synchronize() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw AppendedFile.refusal(path, errno) }
  }

  private static func refusal(
    _ path: String, _ code: Int32, but consequence: String? = nil
  ) -> FileError {
    .notWritable(
      path: path,
      reason: "the system says: \(systemMessage(code))" + (consequence.map { ", and \($0)" } ?? ""),
      cure: "make room or choose another folder")
  }
}
