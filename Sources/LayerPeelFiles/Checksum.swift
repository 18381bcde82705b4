/// A number that differs wherever a single word of what went into it does.
///
/// It finds damage and mix-ups, not forgeries. *Cost:* a product for every eight bytes.
public struct Checksum: Hashable, Sendable {
  /// What everything added so far comes to.
  public private(set) var value: UInt64

  /// Of nothing, or going on from an earlier value.
  public init(_ value: UInt64 = 0x6C61_7965_7270_6565) { self.value = value }

  /// Adds bytes, and that they end there.
  public mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      let whole = buffer.count / 8 * 8
      for i in stride(from: 0, to: whole, by: 8) {
        add(UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: i, as: UInt64.self)))
      }
      var rest = UInt64(0)
      for i in whole..<buffer.count { rest = rest << 8 | UInt64(buffer[i]) }
      add(rest)
    }
    add(UInt64(bytes.count))
  }

  /// Adds text.
  public mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// Adds one word: for each value so far, different words give different ones.
  public mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
    value ^= value >> 32
  }
}

extension Checksum: CustomStringConvertible {
  /// In sixteen hexadecimal digits.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
