import LayerPeelFiles
import Testing

/// An array with a header that is wrong in one way, and a word of the sentence that says so.
struct DamagedNumPyHeader: CustomTestStringConvertible, Sendable {
  let name: String
  let header: String
  var version: UInt8 = 1
  var data = 16
  let sentence: String
  var testDescription: String { name }

  private static func shape(_ shape: String) -> String {
    "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape)}"
  }

  static let all = [
    Self(name: "empty", header: "", sentence: "expected '{', got the end of the header"),
    Self(name: "no dictionary", header: "[1]", sentence: "header, byte 10: expected '{', got '['"),
    Self(name: "cut", header: "{'descr': '<f8'", sentence: "expected ',', got the end"),
    Self(
      name: "something after it", header: shape("(2,)") + " x",
      sentence: "expected the end of the header, got 'x'"),
    Self(
      name: "version 4", header: shape("(2,)"), version: 4,
      sentence: "expected version 1.0, 2.0 or 3.0, got version 4.0"),
    Self(name: "no shape", header: "{'descr': '<f8'}", sentence: "fortran_order and shape, got 1"),
    Self(
      name: "key twice", header: "{'descr': '<f8', 'descr': '<f8'}",
      sentence: "expected each key once, got 'descr' again"),
    Self(name: "unknown key", header: "{'color': 1}", sentence: "or shape, got 'color'"),
    Self(name: "escape", header: #"{'de\x73cr': 1}"#, sentence: #"expected plain text, got '\'"#),
    Self(name: "other bytes", header: "{'é': 1}", sentence: "plain text, got byte 0xc3"),
    Self(
      name: "order in words", header: "{'fortran_order': Frue}",
      sentence: "expected True or False, got 'r'"),
    Self(
      name: "unknown type", header: "{'descr': '<x8'}", sentence: "something else (dtype '<x8')"),
    Self(name: "no type", header: "{'descr': ''}", sentence: "something else (dtype '')"),
    Self(name: "no size", header: "{'descr': '<f'}", sentence: "another size (dtype '<f')"),
    Self(name: "type that is no text", header: "{'descr': 8}", sentence: "a string, got '8'"),
    Self(
      name: "negative extent", header: shape("(-2,)"),
      sentence: "expected an integer that is not negative, got '-'"),
    Self(name: "shape without tuple", header: shape("2"), sentence: "expected '(', got '2'"),
    Self(name: "fraction", header: shape("(2.0,)"), sentence: "expected ',', got '.'"),
    Self(
      name: "2^64", header: shape("(18446744073709551616,)"),
      sentence: "expected an integer below 2^63, got a larger one"),
    Self(
      name: "2^62 values", header: shape("(2147483648, 2147483648)"),
      sentence: "array x: expected 2^63 or more bytes of data, as its shape says, got 16"),
    Self(
      name: "2^59 values", header: shape("(576460752303423488,)"),
      sentence: "expected 4611686018427387904 bytes of data, as its shape says, got 16"),
    Self(name: "too little data", header: shape("(3,)"), sentence: "expected 24 bytes of data"),
    Self(name: "too much data", header: shape("(1,)"), sentence: "expected 8 bytes of data"),
    Self(name: "no data", header: shape("(2,)"), data: 0, sentence: "as its shape says, got 0"),
  ]
}

struct DamagedNumPyHeaderTests {
  @Test(arguments: DamagedNumPyHeader.all)
  func `a damaged header is refused with what is wrong`(_ example: DamagedNumPyHeader) throws {
    let member = PlainZip.Member(
      "x", example.header, version: example.version, data: example.data)
    let error = try #require(try failure(member.bytes))
    #expect("\(error)".contains(example.sentence), "\(error)")
    #expect("\(error)".contains(": array x"), "\(error)")
    #expect(error.exitStatus == 65)
  }

  @Test func `a header longer than its member is refused`() throws {
    let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)
    for (bytes, sentence) in [
      ([], "expected at least 10 bytes, got 0"),
      (signature + [1, 0, 0], "expected at least 10 bytes, got 9"),
      (signature + [2, 0, 0, 0], "expected at least 12 bytes, got 10"),
      (Array("no array at all".utf8), "expected NumPy's signature in its first 6 bytes"),
      (signature + [1, 0, 1, 0], "a length of at most 0 bytes in byte 8, got 1"),
      (signature + [1, 0, 0xFF, 0xFF, 0x7B], "a length of at most 1 bytes in byte 8, got 65535"),
      (signature + [3, 0, 0xFF, 0xFF, 0xFF, 0xFF], "at most 0 bytes in byte 8, got 4294967295"),
      (signature + [1, 1, 0, 0], "got version 1.1"),
    ] {
      let error = try #require(try failure(bytes))
      #expect("\(error)".contains("array x, header: "), "\(error)")
      #expect("\(error)".contains(sentence), "\(error)")
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `a header with any byte changed under a right checksum is read or refused`() throws {
    let sound = plainMembers(of: try content(of: fixture("point.npz")))[0].bytes
    var refused = 0
    for i in 0..<128 {
      for byte: UInt8 in [0, 0x0A, 0x20, 0x27, 0x28, 0x2C, 0x31, 0x39, 0x4C, 0x7D, 0x80, 0xFF] {
        var bytes = sound
        bytes[i] = byte
        refused += try failure(bytes) == nil ? 0 : 1
      }
    }
    #expect(refused > 128)
  }

  /// What is wrong with an array of these bytes, its values included.
  private func failure(_ bytes: [UInt8]) throws -> FileError? {
    let scratch = try Scratch()
    let zip = PlainZip(members: [PlainZip.Member(name: "x.npy", bytes: bytes)])
    let archive = try NumPyArchive(path: try scratch.file(zip.bytes))
    do {
      guard let entry = try archive.entry(named: "x") else { return nil }
      #expect(entry.shape.reduce(1, *) == entry.count)
      _ =
        entry.type.rawValue.hasPrefix("f")
        ? try archive.doubles(entry).count : try archive.integers(entry).count
      return nil
    } catch { return error }
  }
}
