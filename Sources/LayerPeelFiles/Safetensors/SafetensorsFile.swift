/// A safetensors file open for reading: named arrays, each with its type and shape.
///
/// Opening reads the header alone and checks it against the file's length: the arrays fill the
/// data without overlap or gap. Values are read when asked for, so that memory is taken only for
/// them. *Format:* eight bytes of header length, little-endian; a JSON header; the data.
///
/// > Source: [safetensors](https://github.com/huggingface/safetensors), format of 2022.
public struct SafetensorsFile: Sendable {
  /// How the entries of an array are stored, in the order in which arrays are written.
  public enum ElementType: String, CaseIterable, Sendable {
    /// One byte, 0 or 1.
    case bool = "BOOL"
    /// Unsigned, one byte.
    case unsigned8 = "U8"
    /// Signed, one byte.
    case signed8 = "I8"
    /// Signed, two bytes.
    case signed16 = "I16"
    /// Unsigned, two bytes.
    case unsigned16 = "U16"
    /// IEEE half precision.
    case float16 = "F16"
    /// The upper half of single precision.
    case bfloat16 = "BF16"
    /// Signed, four bytes.
    case signed32 = "I32"
    /// Unsigned, four bytes.
    case unsigned32 = "U32"
    /// IEEE single precision.
    case float32 = "F32"
    /// IEEE double precision.
    case float64 = "F64"
    /// Signed, eight bytes.
    case signed64 = "I64"
    /// Unsigned, eight bytes.
    case unsigned64 = "U64"

    /// Bytes of one entry.
    public var size: Int {
      switch self {
      case .bool, .unsigned8, .signed8: 1
      case .signed16, .unsigned16, .float16, .bfloat16: 2
      case .signed32, .unsigned32, .float32: 4
      case .float64, .signed64, .unsigned64: 8
      }
    }
  }

  /// What the header says of one array.
  public struct Entry: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// How its values are stored.
    public let type: ElementType
    /// Its extents, outermost first; empty for a single value.
    public let shape: [Int]
    /// The bytes it takes, counted from the start of the data.
    public let range: Range<Int>

    /// How many values it has.
    public var count: Int { range.count / type.size }
  }

  /// Where the file is, as the user wrote it.
  public let path: String
  /// All arrays, in the order of their data.
  public let entries: [Entry]
  /// Free text about the file; empty where it has none.
  public let metadata: [String: String]

  let file: InputFile
  let dataStart: Int

  /// Opens the file at `path` and checks its header.
  public init(path: String) throws(FileError) {
    try self.init(InputFile(path: path, cure: "name a safetensors file that exists"))
  }

  init(_ file: InputFile) throws(FileError) {
    let header = try SafetensorsHeader(of: file)
    self.path = file.path
    self.entries = header.entries
    self.metadata = header.metadata
    self.dataStart = header.dataStart
    self.file = file
  }

  /// The array of this name, if there is one.
  public func entry(named name: String) -> Entry? {
    entries.first { $0.name == name }
  }
}
