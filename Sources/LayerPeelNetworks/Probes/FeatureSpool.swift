internal import CKernels
internal import Glibc
internal import LayerPeel

/// Features in float32, `N × d`, in a file without a name that is mapped into memory.
///
/// The file lies in `TMPDIR`, else `/var/tmp`, was unlinked at once and vanishes with the process;
/// memory beyond what blocks are read into is the page cache's, which the system takes back when it
/// is needed elsewhere. Its room on disk is taken when it is made, so writing cannot fail later;
/// where there is none, it is memory like any other.
final class FeatureSpool: FeatureBlocks {
  let count: Int
  let dimension: Int
  private let base: UnsafeMutablePointer<Float>
  private let bytes: Int

  init(count: Int, dimension: Int) {
    (self.count, self.dimension) = (count, dimension)
    bytes = max(1, 4 * count * dimension)
    let file = Self.unnamedFile(bytes: bytes)
    let kind = file == nil ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, kind, file ?? -1, 0)
    if let file { close(file) }  // The mapping keeps it.
    guard let memory, memory != MAP_FAILED else {
      fatalError("no memory for features of \(bytes) bytes")
    }
    base = memory.bindMemory(to: Float.self, capacity: count * dimension)
  }

  deinit { munmap(base, bytes) }

  /// A file of so many bytes, all of them reserved; nil where none can be made.
  private static func unnamedFile(bytes: Int) -> Int32? {
    let named = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    for folder in [named, "/var/tmp"] where !folder.isEmpty {
      var path = Array("\(folder)/layerpeel-XXXXXX".utf8CString)
      let file = mkstemp(&path)
      guard file >= 0 else { continue }
      unlink(path)
      if posix_fallocate(file, 0, bytes) == 0 { return file }
      close(file)
    }
    return nil
  }

  /// Overwrites the rows from `first` on.
  func write(_ rows: Span<Float>, at first: Int) {
    precondition(first >= 0 && first * dimension + rows.count <= count * dimension)
    rows.withUnsafeBufferPointer { rows in
      guard let source = rows.baseAddress else { return }
      (base + first * dimension).update(from: source, count: rows.count)
    }
  }

  func withRows(
    _ range: Range<Int>, using buffer: inout [Double], _ body: (Span<Double>) -> Void
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let size = range.count * dimension
    if buffer.count < size { buffer = Array(repeating: 0, count: size) }
    layerpeel_widen(size, base + range.lowerBound * dimension, &buffer)
    body(buffer.span.extracting(first: size))
  }

  /// All of them in double, `N × d`.
  var matrix: Matrix {
    var matrix = Matrix(rows: count, columns: dimension)
    layerpeel_widen(count * dimension, base, &matrix.elements)
    return matrix
  }
}
