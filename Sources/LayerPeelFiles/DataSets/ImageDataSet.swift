import LayerPeel

/// Labelled grey images, in a part to train on and a part to test on.
public struct ImageDataSet: Hashable, Sendable {
  /// Images and their labels.
  public struct Split: Hashable, Sendable {
    /// Grey levels 0 to 255, `N × rows × columns`, each image row after row.
    public let images: [UInt8]
    /// `y_i`, the class of each image, in `0..<classes`.
    public let labels: [Int]

    /// `N`.
    public var count: Int { labels.count }
  }

  /// Which one it is.
  public let name: DataSetName
  /// The folder it came from.
  public let source: String
  /// Rows of an image.
  public let rows: Int
  /// Columns of an image.
  public let columns: Int
  /// `K`: every class occurs in the training part.
  public let classes: Int
  /// What to train on.
  public private(set) var train: Split
  /// What to test on, of the same image size and classes.
  public let test: Split

  /// Grey levels of an image.
  public var pixels: Int { rows * columns }

  /// Reads the data set called `name`.
  ///
  /// Looked for in `folder` and in `folder/<name>`, or where none is given in `home` and then in
  /// Debian's package. The first folder that has one of the four files must have them all.
  ///
  /// - Throws: ``FileError``: an unknown name, files that are not there or do not fit together.
  public init(named name: String, in folder: String? = nil, home: DataHome) throws(FileError) {
    let name = try DataSetName(named: name)
    guard name != .cifar10 else {
      throw .unsupportedDataSet(
        name: name.rawValue,
        supported: [DataSetName.fashionMNIST, .mnist].map(\.rawValue))
    }
    let source = try IDXFolder(of: name, in: folder, home: home)
    let (train, shape) = try source.split(.trainImages, .trainLabels)
    let labels = train.labels
    let classes = try source.classes(of: labels)
    let (test, testShape) = try source.split(.testImages, .testLabels)
    try source.check(test.labels, testShape, against: shape, classes: classes)
    self.name = name
    self.source = source.path
    self.rows = shape[0]
    self.columns = shape[1]
    self.classes = classes
    self.train = train
    self.test = test
  }
}

extension ImageDataSet {
  /// The same with only the first `count` training images of each class, in the order of the file.
  ///
  /// - Throws: ``FileError/tooFewImages(dataSet:label:available:perClass:)``.
  public func firstOfEachClass(_ count: Int) throws(FileError) -> ImageDataSet {
    var available = [Int](repeating: 0, count: classes)
    for label in train.labels { available[label] += 1 }
    let (label, least) = available.enumerated().min { $0.element < $1.element }!
    guard (1...least).contains(count) else {
      throw .tooFewImages(
        dataSet: name.rawValue, label: label, available: least, perClass: count)
    }
    var subset = self
    subset.train = train.firstOfEachClass(count, classes: classes, pixels: pixels)
    return subset
  }
}

extension ImageDataSet.Split {
  fileprivate func firstOfEachClass(_ count: Int, classes: Int, pixels: Int) -> Self {
    var taken = [Int](repeating: 0, count: classes)
    var images: [UInt8] = []
    var labels: [Int] = []
    images.reserveCapacity(count * classes * pixels)
    for (i, label) in self.labels.enumerated() where taken[label] < count {
      taken[label] += 1
      labels.append(label)
      images += self.images[i * pixels..<(i + 1) * pixels]
    }
    return Self(images: images, labels: labels)
  }
}
