import Glibc

/// Folders on disk.
package enum Folder {
  /// Makes the folder at `path` and those around it that are not there.
  ///
  /// - Throws: ``FileError/notWritable(path:reason:cure:)``.
  package static func make(_ path: String) throws(FileError) {
    guard !path.isEmpty else {
      throw .notWritable(path: path, reason: "the name is empty", cure: "name a folder")
    }
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? part : "/\(part)"
      if mkdir(made, 0o777) == 0 || errno == EEXIST { continue }
      throw .notWritable(
        path: path, reason: "the system says: \(systemMessage(errno))",
        cure: "name a folder that can be made")
    }
  }

  /// The names of everything in the folder at `path`; none where it cannot be read.
  package static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}
