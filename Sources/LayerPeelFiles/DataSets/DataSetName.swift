/// The data sets that have a name here.
public enum DataSetName: String, CaseIterable, Sendable {
  /// Handwritten digits, 28 × 28.
  case mnist
  /// Pieces of clothing, 28 × 28.
  case fashionMNIST = "fashion-mnist"
  /// Photographs, 32 × 32 in colour: known, but not read yet.
  case cifar10

  /// The data set called `name`.
  ///
  /// - Throws: ``FileError/unknownDataSet(name:nearest:known:)``, with the one that was likely
  ///   meant.
  public init(named name: String) throws(FileError) {
    guard let known = DataSetName(rawValue: name) else {
      let names = DataSetName.allCases.map(\.rawValue)
      let nearest = names.min {
        editDistance(name.lowercased(), $0) < editDistance(name.lowercased(), $1)
      }
      throw .unknownDataSet(name: name, nearest: nearest!, known: names)
    }
    self = known
  }

  /// Where Debian puts it, if it has it.
  var debianFolder: String? {
    self == .fashionMNIST ? "/usr/share/datasets/fashion-mnist" : nil
  }

  /// How to get it.
  var cure: String {
    let files = "\(IDXFileName.allCases.map(\.rawValue).joined(separator: ", ")), plain or .gz"
    return debianFolder == nil
      ? "put \(files), into a folder and name it with --data-dir"
      : "run `apt install dataset-fashion-mnist`, or put \(files), into a folder and name it with "
        + "--data-dir"
  }
}

/// The four files of a data set in the format of MNIST.
enum IDXFileName: String, CaseIterable {
  case trainImages = "train-images-idx3-ubyte"
  case trainLabels = "train-labels-idx1-ubyte"
  case testImages = "t10k-images-idx3-ubyte"
  case testLabels = "t10k-labels-idx1-ubyte"
}
