import Glibc
import LayerPeel

/// Where CIFAR-10 lies in its binary form: six files in a folder, or the archive that holds them.
///
/// *Format:* a record for each image, without anything between: its label in one byte, then
/// 3 × 32 × 32 levels, red, green and blue, each plane row after row.
///
/// > Source: [Krizhevsky, CIFAR-10](https://www.cs.toronto.edu/~kriz/cifar.html).
struct CIFARFiles {
  /// The folder of the files, or the archive.
  let path: String
  private let isArchive: Bool

  /// What the publisher calls them.
  static let archiveName = "cifar-10-binary.tar.gz"
  static let folderName = "cifar-10-batches-bin"
  static let trainNames = (1...5).map { "data_batch_\($0).bin" }
  static let testName = "test_batch.bin"
  private static let names = trainNames + [testName]

  /// The first folder that has one of the files, or the archive.
  init(in folder: String?, home: DataHome) throws(FileError) {
    let name = DataSetName.cifar10
    let places = folder.map { [$0, "\($0)/\(name.rawValue)"] } ?? [home.folder(of: name)]
    let folders = places.flatMap { [$0, "\($0)/\(CIFARFiles.folderName)"] }
    let found = folders.first { folder in
      CIFARFiles.names.contains { access("\(folder)/\($0)", F_OK) == 0 }
    }
    if let found {
      (path, isArchive) = (found, false)
      return
    }
    let archives = places.map { "\($0)/\(CIFARFiles.archiveName)" }
    guard let archive = archives.first(where: { access($0, F_OK) == 0 }) else {
      throw .dataSetNotThere(name: name.rawValue, searched: folders, cure: name.howToGet)
    }
    (path, isArchive) = (archive, true)
  }

  /// The whole data set.
  func dataSet() throws(FileError) -> ImageDataSet {
    let batches = isArchive ? try archivedBatches() : try fileBatches()
    var train = CIFARBatch()
    for name in CIFARFiles.trainNames { train.append(try batch(name, of: batches)) }
    let test = try batch(CIFARFiles.testName, of: batches)
    let classes: Int
    do { classes = try Labels(train.labels).classes } catch {
      throw .badLabels(path: path, error)
    }
    if let i = test.labels.firstIndex(where: { $0 >= classes }) {
      throw .malformed(
        path: path, place: "\(CIFARFiles.testName), image \(i)",
        expected: "a label among the \(classes) classes of training", found: "\(test.labels[i])",
        cure: DataSetName.cifar10.howToGet)
    }
    if let k = ImageDataSet.missingClass(in: test.labels, of: classes) {
      throw .malformed(
        path: path, place: CIFARFiles.testName,
        expected: "images of each of the \(classes) classes of training",
        found: "none of class \(k)", cure: DataSetName.cifar10.howToGet)
    }
    return ImageDataSet(
      name: .cifar10, source: path,
      verification: Verification(
        combining: CIFARFiles.names.compactMap { batches[$0]?.verification }),
      channels: CIFARBatch.channels, rows: CIFARBatch.side, columns: CIFARBatch.side,
      classes: classes, train: train.split, test: test.split)
  }

  private func batch(
    _ name: String, of batches: [String: CIFARBatch]
  ) throws(FileError) -> CIFARBatch {
    guard let batch = batches[name] else {
      throw .notThere(path: "\(path)/\(name)", cure: DataSetName.cifar10.howToGet)
    }
    return batch
  }

  private func fileBatches() throws(FileError) -> [String: CIFARBatch] {
    var batches: [String: CIFARBatch] = [:]
    for name in CIFARFiles.names {
      let path = "\(path)/\(name)"
      let file = try InputFile(path: path, cure: DataSetName.cifar10.howToGet)
      try checkMemory(for: path, count: file.size, stride: 2)
      batches[name] = try CIFARBatch(try file.read(0..<file.size), of: path, named: name)
    }
    return batches
  }

  private func archivedBatches() throws(FileError) -> [String: CIFARBatch] {
    var archive = TarReader(
      try ByteStream(path: path, cure: DataSetName.cifar10.howToGet))
    var batches: [String: CIFARBatch] = [:]
    while let member = try archive.next() {
      guard member.isFile, CIFARFiles.names.contains(member.name), batches[member.name] == nil
      else {
        try archive.skip(member)
        continue
      }
      batches[member.name] = try CIFARBatch(
        try archive.content(of: member), of: "\(path): \(member.name)", named: member.name)
    }
    return batches
  }
}

/// The records of one of CIFAR-10's files.
struct CIFARBatch {
  static let channels = 3
  static let side = 32
  private static let pixels = channels * side * side
  private static let record = 1 + pixels
  private static let classes = 10

  private(set) var images: [UInt8] = []
  private(set) var labels: [Int] = []
  private(set) var verification = Verification.verified

  init() {}

  /// The records that make up `bytes`: at least one, none of them cut.
  ///
  /// - Throws: `FileError.malformed` that says where.
  init(_ bytes: [UInt8], of path: String, named name: String) throws(FileError) {
    let count = bytes.count / CIFARBatch.record
    guard count > 0, bytes.count % CIFARBatch.record == 0 else {
      throw .malformed(
        path: path, place: "byte \(count * CIFARBatch.record)",
        expected: "whole records of \(CIFARBatch.record) bytes, a label and 3 × 32 × 32 levels",
        found: "\(bytes.count % CIFARBatch.record) bytes at the end of \(bytes.count)",
        cure: "this is no whole CIFAR-10 file, so get it again")
    }
    images.reserveCapacity(count * CIFARBatch.pixels)
    labels.reserveCapacity(count)
    for i in 0..<count {
      let start = i * CIFARBatch.record
      guard bytes[start] < CIFARBatch.classes else {
        throw .malformed(
          path: path, place: "image \(i), byte \(start)", expected: "a label from 0 to 9",
          found: "\(bytes[start])",
          cure: "this is no CIFAR-10 file in binary form, so get it again")
      }
      labels.append(Int(bytes[start]))
      images += bytes[start + 1..<start + CIFARBatch.record]
    }
    verification =
      DataSetName.cifar10.publishedSum(of: name)?.judge((MD5.sum(of: bytes), nil), of: name)
      ?? .unknown(because: "no sum of \(name) is known")
  }

  /// Adds another's records after these.
  mutating func append(_ other: CIFARBatch) {
    images += other.images
    labels += other.labels
  }

  var split: ImageDataSet.Split { ImageDataSet.Split(images: images, labels: labels) }
}
