/// The data sets that have a name here.
public enum DataSetName: String, Codable, CaseIterable, Sendable {
  /// Handwritten digits, 28 × 28.
  case mnist
  /// Pieces of clothing, 28 × 28.
  case fashionMNIST = "fashion-mnist"
  /// Handwritten hiragana of old Japanese books, 28 × 28.
  case kuzushijiMNIST = "kuzushiji-mnist"
  /// Photographs, 32 × 32 in colour.
  case cifar10

  /// The data set called `name`; `kmnist` is `kuzushiji-mnist`.
  ///
  /// - Throws: ``FileError/unknownDataSet(name:nearest:known:)``, with the one that was likely
  ///   meant.
  public init(named name: String) throws(FileError) {
    guard let known = name == DataSetName.alias ? .kuzushijiMNIST : DataSetName(rawValue: name)
    else {
      let names = DataSetName.allCases.map(\.rawValue)
      let likely = nearest(to: name, among: names + [DataSetName.alias])!
      throw .unknownDataSet(name: name, nearest: likely, known: names)
    }
    self = known
  }

  private static let alias = "kmnist"

  /// What its classes are called, in the order of their labels.
  public var classNames: [String] {
    switch self {
    case .mnist: (0...9).map(String.init)
    case .fashionMNIST:
      [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
      ]
    case .kuzushijiMNIST:
      ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]
    case .cifar10:
      [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
      ]
    }
  }

  /// Its classes in their own writing, where ``classNames`` are transcribed.
  public var classSigns: [String]? {
    self == .kuzushijiMNIST ? "おきすつなはまやれを".map(String.init) : nil
  }

  /// What its publisher put out: images to train on and to test on, and their shape.
  public var published: (train: Int, test: Int, channels: Int, rows: Int, columns: Int) {
    self == .cifar10 ? (50_000, 10_000, 3, 32, 32) : (60_000, 10_000, 1, 28, 28)
  }

  /// Where Debian puts it, if it has it.
  var debianFolder: String? {
    self == .fashionMNIST ? "/usr/share/datasets/fashion-mnist" : nil
  }

  /// How to get it: one clause that says what to put where.
  public var howToGet: String {
    let files = IDXFileName.allCases.map { "\($0.rawValue).gz" }.joined(separator: ", ")
    let folder = "into a folder and name it with --data-dir"
    return switch self {
    case .mnist:
      "put \(files), packed or not, \(folder); they are at "
        + "https://ossci-datasets.s3.amazonaws.com/mnist/ (http://yann.lecun.com/exdb/mnist/ is "
        + "often down)"
    case .fashionMNIST:
      "run `apt install dataset-fashion-mnist`, or put \(files), packed or not, \(folder); they are "
        + "at https://github.com/zalandoresearch/fashion-mnist"
    case .kuzushijiMNIST:
      "put \(files), packed or not, \(folder); they are at http://codh.rois.ac.jp/kmnist/"
    case .cifar10:
      "put \(CIFARFiles.archiveName), unpacked or not, \(folder); it is the binary version at "
        + "https://www.cs.toronto.edu/~kriz/cifar.html"
    }
  }
}
