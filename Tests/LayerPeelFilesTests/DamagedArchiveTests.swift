import Glibc
import LayerPeelFiles
import Testing

/// An archive that is wrong in one way, and a word of the sentence that says so.
struct DamagedArchive: CustomTestStringConvertible, Sendable {
  let name: String
  let bytes: [UInt8]
  let sentence: String
  var testDescription: String { name }

  private init(_ name: String, _ zip: PlainZip, _ sentence: String) {
    (self.name, self.bytes, self.sentence) = (name, zip.bytes, sentence)
  }

  /// A sound point whose first member, `W`, is then changed.
  private static func point(
    isWide: Bool = false, _ change: (inout PlainZip.Member) -> Void
  ) -> PlainZip {
    var members = [
      PlainZip.Member("W", header(2, 4), data: 64), PlainZip.Member("H", header(5, 4), data: 160),
      PlainZip.Member("labels", header(5), data: 40),
    ]
    // Classes 0 and 1; of K no more than that is looked at before the values of W.
    members[2].bytes[members[2].bytes.count - 8] = 1
    change(&members[0])
    return PlainZip(members: members, isWide: isWide)
  }

  private static func header(_ shape: Int...) -> String {
    "{'descr': '<\(shape.count == 1 ? "i" : "f")8', 'fortran_order': False, 'shape': ("
      + shape.map { "\($0)," }.joined() + ")}"
  }

  private static var doubled: PlainZip {
    var zip = point { _ in }
    zip.members[2] = zip.members[0]
    return zip
  }

  /// The second member lies in the data of the first, whose own data it is.
  private static var overlapping: PlainZip {
    let inner = PlainZip(members: [PlainZip.Member("H", header(5, 4), data: 160)]).bytes
    var (outer, second) = (
      PlainZip.Member("W", header(2, 4), data: 0), PlainZip.Member("H", header(5, 4), data: 160)
    )
    second.offset = 30 + outer.name.utf8.count + outer.bytes.count
    outer.bytes += inner
    return PlainZip(members: [outer, second])
  }

  private static var misplaced: PlainZip {
    var zip = point { _ in }
    zip.members[1].offset = 0
    return zip
  }

  private static func promising(_ count: Int) -> PlainZip {
    PlainZip(members: point { _ in }.members, count: count, isWide: true)
  }

  static let all = [
    Self("no members", PlainZip(members: []), "array W: expected a K × d array"),
    Self(
      "a member twice", doubled,
      "zip directory: expected a whole and consistent zip archive, got a name that occurs twice"),
    Self(
      "two members in one place", overlapping,
      "member H.npy: expected members that fit side by side into a file of"),
    Self(
      "a member where another is",
      PlainZip(
        members: point { _ in }.members.map {
          var m = $0; m.offset = 0; return m
        }),
      "zip directory: expected a whole and consistent zip archive"),
    Self("another name inside", point { $0.localName = "V.npy" }, "zip directory"),
    Self("encrypted", point { $0.flags = 1 }, "member W.npy: expected plain data"),
    Self(
      "packed by bzip2", point { $0.method = 12 },
      "member W.npy: expected a member that is stored or deflated, got compression method 12"),
    Self("packed by nobody", point { $0.method = 77 }, "got compression method 77"),
    Self("wrong checksum", point { $0.checksum = 7 }, "what libzip calls 'CRC error'"),
    Self(
      "no deflated data",
      point { ($0.method, $0.stored) = (8, [6] + $0.bytes) },
      "member W.npy: expected sound data up to byte 131, got what libzip calls 'Zlib error: data"),
    Self(
      "stored and longer than it is", point { $0.size = $0.bytes.count + 8 },
      "member W.npy: expected at most the 131 bytes that 131 can hold, got a promise of 139"),
    Self(
      "a bomb by its word", point(isWide: true) { ($0.method, $0.size) = (8, 1 << 40) },
      "can hold, got a promise of 1099511627776"),
    Self(
      "a size of 2^63", point(isWide: true) { ($0.method, $0.size) = (8, .min) },
      "member W.npy: expected fewer than 2^63 bytes, got 9223372036854775808"),
    Self(
      "packed into more than the file", point(isWide: true) { $0.packedSize = 1 << 40 },
      "zip directory"),
    Self(
      "shorter than its directory says",
      point {
        $0 = PlainZip.Member("W", header(2, 4), data: 48)
        ($0.method, $0.size) = (8, $0.bytes.count + 16)
      }, "member W.npy: expected 131 bytes, as the directory says, got only 115"),
    Self(
      "longer than its directory says",
      point {
        $0 = PlainZip.Member("W", header(2, 4), data: 80)
        ($0.method, $0.size) = (8, $0.bytes.count - 16)
      }, "member W.npy"),
    Self("2^20 + 1 members", promising(1 << 20 + 1), "at most 1048576 members, got 1048577"),
    Self("2^63 members", promising(.min), "at most 1048576 members, got 9223372036854775808"),
    Self("4 members", promising(4), "zip directory"),
  ]
}

struct DamagedArchiveTests {
  @Test(arguments: DamagedArchive.all)
  func `a damaged archive is refused with what is wrong`(_ example: DamagedArchive) throws {
    let scratch = try Scratch()
    let path = try scratch.file(example.bytes, named: "point.npz")
    let error = try #require(failure(path))
    #expect("\(error)".contains(example.sentence), "\(error)")
    #expect(error.exitStatus == 65)
  }

  @Test func `a bomb is refused before it goes off`() throws {
    let archive = try NumPyArchive(path: fixture("bomb.npz"))
    let error = #expect(throws: FileError.self) { _ = try archive.entry(named: "W") }
    #expect("\(error!)".contains("array W: expected 64 bytes of data, as its shape says, got 838"))
  }

  @Test func `what is no archive is refused by its name`() throws {
    let scratch = try Scratch()
    for bytes in [[], Array("hello".utf8), [0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]] as [[UInt8]] {
      let error = try #require(failure(try scratch.file(bytes, named: "point.npz")))
      #expect("\(error)".contains("zip directory: expected a whole and consistent zip archive"))
    }
    #expect(failure(scratch.path("none.npz"))?.exitStatus == 66)
    #expect(failure(try scratch.folder("folder.npz"))?.exitStatus == 65)
  }

  @Test func `a thousand ends that promise members are no way to spend an hour`() throws {
    let scratch = try Scratch()
    // Each could be the end of the archive, all that follows its comment.
    let ends = (0..<1000).map { i in
      record([
        (0x0605_4B50, 4), (0, 4), (65_000, 2), (65_000, 2), (0, 8), ((999 - i) * 22, 2),
      ])
    }
    let error = try #require(failure(try scratch.file(ends.flatMap { $0 }, named: "point.npz")))
    #expect("\(error)".contains("end record at byte 352: expected at most 1048576 members"))
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["point", "point_other", "point_streamed"])
  func `an archive cut anywhere is refused`(_ name: String) throws {
    let scratch = try Scratch()
    let whole = try content(of: fixture("\(name).npz"))
    for count in 0..<whole.count {
      let path = try scratch.file(whole.prefix(count), named: "point.npz")
      #expect(failure(path) != nil, "\(name), \(count) bytes")
    }
    #expect(failure(try scratch.file(whole + [0], named: "point.npz")) != nil)
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["point", "point_other", "point_streamed"])
  func `an archive with any byte changed is refused or has the same point`(_ name: String) throws {
    let scratch = try Scratch()
    let whole = try content(of: fixture("\(name).npz"))
    var refused = 0
    for i in whole.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var bytes = whole
        bytes[i] ^= change
        refused += try isRefused(scratch.file(bytes, named: "point.npz")) ? 1 : 0
      }
    }
    #expect(refused > whole.count)
  }

  @Test(.timeLimit(.minutes(5)), arguments: 0..<8 as Range<UInt64>)
  func `an archive with random damage is refused or has the same point`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let scratch = try Scratch()
    for name in ["point", "point_other", "point_streamed"] {
      let whole = try content(of: fixture("\(name).npz"))
      for _ in 0..<100 {
        let bytes = damaged(whole, using: &generator)
        _ = try isRefused(scratch.file(bytes, named: "point.npz"))
      }
    }
  }

  @Test(.timeLimit(.minutes(5)), arguments: 0..<4 as Range<UInt64>)
  func `an archive with extreme numbers in any place is refused or has the same point`(
    _ seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let scratch = try Scratch()
    let members = plainMembers(of: try content(of: fixture("point.npz"))).map {
      PlainZip.Member(name: $0.name, bytes: $0.bytes, method: 8)
    }
    let whole = PlainZip(members: members, isWide: true).bytes
    for _ in 0..<200 {
      var bytes = whole
      let size = [2, 4, 8].randomElement(using: &generator)!
      let number = [0, 1, -1, .min, .max, 1 << 31 - 1, 1 << 31, whole.count]
        .randomElement(using: &generator)!
      // The directory and the records at the end are the last 500 bytes.
      let place = Int.random(in: whole.count - 500...whole.count - 8, using: &generator)
      bytes.replaceSubrange(place..<place + size, with: record([(number, size)]))
      _ = try isRefused(scratch.file(bytes, named: "point.npz"))
    }
  }

  /// Whether the file is refused; if it is not, its point must be that of the fixtures.
  private func isRefused(_ path: String) throws -> Bool {
    guard failure(path) == nil else { return true }
    #expect(try PointFile(path: path).point == PointFileTests.point)
    return false
  }

  private func failure(_ path: String) -> FileError? {
    do {
      _ = try PointFile(path: path)
      return nil
    } catch { return error }
  }
}
