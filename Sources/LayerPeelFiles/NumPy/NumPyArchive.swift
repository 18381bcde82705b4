/// A NumPy archive (`.npz`) open for reading: named arrays, each with its type and shape.
///
/// Opening reads the directory of the zip file and checks it against the file's length. An array's
/// header is read when it is asked for, and its values are unpacked when they are, a mebibyte at a
/// time, so that memory is taken only for them; whatever else is in the archive is never looked
/// at. *Format:* a zip file whose members `NAME.npy` are stored or deflated.
///
/// > Source: NumPy, *The NPY format* (NEP 1); PKWARE, APPNOTE 6.3.
public struct NumPyArchive: Sendable {
  /// How the entries of an array are stored, by NumPy's name.
  public enum ElementType: String, CaseIterable, Sendable {
    /// IEEE half precision.
    case float16
    /// IEEE single precision.
    case float32
    /// IEEE double precision.
    case float64
    /// Signed, one byte.
    case signed8 = "int8"
    /// Signed, two bytes.
    case signed16 = "int16"
    /// Signed, four bytes.
    case signed32 = "int32"
    /// Signed, eight bytes.
    case signed64 = "int64"
    /// Unsigned, one byte.
    case unsigned8 = "uint8"
    /// Unsigned, two bytes.
    case unsigned16 = "uint16"
    /// Unsigned, four bytes.
    case unsigned32 = "uint32"
    /// Unsigned, eight bytes.
    case unsigned64 = "uint64"

    /// Its letter and size in the header of an array, such as `f8`.
    var code: String {
      switch self {
      case .float16, .float32, .float64: "f\(size)"
      case .signed8, .signed16, .signed32, .signed64: "i\(size)"
      case .unsigned8, .unsigned16, .unsigned32, .unsigned64: "u\(size)"
      }
    }

    init?(code: Substring) {
      guard let type = ElementType.allCases.first(where: { $0.code == code }) else { return nil }
      self = type
    }

    /// Bytes of one entry.
    public var size: Int {
      switch self {
      case .signed8, .unsigned8: 1
      case .float16, .signed16, .unsigned16: 2
      case .float32, .signed32, .unsigned32: 4
      case .float64, .signed64, .unsigned64: 8
      }
    }
  }

  /// What the header says of one array.
  public struct Entry: Hashable, Sendable {
    /// Its name, without the `.npy` of its member.
    public let name: String
    /// How its values are stored.
    public let type: ElementType
    /// Whether the most significant byte of each comes first.
    public let isBigEndian: Bool
    /// Whether the first index varies fastest, as in Fortran; else the last.
    public let isFortranOrder: Bool
    /// Its extents, outermost first; empty for a single value.
    public let shape: [Int]

    let dataStart: Int
    let member: ZipArchive.Entry

    /// How many values it has.
    public var count: Int { (member.size - dataStart) / type.size }
  }

  /// Where the file is, as the user wrote it.
  public let path: String
  /// The names of all arrays, in the order of the directory.
  public let names: [String]

  let file: InputFile
  private let members: [String: ZipArchive.Entry]

  /// Opens the file at `path` and checks its directory.
  public init(path: String) throws(FileError) {
    try self.init(InputFile(path: path, cure: "name a .npz file that exists"))
  }

  init(_ file: InputFile) throws(FileError) {
    let arrays = try ZipArchive(file).entries.filter { $0.name.hasSuffix(".npy") }
    path = file.path
    names = arrays.map { String($0.name.dropLast(4)) }
    members = Dictionary(zip(names, arrays)) { first, _ in first }
    self.file = file
  }

  /// The array of this name, if there is one.
  ///
  /// - Throws: ``FileError/malformed(path:place:expected:found:cure:)`` for an array of objects,
  ///   complex numbers, text or structures, and for a damaged one.
  public func entry(named name: String) throws(FileError) -> Entry? {
    guard let entry = members[name] else { return nil }
    let member = try ZipMember(entry, in: ZipArchive(file))
    let header = try NumPyHeader(member, size: entry.size, name: name, path: path)
    return Entry(
      name: name, type: header.type, isBigEndian: header.isBigEndian,
      isFortranOrder: header.isFortranOrder, shape: header.shape, dataStart: header.dataStart,
      member: entry)
  }
}
