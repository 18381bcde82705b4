import Glibc

/// Refuses to take memory for `count` values of `stride` bytes that the machine does not have.
///
/// A file may be honest about its size and still be too large: sparse files cost nothing to make.
func checkMemory(for path: String, count: Int, stride: Int) throws(FileError) {
  let needed = count.multipliedReportingOverflow(by: stride)
  let available = availableMemory()
  guard !needed.overflow, needed.partialValue <= available else {
    throw .tooLarge(
      path: path, needed: needed.overflow ? .max : needed.partialValue, available: available)
  }
}

/// Bytes that can be had without swapping, or no limit where the system does not say.
package func availableMemory() -> Int {
  guard let file = fopen("/proc/meminfo", "r") else { return .max }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), file) != nil {
    let words = line.split { $0 == CChar(32) || $0 == CChar(10) || $0 == 0 }
      .map { String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
    if words.count >= 2, words[0] == "MemAvailable:", let kibibytes = Int(words[1]) {
      return kibibytes * 1024
    }
  }
  return .max
}
