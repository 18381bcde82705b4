import Glibc

/// A file to be written later, known to be writable now: checked before the work starts.
public struct OutputFile: Hashable, Sendable {
  /// Where it will be.
  public let path: String
  /// What its name ends in, lower-cased: what will be written there.
  public let format: String

  /// A file at `path`, whose name must end in one of `formats`.
  ///
  /// - Throws: ``FileError/unknownFormat(path:expected:)``, or what ``checkWritable(_:)`` finds.
  public init(path: String, formats: [String]) throws(FileError) {
    let name = path.split(separator: "/").last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let format = parts.count > 1 ? parts[parts.count - 1].lowercased() : ""
    guard formats.contains(format) else { throw .unknownFormat(path: path, expected: formats) }
    try OutputFile.checkWritable(path)
    self.path = path
    self.format = format
  }

  /// Finds out whether `path` can be written, without touching what is there.
  public static func checkWritable(_ path: String) throws(FileError) {
    _ = try WritablePath(path)
  }

  /// Writes `bytes` to `path` as a whole or not at all, replacing what was there.
  ///
  /// They go to a file beside it that takes its name once they are on the disk, so no reader ever
  /// meets a part, not even after a power cut.
  ///
  /// - Parameters:
  ///   - bytes: The whole content.
  ///   - path: Where.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try WritablePath(path).replace(with: bytes)
  }

  /// Writes `text` as UTF-8, as a whole or not at all.
  public func write(_ text: String) throws(FileError) {
    try OutputFile.write(Array(text.utf8), to: path)
  }
}

/// A path that can be written: a name in a folder that takes new files.
private struct WritablePath {
  /// As the user wrote it.
  let path: String
  /// The file itself, links followed: a link stays a link.
  let target: String
  /// What may be done with the file that is to be replaced, if there is one.
  let mode: mode_t?

  init(_ path: String) throws(FileError) {
    var status = stat()
    if stat(path, &status) == 0 {
      try WritablePath.checkReplaceable(path, status)
      self.mode = status.st_mode & 0o7777
      self.target = resolved(path) ?? path
    } else {
      self.mode = nil
      self.target = path
    }
    self.path = path
    try checkFolder()
  }

  private static func checkReplaceable(_ path: String, _ status: stat) throws(FileError) {
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      throw .notWritable(path: path, reason: "it is a folder", cure: "name a file in it")
    case S_IFREG: break
    default:
      throw .notWritable(
        path: path, reason: "it is no regular file", cure: "choose another name")
    }
    guard access(path, W_OK) == 0 else {
      throw .notWritable(
        path: path, reason: "the file there is protected", cure: "choose another name")
    }
  }

  private var folder: String {
    guard let slash = target.lastIndex(of: "/") else { return "." }
    return String(target[...slash])
  }

  private func checkFolder() throws(FileError) {
    guard !path.isEmpty, !path.hasSuffix("/") else {
      throw .notWritable(path: path, reason: "it names no file", cure: "name a file")
    }
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .notWritable(
        path: path, reason: "there is no folder \(folder)", cure: "make the folder first")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .notWritable(
        path: path, reason: "the folder \(folder) takes no new files (\(systemMessage(errno)))",
        cure: "choose another folder")
    }
  }

  func replace(with bytes: [UInt8]) throws(FileError) {
    let unique = String(UInt64.random(in: 0 ... .max), radix: 36)
    let temporary = (folder == "." ? "" : folder) + ".layerpeel-\(getpid())-\(unique).tmp"
    // From the start no more readers than the file had, as not every file system lets the mode be
    // changed: there the new one may have fewer.
    let descriptor = open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode ?? 0o666) & 0o777)
    guard descriptor >= 0 else { throw refusal(errno) }
    if let mode { _ = fchmod(descriptor, mode) }
    var code = writeAll(bytes, to: descriptor)
    if fsync(descriptor) != 0, code == 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, rename(temporary, target) != 0 { code = errno }
    guard code == 0 else {
      unlink(temporary)
      throw refusal(code)
    }
  }

  private func refusal(_ code: Int32) -> FileError {
    .notWritable(
      path: path, reason: "the system says: \(systemMessage(code))",
      cure: "make room or choose another folder")
  }
}

/// Writes every byte; 0, or the system's error code.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      let count = write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      written += count
    }
    return 0
  }
}

/// The path with its links followed.
private func resolved(_ path: String) -> String? {
  guard let pointer = realpath(path, nil) else { return nil }
  defer { free(pointer) }
  return String(cString: pointer)
}
