import Glibc

/// The right to write to a folder, held against every other process until its owner goes away.
///
/// It ends with the process, however that ends, so a kill leaves nothing to clean up.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the folder at `path`, in which a file `lock` is made.
  ///
  /// - Throws: ``FileError/notWritable(path:reason:cure:)``, also where another process has it.
  public init(path: String) throws(FileError) {
    let file = "\(path)/lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw .notWritable(
        path: path, reason: "the system says: \(systemMessage(errno))",
        cure: "choose another folder")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw .notWritable(
        path: path,
        reason: code == EWOULDBLOCK
          ? "another process is writing there" : "the system says: \(systemMessage(code))",
        cure: "wait until it has ended, or choose another folder")
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
