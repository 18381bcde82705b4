/// All bytes of a file.
///
/// - Parameters:
///   - path: Where it is.
///   - cure: What to tell the user who has none there.
/// - Throws: ``FileError``: it is not there, cannot be read, or is larger than memory.
public func fileContent(
  _ path: String, cure: String = "name a file that exists"
) throws(FileError) -> [UInt8] {
  let file = try InputFile(path: path, cure: cure)
  try checkMemory(for: path, count: file.size, stride: 1)
  return try file.read(0..<file.size)
}
