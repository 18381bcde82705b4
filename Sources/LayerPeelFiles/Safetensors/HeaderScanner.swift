/// Reads the JSON of a safetensors header, strictly and without recursion.
///
/// A general decoder would let duplicate names pass and could not say where it stopped.
struct HeaderScanner {
  private let bytes: [UInt8]
  private let path: String
  private let offset: Int
  private var position = 0

  /// A scanner of `bytes`, which start at byte `offset` of the file at `path`.
  init(_ bytes: [UInt8], path: String, offset: Int) {
    self.bytes = bytes
    self.path = path
    self.offset = offset
  }

  /// An error that says where the scanner stands.
  func refusal(_ expected: String, _ found: String) -> FileError {
    .malformed(
      path: path, place: "header, byte \(offset + position)", expected: expected, found: found,
      cure: "this is no safetensors file, or a damaged one: make or copy it again")
  }

  /// Takes one character of punctuation.
  mutating func take(_ character: Unicode.Scalar) throws(FileError) {
    skipSpace()
    guard next == UInt8(ascii: character) else { throw refusal("'\(character)'", nextInWords) }
    position += 1
  }

  /// Makes sure that nothing but space is left.
  mutating func takeEnd() throws(FileError) {
    skipSpace()
    guard next == nil else { throw refusal("the end of the header", nextInWords) }
  }

  /// The next key of an object, its colon taken too, or nothing at the end of the object.
  mutating func nextKey(after count: Int) throws(FileError) -> String? {
    guard try hasNext(after: count, closing: "}") else { return nil }
    let key = try string()
    try take(":")
    return key
  }

  /// A list of integers that are not negative.
  mutating func integers() throws(FileError) -> [Int] {
    var values: [Int] = []
    try take("[")
    while try hasNext(after: values.count, closing: "]") { values.append(try integer()) }
    return values
  }

  private mutating func hasNext(
    after count: Int, closing: Unicode.Scalar
  ) throws(FileError) -> Bool {
    skipSpace()
    if next == UInt8(ascii: closing) {
      position += 1
      return false
    }
    if count > 0 { try take(",") }
    return true
  }

  private mutating func integer() throws(FileError) -> Int {
    skipSpace()
    guard let first = next, isDigit(first) else {
      throw refusal("an integer that is not negative", nextInWords)
    }
    var value = 0
    while let digit = next, isDigit(digit) {
      let tens = value.multipliedReportingOverflow(by: 10)
      let sum = tens.partialValue.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !tens.overflow, !sum.overflow else {
        throw refusal("an integer below 2^63", "a larger one")
      }
      value = sum.partialValue
      position += 1
    }
    return value
  }
}

// MARK: - Strings

extension HeaderScanner {
  /// A string, its escapes resolved.
  mutating func string() throws(FileError) -> String {
    try take("\"")
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw refusal("text", nextInWords) }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text += try escape()
      } else {
        text.append(byte)
      }
    }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw refusal("text in UTF-8", "other bytes")
    }
    try take("\"")
    return string
  }

  private mutating func escape() throws(FileError) -> [UInt8] {
    guard let letter = next else { throw refusal("an escape", nextInWords) }
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t",
    ]
    if letter == UInt8(ascii: "u") {
      position += 1
      return try unicodeEscape()
    }
    guard let scalar = plain[Unicode.Scalar(letter)] else {
      throw refusal("an escape", nextInWords)
    }
    position += 1
    return [UInt8(ascii: scalar)]
  }

  private mutating func unicodeEscape() throws(FileError) -> [UInt8] {
    var units = [try codeUnit()]
    if UTF16.isLeadSurrogate(units[0]), next == UInt8(ascii: "\\") {
      position += 1
      guard next == UInt8(ascii: "u") else {
        throw refusal("the second half of a pair", nextInWords)
      }
      position += 1
      units.append(try codeUnit())
    }
    guard let string = String(validating: units, as: UTF16.self) else {
      throw refusal("a character", "half of a pair")
    }
    return Array(string.utf8)
  }

  private mutating func codeUnit() throws(FileError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw refusal("four hexadecimal digits", nextInWords)
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}

// MARK: - Bytes

extension HeaderScanner {
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var nextInWords: String {
    guard let next else { return "the end of the header" }
    return (0x20..<0x7F).contains(next)
      ? "'\(Unicode.Scalar(next))'" : "byte 0x\(String(next, radix: 16))"
  }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
