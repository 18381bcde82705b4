import FoundationEssentials
import Glibc
import LayerPeelFiles
import Testing

/// Files that are as long as they say, and longer than any memory: holes cost nothing to make.
struct SparseFileTests {
  /// Four tebibytes.
  private static let size = 1 << 42

  /// A file of `start` and then nothing but holes, or nothing where the system makes none.
  private func file(_ start: [UInt8], in scratch: Scratch) throws -> String? {
    let path = try scratch.file(start)
    return truncate(path, off_t(start.count + Self.size)) == 0 ? path : nil
  }

  @Test func `a point larger than memory is refused before it is read`() throws {
    let scratch = try Scratch()
    let rows = Self.size / 8
    let header = Array(
      (#"{"W":{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]},"#
        + #""H":{"dtype":"F32","shape":[\#(rows),0],"data_offsets":[0,0]},"#
        + #""labels":{"dtype":"I64","shape":[\#(rows)],"data_offsets":[0,\#(Self.size)]}}"#).utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    guard let path = try file(length + header, in: scratch) else { return }
    let error = #expect(throws: FileError.self) { _ = try PointFile(path: path) }
    #expect("\(error!)".contains("reading it takes 4194304 MiB of memory"))
    #expect(error?.exitStatus == 64)
  }

  @Test func `an archive that is long enough for any number of members is held to a few`() throws {
    let scratch = try Scratch()
    guard let path = try file([0x50, 0x4B, 3, 4], in: scratch) else { return }
    // One member for every 46 bytes: the list of them would be larger than memory.
    let end = PlainZip(
      members: [], count: Self.size / 46, isWide: true, base: Self.size + 4
    ).bytes
    let handle = try #require(fopen(path, "a"))
    #expect(fwrite(end, 1, end.count, handle) == end.count)
    fclose(handle)
    let error = #expect(throws: FileError.self) { _ = try PointFile(path: path) }
    #expect("\(error!)".contains("expected at most 1048576 members, got 95609"), "\(error!)")
    #expect(error?.exitStatus == 65)
  }

  @Test func `images larger than memory are refused before they are read`() throws {
    let scratch = try Scratch()
    let header: [UInt8] = [0, 0, 8, 2, 0, 0x20, 0, 0, 0, 0x20, 0, 0]
    guard let path = try file(header, in: scratch) else { return }
    let error = #expect(throws: FileError.self) { _ = try IDXFile(path: path) }
    #expect("\(error!)".contains("reading it takes 4194304 MiB of memory"))
    #expect(error?.exitStatus == 64)
  }
}
