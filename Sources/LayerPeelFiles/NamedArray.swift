/// A named array to be written, in whichever format.
public struct NamedArray: Hashable, Sendable {
  /// How values are stored, in types that every format has.
  public enum ElementType: Hashable, Sendable {
    /// Unsigned, one byte.
    case byte
    /// Signed, eight bytes.
    case integer
    /// IEEE single precision.
    case single
    /// IEEE double precision.
    case double
  }

  /// Its name.
  public let name: String
  /// How its values are stored.
  public let type: ElementType
  /// Its extents, outermost first.
  public let shape: [Int]
  /// Its values, row after row, little-endian.
  public let bytes: [UInt8]

  /// Doubles, stored as they are.
  public init(_ name: String, shape: [Int], _ values: [Double]) {
    self.init(name, .double, shape, values.map(\.bitPattern))
  }

  /// Floats, stored as they are.
  public init(_ name: String, shape: [Int], _ values: [Float]) {
    self.init(name, .single, shape, values.map(\.bitPattern))
  }

  /// Integers, stored in eight bytes each.
  public init(_ name: String, shape: [Int], _ values: [Int]) {
    self.init(name, .integer, shape, values)
  }

  /// Text, stored as its bytes in UTF-8.
  public init(_ name: String, text: String) {
    self.init(name, .byte, [text.utf8.count], Array(text.utf8))
  }

  private init(
    _ name: String, _ type: ElementType, _ shape: [Int], _ bits: [some FixedWidthInteger]
  ) {
    precondition(bits.count == shape.reduce(1, *), "\(bits.count) values, shape \(shape)")
    self.name = name
    self.type = type
    self.shape = shape
    self.bytes = bits.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }
}
