import LayerPeelFiles
import Testing

/// A header that is wrong in one way, and a word of the sentence that says so.
struct DamagedHeader: CustomTestStringConvertible, Sendable {
  let name: String
  let header: String
  var data = 16
  let sentence: String
  var testDescription: String { name }

  var bytes: [UInt8] {
    let header = Array(header.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + [UInt8](repeating: 0, count: data)
  }

  static let all = [
    Self(name: "empty", header: "", sentence: "expected '{', got the end of the header"),
    Self(name: "no JSON", header: "hello", sentence: "byte 8: expected '{', got 'h'"),
    Self(name: "no object", header: "[]", sentence: "expected '{', got '['"),
    Self(name: "control character", header: "{\"\u{1}", sentence: "expected text, got byte 0x1"),
    Self(
      name: "something after it", header: "{} {}", data: 0,
      sentence: "byte 11: expected the end of the header, got '{'"),
    Self(
      name: "cut", header: #"{"a":{"dtype":"F64","shape":[2]"#,
      sentence: "expected ',', got the end of the header"),
    Self(
      name: "trailing comma", header: #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},}"#,
      sentence: "expected '\"', got '}'"),
    Self(name: "bad escape", header: #"{"\x":{}}"#, sentence: "expected an escape, got 'x'"),
    Self(
      name: "half a pair", header: #"{"\ud800":{}}"#,
      sentence: "expected a character, got half of a pair"),
    Self(
      name: "name twice",
      header: #"{"a":{"dtype":"I8","shape":[8],"data_offsets":[0,8]},"#
        + #""\u0061":{"dtype":"I8","shape":[8],"data_offsets":[8,16]}}"#,
      sentence: "expected each name once, got \"a\" again"),
    Self(
      name: "metadata of numbers", header: #"{"__metadata__":{"a":1}}"#,
      sentence: "expected '\"', got '1'"),
    Self(
      name: "metadata twice", header: #"{"__metadata__":{"a":"1","a":"2"}}"#,
      sentence: "expected each key once"),
    Self(
      name: "unknown dtype", header: #"{"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}}"#,
      sentence: "expected a dtype among BOOL, U8"),
    Self(
      name: "no shape", header: #"{"a":{"dtype":"F64","data_offsets":[0,16]}}"#,
      sentence: "expected dtype, shape and data_offsets of \"a\", got 2 of them"),
    Self(
      name: "field twice", header: #"{"a":{"dtype":"F64","dtype":"F64"}}"#,
      sentence: "expected one each of dtype, shape and data_offsets, got \"dtype\""),
    Self(
      name: "negative extent", header: #"{"a":{"dtype":"F64","shape":[-2],"data_offsets":[0,16]}}"#,
      sentence: "expected an integer that is not negative, got '-'"),
    Self(
      name: "fractional extent",
      header: #"{"a":{"dtype":"F64","shape":[2.0],"data_offsets":[0,16]}}"#,
      sentence: "expected ',', got '.'"),
    Self(
      name: "2^64", header: #"{"a":{"dtype":"F64","shape":[18446744073709551616]}}"#,
      sentence: "expected an integer below 2^63, got a larger one"),
    Self(
      name: "2^60 values",
      header: #"{"a":{"dtype":"F64","shape":[1073741824,1073741824],"data_offsets":[0,16]}}"#,
      sentence: "that span [1073741824, 1073741824] of F64, got 16 bytes"),
    Self(
      name: "2^60 values, said twice",
      header: #"{"a":{"dtype":"I8","shape":[1152921504606846976],"#
        + #""data_offsets":[0,1152921504606846976]}}"#,
      sentence: "expected the 1152921504606846976 bytes of which the header speaks, got 16"),
    Self(
      name: "short span", header: #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}"#,
      sentence: "that span [2] of F64, got 8 bytes"),
    Self(
      name: "three offsets", header: #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8,16]}}"#,
      sentence: "\"a\" as [first, end], got [0, 8, 16]"),
    Self(
      name: "backwards", header: #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[16,0]}}"#,
      sentence: "\"a\" as [first, end], got [16, 0]"),
    Self(
      name: "overlap",
      header: #"{"a":{"dtype":"I8","shape":[12],"data_offsets":[0,12]},"#
        + #""b":{"dtype":"I8","shape":[8],"data_offsets":[8,16]}}"#,
      sentence: "array \"b\": expected its first byte at 12 of the data"),
    Self(
      name: "hole",
      header: #"{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"I8","shape":[8],"data_offsets":[8,16]}}"#,
      sentence: "array \"b\": expected its first byte at 4 of the data"),
    Self(
      name: "hole at the start", header: #"{"a":{"dtype":"I8","shape":[8],"data_offsets":[8,16]}}"#,
      sentence: "array \"a\": expected its first byte at 0 of the data"),
    Self(
      name: "data left over", header: #"{"a":{"dtype":"I8","shape":[8],"data_offsets":[0,8]}}"#,
      sentence: "expected the 8 bytes of which the header speaks, got 16"),
    Self(
      name: "data missing", header: #"{"a":{"dtype":"I8","shape":[24],"data_offsets":[0,24]}}"#,
      sentence: "got 16; the file is cut short"),
  ]
}

struct DamagedSafetensorsTests {
  @Test(arguments: DamagedHeader.all)
  func `a damaged header is refused with what is wrong`(_ example: DamagedHeader) throws {
    let scratch = try Scratch()
    let error = try #require(failure(try scratch.file(example.bytes)))
    #expect("\(error)".contains(example.sentence), "\(error)")
    #expect(error.exitStatus == 65)
  }

  @Test func `a header longer than the file or the format allows is refused`() throws {
    let scratch = try Scratch()
    for length: UInt64 in [1, 100_000_000, 100_000_001, 1 << 60, .max] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      let error = try #require(failure(try scratch.file(bytes)))
      #expect("\(error)".contains("header length (bytes 0 to 7)"), "\(error)")
    }
  }

  @Test func `a header that is not UTF-8 is refused`() throws {
    let scratch = try Scratch()
    let bytes: [UInt8] = [4, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xFF, 0x22]
    let error = try #require(failure(try scratch.file(bytes)))
    #expect("\(error)".contains("expected text in UTF-8"), "\(error)")
  }

  @Test func `a file cut anywhere is refused`() throws {
    let scratch = try Scratch()
    for name in ["point_double", "point_bias", "all_types"] {
      let whole = try content(of: fixture("\(name).safetensors"))
      for count in 0..<whole.count {
        #expect(failure(try scratch.file(whole.prefix(count))) != nil, "\(name), \(count) bytes")
      }
      #expect(failure(try scratch.file(whole + [0])) != nil, "\(name) and a byte")
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `a file with random damage is read or refused, and nothing else`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let scratch = try Scratch()
    let whole = try content(of: fixture("all_types.safetensors"))
    for _ in 0..<250 {
      let path = try scratch.file(damaged(whole, using: &generator))
      guard failure(path) == nil else { continue }
      let file = try SafetensorsFile(path: path)
      for entry in file.entries {
        #expect(entry.shape.reduce(1, *) == entry.count)
        _ = try? file.doubles(entry)
        _ = try? file.integers(entry)
      }
    }
  }

  @Test func `what is not there, no file or not to be opened says so`() throws {
    let scratch = try Scratch()
    #expect(failure(scratch.path("none"))?.exitStatus == 66)
    #expect(failure(scratch.path)?.exitStatus == 65)
    #expect(failure("/dev/zero")?.exitStatus == 65)
  }

  private func failure(_ path: String) -> FileError? {
    do {
      _ = try SafetensorsFile(path: path)
      return nil
    } catch { return error }
  }
}
