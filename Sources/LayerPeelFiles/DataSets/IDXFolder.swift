import Glibc
import LayerPeel

/// The four files of a data set in the format of MNIST.
enum IDXFileName: String, CaseIterable {
  case trainImages = "train-images-idx3-ubyte"
  case trainLabels = "train-labels-idx1-ubyte"
  case testImages = "t10k-images-idx3-ubyte"
  case testLabels = "t10k-labels-idx1-ubyte"
}

/// A folder with the four files of a data set in the format of MNIST.
struct IDXFolder {
  /// Where it is.
  let path: String
  private let name: DataSetName

  /// The first folder that has one of the files of `name`.
  init(of name: DataSetName, in folder: String?, home: DataHome) throws(FileError) {
    let candidates =
      folder.map { [$0, "\($0)/\(name.rawValue)"] }
      ?? [home.folder(of: name), name.debianFolder].compactMap { $0 }
    let found = candidates.first { folder in
      IDXFileName.allCases.contains { IDXFolder.path(of: $0, in: folder) != nil }
    }
    guard let found else {
      throw .dataSetNotThere(name: name.rawValue, searched: candidates, cure: name.howToGet)
    }
    self.path = found
    self.name = name
  }

  private static func path(of file: IDXFileName, in folder: String) -> String? {
    ["\(folder)/\(file.rawValue)", "\(folder)/\(file.rawValue).gz"].first { access($0, F_OK) == 0 }
  }

  private func path(of file: IDXFileName) throws(FileError) -> String {
    guard let path = IDXFolder.path(of: file, in: path) else {
      throw .notThere(path: "\(path)/\(file.rawValue)(.gz)", cure: name.howToGet)
    }
    return path
  }
}

extension IDXFolder {
  /// The whole data set, its files known to fit together.
  func dataSet() throws(FileError) -> ImageDataSet {
    let train = try split(.trainImages, .trainLabels)
    let classes = try classes(of: train.split.labels)
    let test = try split(.testImages, .testLabels)
    try check(test.split.labels, test.shape, against: train.shape, classes: classes)
    return ImageDataSet(
      name: name, source: path,
      verification: Verification(combining: train.verifications + test.verifications),
      channels: 1, rows: train.shape[0], columns: train.shape[1], classes: classes,
      train: train.split, test: test.split)
  }

  /// Images with their labels, and the extents of an image.
  private func split(
    _ images: IDXFileName, _ labels: IDXFileName
  ) throws(FileError) -> (
    split: ImageDataSet.Split, shape: [Int], verifications: [Verification]
  ) {
    let (labelFile, labelVerification) = try read(labels)
    let (imageFile, imageVerification) = try read(images)
    guard labelFile.shape.count == 1 else {
      throw refusal(try path(of: labels), "one extent", "\(labelFile.shape.count)")
    }
    guard imageFile.shape.count == 3, !imageFile.shape.dropFirst().contains(0) else {
      let shape = imageFile.shape.map(String.init).joined(separator: " × ")
      throw refusal(try path(of: images), "images × rows × columns, none of them empty", shape)
    }
    guard imageFile.shape[0] == labelFile.shape[0] else {
      throw refusal(
        try path(of: images), "an image for each of the \(labelFile.shape[0]) labels",
        "\(imageFile.shape[0]) images")
    }
    let split = ImageDataSet.Split(images: imageFile.bytes, labels: labelFile.bytes.map(Int.init))
    return (split, Array(imageFile.shape.dropFirst()), [imageVerification, labelVerification])
  }

  private func read(_ file: IDXFileName) throws(FileError) -> (IDXFile, Verification) {
    let published = name.publishedSum(of: file.rawValue)
    var stream = try ByteStream(
      path: try path(of: file), cure: name.howToGet,
      digesting: published?.digested ?? .nothing)
    let content = try IDXFile(reading: &stream)
    return (
      content,
      published?.judge(stream.sums, of: file.rawValue)
        ?? .unknown(because: "no sum of \(file.rawValue) is known")
    )
  }

  /// `K` of training labels, every class of which must occur.
  private func classes(of labels: [Int]) throws(FileError) -> Int {
    do { return try Labels(labels).classes } catch {
      throw .badLabels(path: try path(of: .trainLabels), error)
    }
  }

  /// Makes sure that test images are of the kind that was trained on.
  private func check(
    _ labels: [Int], _ shape: [Int], against trained: [Int], classes: Int
  ) throws(FileError) {
    guard shape == trained else {
      throw refusal(
        try path(of: .testImages), "images of \(trained[0]) × \(trained[1]) as in training",
        "\(shape[0]) × \(shape[1])")
    }
    if let i = labels.firstIndex(where: { $0 >= classes }) {
      throw refusal(
        try path(of: .testLabels), "label \(i) among the \(classes) classes of training",
        "\(labels[i])")
    }
    guard let k = ImageDataSet.missingClass(in: labels, of: classes) else { return }
    throw refusal(
      try path(of: .testLabels), "images of each of the \(classes) classes of training",
      "none of class \(k)")
  }

  private func refusal(_ path: String, _ expected: String, _ found: String) -> FileError {
    .malformed(
      path: path, place: "content", expected: expected, found: found,
      cure: "get all four files from one place")
  }
}
