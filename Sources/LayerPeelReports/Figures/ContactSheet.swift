public import LayerPeel
public import LayerPeelFiles

/// The first training images of each class of a data set, a row for each class.
public struct ContactSheet: Hashable, Sendable {
  /// One class.
  public struct Row: Hashable, Sendable {
    /// What it is called.
    public let name: String
    /// Its training images.
    public let count: Int
    /// Which of them are shown.
    public let images: [Int]
  }

  /// The data set.
  public let images: ImageDataSet
  /// Classes in the order of their labels.
  public let rows: [Row]
  /// Places for images in a row.
  public let perRow: Int

  /// Most images in a row.
  public static let largestRow = 100

  /// A sheet of so many images of each class, or all of a class that has fewer.
  ///
  /// - Throws: `ModelError.badSetting` unless there are 1 to ``largestRow`` in a row.
  public init(_ images: ImageDataSet, perRow: Int) throws(ModelError) {
    guard (1...ContactSheet.largestRow).contains(perRow) else {
      throw .badSetting(
        argument: "per-row", value: "\(perRow)",
        expected: "1 to \(ContactSheet.largestRow) images in a row")
    }
    var shown = [[Int]](repeating: [], count: images.classes)
    for (i, label) in images.train.labels.enumerated() where shown[label].count < perRow {
      shown[label].append(i)
    }
    let sizes = images.train.sizes(classes: images.classes)
    rows = (0..<images.classes).map {
      Row(name: images.classNames[$0], count: sizes[$0], images: shown[$0])
    }
    (self.images, self.perRow) = (images, perRow)
  }

  /// Red, green and blue of a pixel of training image `index`; all equal where it is grey.
  public func color(_ index: Int, row: Int, column: Int) -> (red: Int, green: Int, blue: Int) {
    let plane = images.rows * images.columns
    let first = index * images.pixels + row * images.columns + column
    let last = images.channels - 1
    func level(_ channel: Int) -> Int {
      Int(images.train.images[first + min(channel, last) * plane])
    }
    return (level(0), level(1), level(2))
  }
}
