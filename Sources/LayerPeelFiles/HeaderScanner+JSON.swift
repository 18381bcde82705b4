// MARK: - Objects and lists

extension HeaderScanner {
  /// The next key of an object, its colon taken too, or nothing at the end of the object.
  mutating func nextKey(after count: Int) throws(FileError) -> String? {
    guard try hasNext(after: count, closing: "}") else { return nil }
    let key = try string()
    try take(":")
    return key
  }

  /// An object whose values are all strings.
  mutating func texts() throws(FileError) -> [String: String] {
    var texts: [String: String] = [:]
    try take("{")
    while let key = try nextKey(after: texts.count) {
      guard texts[key] == nil else { throw refusal("each key once", "\"\(key)\" again") }
      texts[key] = try string()
    }
    return texts
  }

  /// A list of integers that are not negative.
  mutating func integers() throws(FileError) -> [Int] {
    var values: [Int] = []
    try take("[")
    while try hasNext(after: values.count, closing: "]") { values.append(try integer()) }
    return values
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
      takeByte()
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
      takeByte()
      return try unicodeEscape()
    }
    guard let scalar = plain[Unicode.Scalar(letter)] else {
      throw refusal("an escape", nextInWords)
    }
    takeByte()
    return [UInt8(ascii: scalar)]
  }

  private mutating func unicodeEscape() throws(FileError) -> [UInt8] {
    var units = [try codeUnit()]
    if UTF16.isLeadSurrogate(units[0]), next == UInt8(ascii: "\\") {
      takeByte()
      guard next == UInt8(ascii: "u") else {
        throw refusal("the second half of a pair", nextInWords)
      }
      takeByte()
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
      takeByte()
    }
    return unit
  }
}
