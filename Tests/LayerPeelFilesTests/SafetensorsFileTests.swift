import LayerPeelFiles
import Testing

struct SafetensorsFileTests {
  @Test(arguments: ["F64", "F32", "F16", "BF16"])
  func `floating-point arrays written by Python are read exactly`(_ name: String) throws {
    let file = try SafetensorsFile(path: fixture("all_types.safetensors"))
    let entry = try #require(file.entry(named: name))
    #expect(entry.type.rawValue == name)
    #expect(try file.doubles(entry) == [-1.5, 0, 2])
  }

  @Test(arguments: ["F32", "F16", "BF16"])
  func `and as floats, where floats can hold them`(_ name: String) throws {
    let file = try SafetensorsFile(path: fixture("all_types.safetensors"))
    #expect(try file.floats(try #require(file.entry(named: name))) == [-1.5, 0, 2])
  }

  @Test(arguments: ["I8", "I16", "I32", "I64"])
  func `signed integers written by Python are read exactly`(_ name: String) throws {
    let file = try SafetensorsFile(path: fixture("all_types.safetensors"))
    #expect(try file.integers(try #require(file.entry(named: name))) == [-2, 0, 3])
  }

  @Test(arguments: ["U8", "U16", "U32", "U64"])
  func `unsigned integers written by Python are read exactly`(_ name: String) throws {
    let file = try SafetensorsFile(path: fixture("all_types.safetensors"))
    #expect(try file.integers(try #require(file.entry(named: name))) == [0, 3, 200])
  }

  @Test func `single values, empty arrays and any name are read`() throws {
    let file = try SafetensorsFile(path: fixture("all_types.safetensors"))
    let scalar = try #require(file.entry(named: "scalar"))
    #expect(scalar.shape == [])
    #expect(try file.doubles(scalar) == [0.1])
    let empty = try #require(file.entry(named: "empty"))
    #expect(empty.shape == [0, 7])
    #expect(try file.doubles(empty) == [])
    #expect(try file.integers(try #require(file.entry(named: "quote \" and é"))) == [42])
    #expect(file.metadata == [:])
  }

  @Test func `a type is never taken for another`() throws {
    let file = try SafetensorsFile(path: fixture("all_types.safetensors"))
    for entry in file.entries {
      let name = entry.type.rawValue
      let isReal = name.contains("F")
      #expect(((try? file.doubles(entry)) != nil) == isReal, "\(name)")
      #expect(((try? file.floats(entry)) != nil) == (isReal && name != "F64"), "\(name)")
      #expect(((try? file.integers(entry)) != nil) == (!isReal && name != "BOOL"), "\(name)")
    }
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
    let metadata = ["seed": "\(seed)", "text": "\"\\/\u{1}\n é 😀"]
    let path = scratch.path("file.safetensors")
    try SafetensorsFile.write(
      [
        NamedArray("i", shape: shape, integers), NamedArray("d", shape: shape, doubles),
        NamedArray("a/\t\"ü", shape: shape, floats),
      ], metadata: metadata, to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == metadata)
    #expect(file.entries.map(\.shape) == [shape, shape, shape])
    #expect(
      try file.doubles(try #require(file.entry(named: "d"))).map(\.bitPattern)
        == doubles.map(\.bitPattern))
    #expect(try file.integers(try #require(file.entry(named: "i"))) == integers)
    #expect(
      try file.floats(try #require(file.entry(named: "a/\t\"ü"))).map(\.bitPattern)
        == floats.map(\.bitPattern))
  }
}
