import LayerPeelFiles
import Testing

struct NumPyArchiveTests {
  private static let packings = ["arrays_stored", "arrays_deflated"]

  /// The entries of the fixtures, row after row, by the letter of their kind.
  private static let values: [Character: [Double]] = [
    "f": [-1.5, 0, 2, 0.25, -8, 1], "i": [-2, 0, 3, 100, -100, 1], "u": [0, 3, 200, 1, 255, 2],
  ]

  @Test(arguments: packings)
  func `every type in every byte order and layout is read exactly`(_ packing: String) throws {
    let archive = try NumPyArchive(path: fixture("\(packing).npz"))
    let names = archive.names.filter { $0.contains(" ") }
    // f2 to f8, i2 to i8 and u2 to u8 in two byte orders, i1 and u1 in one; each in two layouts.
    #expect(names.count == (9 * 2 + 2) * 2)
    for name in names {
      let entry = try #require(try archive.entry(named: name))
      let kind = name[name.index(after: name.startIndex)]
      #expect(entry.shape == [2, 3])
      #expect(entry.count == 6)
      #expect(entry.isBigEndian == name.hasPrefix(">"))
      #expect(entry.isFortranOrder == name.hasSuffix("F"))
      #expect(name.contains("\(kind)\(entry.type.size) "))
      if kind == "f" {
        #expect(try archive.doubles(entry) == Self.values["f"], "\(name)")
      } else {
        #expect(try archive.integers(entry).map { Double($0) } == Self.values[kind], "\(name)")
      }
    }
  }

  @Test(arguments: packings)
  func `single values, empty arrays and cubes are read`(_ packing: String) throws {
    let archive = try NumPyArchive(path: fixture("\(packing).npz"))
    let scalar = try #require(try archive.entry(named: "scalar"))
    #expect(scalar.shape == [])
    #expect(try archive.doubles(scalar) == [0.1])
    let empty = try #require(try archive.entry(named: "empty"))
    #expect(empty.shape == [0, 7])
    #expect(try archive.doubles(empty) == [])
    let cube = try #require(try archive.entry(named: "cube"))
    #expect(cube.shape == [2, 3, 4])
    #expect(cube.isFortranOrder)
    #expect(try archive.doubles(cube) == (0..<24).map { Double($0) })
    #expect(try archive.entry(named: "none") == nil)
  }

  @Test(arguments: ["(0, 2147483648, 4294967296)", "(0, 4611686018427387904, 4611686018427387904)"])
  func `an array of no values is read however far it extends`(_ shape: String) throws {
    let scratch = try Scratch()
    for order in ["True", "False"] {
      let header = "{'descr': '<f8', 'fortran_order': \(order), 'shape': \(shape)}"
      let zip = PlainZip(members: [.init("x", header, data: 0)])
      let archive = try NumPyArchive(path: try scratch.file(zip.bytes, named: "\(order).npz"))
      let entry = try #require(try archive.entry(named: "x"))
      #expect(entry.count == 0)
      #expect(try archive.doubles(entry) == [])
    }
  }

  @Test(arguments: 1...3)
  func `every version of the header is read`(_ version: Int) throws {
    let archive = try NumPyArchive(path: fixture("arrays_version\(version).npz"))
    let entry = try #require(try archive.entry(named: "x"))
    #expect(try archive.doubles(entry) == Self.values["f"])
  }

  @Test func `a type is never taken for another`() throws {
    let archive = try NumPyArchive(path: fixture("arrays_stored.npz"))
    for name in archive.names where name.contains(" ") {
      let entry = try #require(try archive.entry(named: name))
      let isReal = name.contains("f")
      #expect(((try? archive.doubles(entry)) != nil) == isReal, "\(name)")
      #expect(((try? archive.integers(entry)) != nil) == !isReal, "\(name)")
    }
    let large = try #require(try archive.entry(named: "large"))
    let error = #expect(throws: FileError.self) { _ = try archive.integers(large) }
    #expect("\(error!)".contains("array large, value 1: expected an integer below 2^63, got 9223"))
  }

  @Test(arguments: [
    ("object", "Python objects (dtype '|O')"), ("complex", "complex numbers (dtype '<c16')"),
    ("structured", "a structured array"), ("subarray", "a structured array"),
    ("text", "text (dtype '<U1')"), ("bytes", "text (dtype '|S2')"),
    ("bool", "truth values (dtype '|b1')"), ("time", "times (dtype '<M8[D]')"),
    ("long", "floats of another size (dtype '<f16')"),
    ("void", "raw bytes or a structure (dtype '|V3')"),
  ])
  func `what is no plain number is refused, and said`(_ name: String, _ found: String) throws {
    let archive = try NumPyArchive(path: fixture("refused.npz"))
    let error = #expect(throws: FileError.self) { _ = try archive.entry(named: name) }
    #expect(
      "\(error!)".hasSuffix(
        "refused.npz: array \(name): expected numbers of type float16 to 64, int8 to 64 or uint8 "
          + "to 64, got \(found); convert it with astype before saving"))
    #expect(error?.exitStatus == 65)
  }

  @Test func `headers as older versions wrote them are read`() throws {
    let scratch = try Scratch()
    for (i, dictionary) in [
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 1L)}",
      #"{"shape":(2,1,),"descr":"f8","fortran_order":True}  \#n"#,
      "{ 'fortran_order' : False , 'shape' : ( 2 , 1 ) , 'descr' : '=f8' , }\n",
    ].enumerated() {
      let zip = PlainZip(members: [.init("x", dictionary, data: 16)])
      let archive = try NumPyArchive(path: try scratch.file(zip.bytes, named: "\(i)"))
      let entry = try #require(try archive.entry(named: "x"))
      #expect(entry.shape == [2, 1])
      #expect(try archive.doubles(entry) == [0, 0])
    }
  }

  @Test(arguments: [false, true])
  func `stored, deflated and with wide sizes it is the same`(_ isWide: Bool) throws {
    let scratch = try Scratch()
    let point = plainMembers(of: try content(of: fixture("point.npz")))
    for method in [0, 8] {
      let members = point.map { PlainZip.Member(name: $0.name, bytes: $0.bytes, method: method) }
      let path = try scratch.file(PlainZip(members: members, isWide: isWide).bytes)
      #expect(try PointFile(path: path).point == PointFileTests.point)
    }
  }

  @Test func `headers of every length have the bytes that NumPy writes`() throws {
    let scratch = try Scratch()
    let path = scratch.path("file.npz")
    try NumPyArchive.write(
      [
        NamedArray("scalar", shape: [], [0.1]), NamedArray("list", shape: [3], [0, 1, 2]),
        NamedArray("deep", shape: [Int](repeating: 1, count: 15), [1.0]),
        NamedArray("empty", shape: [0, 7], [] as [Float]), NamedArray("text", text: "text"),
      ], to: path)
    let numpy = plainMembers(of: try content(of: fixture("arrays_written.npz")))
    #expect(numpy.count == 5)
    #expect(plainMembers(of: try content(of: path)) == numpy)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `what is written is read back`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let scratch = try Scratch()
    let shape = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
      Int.random(in: 0...5, using: &generator)
    }
    let count = shape.reduce(1, *)
    let doubles = (0..<count).map { _ in Double(bitPattern: generator.next()) }
    let floats = (0..<count).map { _ in
      Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
    }
    let integers = (0..<count).map { _ in Int(truncatingIfNeeded: generator.next()) }
    let path = scratch.path("file.npz")
    try NumPyArchive.write(
      [
        NamedArray("i", shape: shape, integers), NamedArray("d", shape: shape, doubles),
        NamedArray("ü/f", shape: shape, floats), NamedArray("t", text: "é"),
      ], to: path)
    let file = try NumPyArchive(path: path)
    #expect(file.names == ["i", "d", "ü/f", "t"])
    let entry = try #require(try file.entry(named: "i"))
    #expect(entry.shape == shape)
    #expect(try file.integers(entry) == integers)
    #expect(
      try file.doubles(try #require(try file.entry(named: "d"))).map(\.bitPattern)
        == doubles.map(\.bitPattern))
    // A signalling NaN may come out quiet, but as a NaN.
    for (ours, theirs) in zip(
      try file.doubles(try #require(try file.entry(named: "ü/f"))), floats)
    {
      #expect(ours == Double(theirs) || ours.isNaN && theirs.isNaN)
    }
    #expect(try file.integers(try #require(try file.entry(named: "t"))) == [0xC3, 0xA9])
  }
}
