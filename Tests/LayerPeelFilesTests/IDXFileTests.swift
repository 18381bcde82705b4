import LayerPeelFiles
import Testing

/// Bytes that are no IDX file, and the sentence that says why.
struct BadIDX: CustomTestStringConvertible, Sendable {
  let name: String
  let bytes: [UInt8]
  let sentence: String
  var testDescription: String { name }

  static let all = [
    Self(
      name: "empty", bytes: [],
      sentence: "bytes 0 to 3: expected the start of an IDX file, got []"),
    Self(name: "no IDX", bytes: [1, 2, 8, 1], sentence: "got [1, 2, 8, 1]"),
    Self(
      name: "floats", bytes: [0, 0, 13, 1],
      sentence: "byte 2: expected type 8, unsigned bytes, got 13"),
    Self(
      name: "no extent", bytes: [0, 0, 8, 0],
      sentence: "byte 3: expected at least one extent, got 0"),
    Self(name: "half an extent", bytes: [0, 0, 8, 1, 0, 0], sentence: "expected 4 bytes, got 2"),
    Self(name: "too short", bytes: [0, 0, 8, 1, 0, 0, 0, 3, 7, 7], sentence: "declares, got 2"),
    Self(name: "too long", bytes: [0, 0, 8, 1, 0, 0, 0, 1, 7, 7], sentence: "declares, got more"),
    Self(
      name: "2^60 values", bytes: [0, 0, 8, 2, 0x40, 0, 0, 0, 0x40, 0, 0, 0],
      sentence:
        "at most the 12 values that a file of this size can hold, got 1073741824 × 1073741824"),
    Self(
      name: "2^96 values", bytes: [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12),
      sentence: "got 4294967295 × 4294967295 × 4294967295"),
    Self(
      name: "only the mark of gzip", bytes: [0x1F, 0x8B],
      sentence: "gzip, byte 2: expected the rest of the packed data, got the end of the file"),
    Self(
      name: "damaged gzip", bytes: [0x1F, 0x8B, 9, 9, 9, 9, 9, 9, 9, 9, 9],
      sentence: "expected packed data, got unknown compression method; it is damaged"),
  ]
}

struct IDXFileTests {
  @Test(arguments: ["images.idx", "images.idx.gz", "members.idx.gz"])
  func `plain and packed files written by Python are read exactly`(_ name: String) throws {
    let file = try IDXFile(path: fixture(name))
    #expect(file.shape == [3, 2, 2])
    #expect(file.bytes == Array(240...251))
  }

  @Test func `a list is read, and an empty one`() throws {
    let file = try IDXFile(path: fixture("labels.idx.gz"))
    #expect(file.shape == [3])
    #expect(file.bytes == [1, 0, 1])
    let scratch = try Scratch()
    let empty = try IDXFile(path: try scratch.file([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 9]))
    #expect(empty.shape == [0, 9])
    #expect(empty.bytes == [])
  }

  @Test(arguments: BadIDX.all)
  func `a damaged file is refused with what is wrong`(_ example: BadIDX) throws {
    let scratch = try Scratch()
    let error = try #require(failure(try scratch.file(example.bytes)))
    #expect("\(error)".contains(example.sentence), "\(error)")
    #expect(error.exitStatus == 65)
  }

  @Test func `a file that unpacks to more than it declares is refused`() throws {
    let error = try #require(failure(fixture("bomb.idx.gz")))
    #expect("\(error)".contains("expected the 12 bytes that its header declares, got more"))
  }

  @Test func `a file that declares more than any packing allows is refused`() throws {
    let scratch = try Scratch()
    var bytes = try content(of: fixture("images.idx"))
    bytes[4] = 0x40
    #expect(failure(try scratch.file(bytes)) != nil)
  }

  @Test(arguments: ["images.idx", "images.idx.gz", "labels.idx.gz"])
  func `a file cut anywhere, or with a byte more, is refused`(_ name: String) throws {
    let scratch = try Scratch()
    let whole = try content(of: fixture(name))
    for count in 0..<whole.count {
      #expect(failure(try scratch.file(whole.prefix(count))) != nil, "\(count) bytes")
    }
    #expect(failure(try scratch.file(whole + [0])) != nil)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `a file with random damage is read or refused, and nothing else`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let scratch = try Scratch()
    for name in ["images.idx", "members.idx.gz"] {
      let whole = try content(of: fixture(name))
      for _ in 0..<250 {
        let path = try scratch.file(damaged(whole, using: &generator))
        guard failure(path) == nil else { continue }
        let file = try IDXFile(path: path)
        #expect(file.bytes.count == file.shape.reduce(1, *))
      }
    }
  }

  private func failure(_ path: String) -> FileError? {
    do {
      _ = try IDXFile(path: path)
      return nil
    } catch { return error }
  }
}
