import LayerPeel

/// Labelled images, grey or in colour, in a part to train on and a part to test on.
public struct ImageDataSet: Hashable, Sendable {
  /// Images and their labels.
  public struct Split: Hashable, Sendable {
    /// Levels 0 to 255, `N × channels × rows × columns`, each plane of an image row after row.
    public let images: [UInt8]
    /// `y_i`, the class of each image, in `0..<classes`.
    public let labels: [Int]

    /// `N`.
    public var count: Int { labels.count }
  }

  /// Which one it is.
  public let name: DataSetName
  /// The folder or archive it came from.
  public let source: String
  /// Whether its files are its publisher's.
  public let verification: Verification
  /// 1 for grey images; 3 for colour: red, green and blue.
  public let channels: Int
  /// Rows of an image.
  public let rows: Int
  /// Columns of an image.
  public let columns: Int
  /// `K`: every class occurs in the training part.
  public let classes: Int
  /// What to train on.
  public internal(set) var train: Split
  /// What to test on, of the same image size and classes.
  public let test: Split

  /// Levels of an image: `channels × rows × columns`.
  public var pixels: Int { channels * rows * columns }
}

extension ImageDataSet {
  /// Reads the data set called `name`.
  ///
  /// Looked for in `folder` and in `folder/<name>`, or where none is given in `home` and then in
  /// Debian's package. The first folder that has one of the set's files must have them all. MD5
  /// sums are computed as files are read.
  ///
  /// - Throws: ``FileError``: an unknown name, files that are not there, do not fit together, or are
  ///   those of another known data set.
  public init(named name: String, in folder: String? = nil, home: DataHome) throws(FileError) {
    try self.init(DataSetName(named: name), in: folder, home: home)
  }

  /// Reads a known data set, as ``init(named:in:home:)`` does.
  public init(_ name: DataSetName, in folder: String? = nil, home: DataHome) throws(FileError) {
    self =
      name == .cifar10
      ? try CIFARFiles(in: folder, home: home).dataSet()
      : try IDXFolder(of: name, in: folder, home: home).dataSet()
    if case .differs(_, let other?) = verification {
      throw .malformed(
        path: source, place: "MD5 sums", expected: "the files of \(name.rawValue)",
        found: "those of \(other.rawValue)",
        cure: "ask for \(other.rawValue), or put the files of \(name.rawValue) there")
    }
  }

  /// What the user should know before it is used: that its files are not its publisher's.
  public var warning: String? {
    guard case .differs(let files, _) = verification else { return nil }
    let which = files.count > 3 ? "\(files.count) files" : files.joined(separator: ", ")
    return "data set \(name.rawValue): \(which) in \(source) are not its "
      + "publisher's, by their MD5 sums; they are used as they are"
  }

  /// What its classes are called, or their numbers where they are not as many as its publisher's.
  public var classNames: [String] {
    name.classNames.count == classes ? name.classNames : (0..<classes).map(String.init)
  }
}

extension ImageDataSet {
  /// The first class that no label names; a network is judged by images of all.
  static func missingClass(in labels: [Int], of classes: Int) -> Int? {
    Split(images: [], labels: labels).sizes(classes: classes).firstIndex(of: 0)
  }
}

extension ImageDataSet.Split {
  /// How many images each class has.
  public func sizes(classes: Int) -> [Int] {
    var sizes = [Int](repeating: 0, count: classes)
    for label in labels { sizes[label] += 1 }
    return sizes
  }
}
