import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import Testing

struct ImageDataSetTests {
  /// Labels of the small data set that the tests write; image `i` has four bytes `i`.
  static let trainLabels: [UInt8] = [1, 0, 1, 2, 0, 2, 1]
  static let testLabels: [UInt8] = [2, 0, 1]

  private static func idx(_ shape: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, 0, $0] } + bytes
  }

  /// Four files, some of them replaced, in `folder`.
  private func write(_ scratch: Scratch, _ folder: String, _ replaced: [String: [UInt8]] = [:])
    throws
  {
    func images(_ count: UInt8) -> [UInt8] {
      Self.idx([count, 2, 2], (0..<count).flatMap { [$0, $0, $0, $0] })
    }
    let files = [
      "train-images-idx3-ubyte": images(7), "t10k-images-idx3-ubyte": images(3),
      "train-labels-idx1-ubyte": Self.idx([7], Self.trainLabels),
      "t10k-labels-idx1-ubyte": Self.idx([3], Self.testLabels),
    ]
    _ = try scratch.folder(folder)
    for (name, bytes) in files.merging(replaced, uniquingKeysWith: { $1 }) where bytes != [] {
      _ = try scratch.file(bytes, named: "\(folder)/\(name)")
    }
  }

  private let nowhere = DataHome(environment: ["LAYERPEEL_HOME": "/nonexistent"])

  @Test(arguments: ["data", "data/mnist"])
  func `a folder that the user names is read, or one in it that has the name`(
    _ folder: String
  ) throws {
    let scratch = try Scratch()
    try write(scratch, folder)
    let set = try ImageDataSet(named: "mnist", in: scratch.path("data"), home: nowhere)
    #expect(set.name == .mnist)
    #expect(set.source == scratch.path(folder))
    #expect((set.rows, set.columns, set.classes) == (2, 2, 3))
    #expect(set.train.labels == Self.trainLabels.map(Int.init))
    #expect(set.train.images == (0..<7).flatMap { [$0, $0, $0, $0] })
    #expect(set.test.labels == [2, 0, 1])
    #expect(set.test.count == 3)
  }

  @Test func `without one the user's data directory is searched`() throws {
    let scratch = try Scratch()
    try write(scratch, "layerpeel/data/fashion-mnist")
    let home = DataHome(environment: ["XDG_DATA_HOME": scratch.path, "HOME": "/nonexistent"])
    let set = try ImageDataSet(named: "fashion-mnist", home: home)
    #expect(set.source == scratch.path("layerpeel/data/fashion-mnist"))
  }

  @Test func `the data directory follows LAYERPEEL_HOME, then XDG, then the home`() {
    let all = ["LAYERPEEL_HOME": "/a", "XDG_DATA_HOME": "/b", "HOME": "/c"]
    #expect(DataHome(environment: all).path == "/a")
    #expect(DataHome(environment: all.filter { $0.key != "LAYERPEEL_HOME" }).path == "/b/layerpeel")
    #expect(
      DataHome(environment: ["LAYERPEEL_HOME": "", "HOME": "/c"]).path
        == "/c/.local/share/layerpeel")
  }

  @Test func `the first images of each class keep the order of the file`() throws {
    let scratch = try Scratch()
    try write(scratch, "data")
    let set = try ImageDataSet(named: "mnist", in: scratch.path("data"), home: nowhere)
    let one = try set.firstOfEachClass(1)
    #expect(one.train.labels == [1, 0, 2])
    #expect(one.train.images == [0, 1, 3].flatMap { [$0, $0, $0, $0] })
    #expect(one.test == set.test)
    #expect(try set.firstOfEachClass(2).train.labels == [1, 0, 1, 2, 0, 2])
    for count in [-1, 0, 3] {
      let error = #expect(throws: FileError.self) { _ = try set.firstOfEachClass(count) }
      #expect(
        "\(try #require(error))" == "data set mnist: class 0 has 2 training images and \(count) "
          + "were asked of each class; ask for 1 to 2")
    }
  }

  @Test func `an unknown name is answered with the nearest known one`() throws {
    for (name, nearest) in [
      ("fashion_mnist", "fashion-mnist"), ("FashionMNIST", "fashion-mnist"), ("MNIST", "mnist"),
      ("cifar-10", "cifar10"), ("", "mnist"),
    ] {
      let error = #expect(throws: FileError.self) {
        _ = try ImageDataSet(named: name, home: nowhere)
      }
      #expect("\(try #require(error))".contains("did you mean \(nearest)?"), "\(error!)")
      #expect(error?.exitStatus == 64)
    }
  }

  @Test func `data that is not there says how to get it`() throws {
    let scratch = try Scratch()
    let error = #expect(throws: FileError.self) {
      _ = try ImageDataSet(named: "fashion-mnist", in: scratch.path, home: nowhere)
    }
    #expect("\(error!)".contains("apt install dataset-fashion-mnist"))
    #expect("\(error!)".contains("t10k-labels-idx1-ubyte"))
    #expect(error?.exitStatus == 66)
  }

  @Test func `one file of four that is not there is named`() throws {
    let scratch = try Scratch()
    try write(scratch, "data", ["t10k-labels-idx1-ubyte": []])
    let error = failure(scratch.path("data"))
    #expect("\(try #require(error))".contains("data/t10k-labels-idx1-ubyte(.gz): no such file"))
    #expect(error?.exitStatus == 66)
  }

  @Test(arguments: [
    ("train-labels-idx1-ubyte", idx([6], [0, 1, 2, 0, 1, 2]), "for each of the 6 labels, got 7"),
    ("train-labels-idx1-ubyte", idx([7], [0, 1, 3, 0, 1, 3, 0]), "no sample has class 2"),
    ("train-labels-idx1-ubyte", idx([7, 1], [0, 1, 2, 0, 1, 2, 0]), "expected one extent, got 2"),
    ("train-images-idx3-ubyte", idx([7, 0, 2], []), "none of them empty, got 7 × 0 × 2"),
    ("train-images-idx3-ubyte", idx([7], [0, 1, 2, 3, 4, 5, 6]), "images × rows × columns"),
    ("t10k-images-idx3-ubyte", idx([3, 1, 2], [1, 2, 3, 4, 5, 6]), "in training, got 1 × 2"),
    (
      "t10k-labels-idx1-ubyte", idx([3], [2, 3, 1]),
      "label 1 among the 3 classes of training, got 3"
    ),
    (
      "t10k-labels-idx1-ubyte", idx([3], [2, 0, 2]),
      "each of the 3 classes of training, got none of class 1"
    ),
    ("t10k-labels-idx1-ubyte", idx([3], [1, 0, 1]), "got none of class 2; get all four files"),
  ])
  func `files that do not fit together are refused`(
    _ name: String, _ bytes: [UInt8], _ sentence: String
  ) throws {
    let scratch = try Scratch()
    try write(scratch, "data", [name: bytes])
    let error = try #require(failure(scratch.path("data")))
    #expect("\(error)".contains(sentence), "\(error)")
    #expect("\(error)".hasPrefix(scratch.path("data/")))
    #expect(error.exitStatus == 65)
  }

  @Test func `an empty test part is refused by the name of its labels`() throws {
    let scratch = try Scratch()
    try write(
      scratch, "data",
      [
        "t10k-images-idx3-ubyte": Self.idx([0, 2, 2], []),
        "t10k-labels-idx1-ubyte": Self.idx([0], []),
      ])
    let error = try #require(failure(scratch.path("data")))
    #expect("\(error)".hasPrefix(scratch.path("data/t10k-labels-idx1-ubyte: content")), "\(error)")
    #expect("\(error)".contains("got none of class 0"), "\(error)")
    #expect(error.exitStatus == 65)
  }

  private static let debian = "/usr/share/datasets/fashion-mnist"

  @Test(.enabled(if: FileManager.default.fileExists(atPath: debian)))
  func `Fashion-MNIST of Debian's package is what it should be`() throws {
    let set = try ImageDataSet(named: "fashion-mnist", home: nowhere)
    #expect(set.source == Self.debian)
    #expect((set.train.count, set.test.count, set.pixels, set.classes) == (60_000, 10_000, 784, 10))
    #expect(try Labels(set.train.labels).sizes.counts == Array(repeating: 6_000, count: 10))
    #expect(try set.firstOfEachClass(1_000).train.count == 10_000)
    #expect(set.verification == .verified)
    #expect(set.warning == nil)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: debian)))
  func `files of another data set are recognised, and refused`() throws {
    for name in ["mnist", "kmnist"] {
      let error = #expect(throws: FileError.self) {
        _ = try ImageDataSet(named: name, in: Self.debian, home: nowhere)
      }
      #expect(error?.exitStatus == 65 && "\(error!)".contains("got those of fashion-mnist"))
    }
  }

  @Test func `one's own files under a known name are used, and said to differ`() throws {
    let scratch = try Scratch()
    try write(scratch, "data")
    let set = try ImageDataSet(named: "mnist", in: scratch.path("data"), home: nowhere)
    #expect(set.verification.isVerified == false)
    #expect(set.warning?.contains("4 files in \(scratch.path("data")) are not") == true)
    #expect(set.classNames == ["0", "1", "2"])
  }

  private func failure(_ folder: String) -> FileError? {
    do {
      _ = try ImageDataSet(named: "mnist", in: folder, home: nowhere)
      return nil
    } catch { return error }
  }
}
