import FoundationEssentials

/// A folder of one test, gone with it.
final class Scratch {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory
    path = folder.appending(path: "layerpeel-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  /// A file with this content; its path.
  func file(_ bytes: some Sequence<UInt8>, named name: String = "file") throws -> String {
    let path = path(name)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  func folder(_ name: String) throws -> String {
    let path = path(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

/// The committed file of this name; its script stands beside it.
func fixture(_ name: String) -> String {
  let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return tests.appending(path: "Fixtures/files/\(name)").path
}

func content(of path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: path)))
}

/// A generator that draws the same numbers in every run (Steele, Lea & Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A copy with a few bytes changed, dropped, doubled or cut off.
func damaged(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
    let i = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes[i] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes[i] = UInt8.random(in: 0...255, using: &generator)
    case 2: bytes.remove(at: i)
    case 3: bytes.insert(bytes[i], at: i)
    case 4: bytes.removeLast(min(bytes.count, Int.random(in: 1...9, using: &generator)))
    default: bytes[i] = Array("0123456789{}[]\",:\\".utf8).randomElement(using: &generator)!
    }
  }
  return bytes
}
