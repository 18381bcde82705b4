/// Reads the text of a header, strictly and without recursion.
///
/// A general decoder would let duplicate names pass and could not say where it stopped.
struct HeaderScanner {
  private let bytes: [UInt8]
  private let path: String
  private let place: String
  private let offset: Int
  private let cure: String
  private var position = 0

  /// A scanner of `bytes`, which start at byte `offset` of `place` in the file at `path`.
  init(_ bytes: [UInt8], path: String, place: String, offset: Int, cure: String) {
    self.bytes = bytes
    self.path = path
    self.place = place
    self.offset = offset
    self.cure = cure
  }

  /// An error that says where the scanner stands.
  func refusal(_ expected: String, _ found: String) -> FileError {
    .malformed(
      path: path, place: "\(place), byte \(offset + position)", expected: expected, found: found,
      cure: cure)
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

  /// Whether a list or object goes on after `count` members, its comma or `closing` taken too.
  mutating func hasNext(
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

  /// An integer that is not negative.
  mutating func integer() throws(FileError) -> Int {
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

// MARK: - Bytes

extension HeaderScanner {
  /// The byte at which the scanner stands.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The same for people.
  var nextInWords: String {
    guard let next else { return "the end of the header" }
    return (0x20..<0x7F).contains(next)
      ? "'\(Unicode.Scalar(next))'" : "byte 0x\(String(next, radix: 16))"
  }

  /// Takes one byte, whatever it is.
  mutating func takeByte() { position += 1 }

  /// Takes white space.
  mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
