// The few literals of Python that the header of an array is made of.

extension HeaderScanner {
  /// The next key of a dictionary, its colon taken too, or nothing at the end.
  mutating func nextPythonKey(after count: Int) throws(FileError) -> String? {
    guard try hasNextOrComma(after: count, closing: "}") else { return nil }
    let key = try pythonString()
    try take(":")
    return key
  }

  /// A string of printable ASCII without escapes, in either kind of quotes.
  mutating func pythonString() throws(FileError) -> String {
    skipSpace()
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw refusal("a string", nextInWords)
    }
    takeByte()
    var text = ""
    while let byte = next, byte != quote {
      guard (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\\") else {
        throw refusal("plain text", nextInWords)
      }
      text.unicodeScalars.append(Unicode.Scalar(byte))
      takeByte()
    }
    try take(Unicode.Scalar(quote))
    return text
  }

  /// `True` or `False`.
  mutating func pythonBool() throws(FileError) -> Bool {
    skipSpace()
    let value = next == UInt8(ascii: "T")
    for letter in (value ? "True" : "False").unicodeScalars {
      guard next == UInt8(ascii: letter) else { throw refusal("True or False", nextInWords) }
      takeByte()
    }
    return value
  }

  /// A tuple of integers that are not negative, each perhaps with the L of Python 2.
  mutating func pythonTuple() throws(FileError) -> [Int] {
    var values: [Int] = []
    try take("(")
    while try hasNextOrComma(after: values.count, closing: ")") {
      values.append(try integer())
      if next == UInt8(ascii: "L") { takeByte() }
    }
    return values
  }

  /// As `hasNext`, but a comma may stand before the end.
  private mutating func hasNextOrComma(
    after count: Int, closing: Unicode.Scalar
  ) throws(FileError) -> Bool {
    guard try hasNext(after: count, closing: closing) else { return false }
    skipSpace()
    guard count > 0, next == UInt8(ascii: closing) else { return true }
    takeByte()
    return false
  }
}
