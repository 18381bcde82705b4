import LayerPeelFiles
import Testing

/// CIFAR-10's files, written by the tests: image `i` of class `l` has levels that name its place.
struct CIFARTests {
  private static let names = (1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]
  private let nowhere = DataHome(environment: ["LAYERPEEL_HOME": "/nonexistent"])

  private static func record(_ label: UInt8, _ first: UInt8) -> [UInt8] {
    [label] + (0..<3 as Range<UInt8>).flatMap { [UInt8](repeating: first &+ $0, count: 1024) }
  }

  /// Ten images, one of each class, in each of six files.
  private static func content(_ batch: Int) -> [UInt8] {
    (0..<10 as Range<UInt8>).flatMap { record($0, UInt8(batch * 40) &+ $0 * 3) }
  }

  private func write(
    _ scratch: Scratch, _ folder: String, replacing replaced: [String: [UInt8]] = [:],
    without missing: String? = nil
  ) throws {
    _ = try scratch.folder(folder)
    for (batch, name) in Self.names.enumerated() where name != missing {
      let bytes = replaced[name] ?? Self.content(batch)
      _ = try scratch.file(bytes, named: "\(folder)/\(name)")
    }
  }

  /// A member of a tar archive, by POSIX.
  private static func member(_ name: String, _ bytes: [UInt8], type: Character = "0") -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) {
      for (i, byte) in text.utf8.enumerated() { header[place + i] = byte }
    }
    func octal(_ value: Int, _ digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(name, at: 0)
    put("0000644", at: 100)
    put(octal(bytes.count, 11), at: 124)
    put(String(type), at: 156)
    put("ustar", at: 257)
    put("        ", at: 148)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0", at: 148)
    return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  private static let archive: [UInt8] =
    member("cifar-10-batches-bin/", [], type: "5")
    + member("cifar-10-batches-bin/batches.meta.txt", Array("airplane\n".utf8))
    + names.enumerated().reversed().flatMap {
      member("cifar-10-batches-bin/\($0.element)", content($0.offset))
    } + [UInt8](repeating: 0, count: 1024)

  private func expectContent(_ set: ImageDataSet) {
    #expect((set.channels, set.rows, set.columns, set.classes) == (3, 32, 32, 10))
    #expect((set.train.count, set.test.count, set.pixels) == (50, 10, 3072))
    #expect(set.train.labels == (0..<50).map { $0 % 10 })
    // Image 13 is of class 3 in the second batch: red 40 + 9, green one more, blue two more.
    #expect(set.train.images[13 * 3072] == 49)
    #expect(set.train.images[13 * 3072 + 1024] == 50)
    #expect(set.train.images[14 * 3072 - 1] == 51)
    #expect(set.test.images.first == 200)
    #expect(set.verification == .differs(files: Self.names, identity: nil))
    #expect(set.warning?.contains("6 files") == true)
  }

  @Test(arguments: [
    "data", "data/cifar10", "data/cifar-10-batches-bin", "data/cifar10/cifar-10-batches-bin",
  ])
  func `six files are read from a folder, wherever in it they lie`(_ folder: String) throws {
    let scratch = try Scratch()
    try write(scratch, folder)
    let set = try ImageDataSet(named: "cifar10", in: scratch.path("data"), home: nowhere)
    #expect(set.source == scratch.path(folder))
    expectContent(set)
  }

  @Test func `the archive is read as it stands, in any order of its members`() throws {
    let scratch = try Scratch()
    let path = try scratch.file(Self.archive, named: "cifar-10-binary.tar.gz")
    let set = try ImageDataSet(named: "cifar10", in: scratch.path, home: nowhere)
    #expect(set.source == path)
    expectContent(set)
  }

  @Test(arguments: [
    ("data_batch_2.bin", Array(content(1).dropLast()), "byte 27657: expected whole records"),
    ("data_batch_2.bin", content(1) + [7], "1 bytes at the end of 30731"),
    ("data_batch_2.bin", [], "0 bytes at the end of 0"),
    (
      "data_batch_3.bin", record(0, 1) + record(10, 1),
      "image 1, byte 3073: expected a label from 0 to 9, got 10"
    ),
  ])
  func `a file that is short, long or mislabelled is refused with the place`(
    _ name: String, _ bytes: [UInt8], _ sentence: String
  ) throws {
    let scratch = try Scratch()
    try write(scratch, "data", replacing: [name: bytes])
    let error = try #require(failure(scratch.path("data")))
    #expect("\(error)".contains(sentence), "\(error)")
    #expect("\(error)".hasPrefix(scratch.path("data/\(name)")))
    #expect(error.exitStatus == 65)
  }

  @Test func `a test file that lacks a class is refused by its name`() throws {
    let scratch = try Scratch()
    try write(scratch, "data", replacing: ["test_batch.bin": Self.record(0, 1) + Self.record(2, 1)])
    let error = try #require(failure(scratch.path("data")))
    #expect("\(error)".hasPrefix("\(scratch.path("data")): test_batch.bin: "), "\(error)")
    #expect("\(error)".contains("10 classes of training, got none of class 1"), "\(error)")
    #expect(error.exitStatus == 65)
  }

  @Test func `one file of six that is not there is named, and none says how to get them`() throws {
    let scratch = try Scratch()
    try write(scratch, "data", without: "test_batch.bin")
    let one = try #require(failure(scratch.path("data")))
    #expect("\(one)".contains("data/test_batch.bin: no such file"))
    #expect(one.exitStatus == 66)
    let none = try #require(failure(scratch.path))
    #expect("\(none)".contains("https://www.cs.toronto.edu/~kriz/cifar.html"))
    #expect(none.exitStatus == 66)
  }

  @Test func `an archive cut anywhere is refused, or lacks a file`() throws {
    let scratch = try Scratch()
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<60 {
      let count = Int.random(in: 0..<Self.archive.count - 1024, using: &generator)
      _ = try scratch.file(Self.archive.prefix(count), named: "cifar-10-binary.tar.gz")
      #expect(failure(scratch.path) != nil, "\(count) bytes")
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `an archive with random damage is read or refused, and nothing else`(
    _ seed: UInt64
  ) throws {
    let scratch = try Scratch()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      var bytes = Self.archive
      // Where damage means something: in a header.
      let header = Int.random(in: 0..<2, using: &generator) * 512
      for _ in 0..<3 {
        bytes[header + Int.random(in: 0..<300, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      _ = try scratch.file(bytes, named: "cifar-10-binary.tar.gz")
      guard failure(scratch.path) == nil else { continue }
      #expect(
        try ImageDataSet(named: "cifar10", in: scratch.path, home: nowhere).train.count == 50)
    }
  }

  private func failure(_ folder: String) -> FileError? {
    do {
      _ = try ImageDataSet(named: "cifar10", in: folder, home: nowhere)
      return nil
    } catch { return error }
  }
}
