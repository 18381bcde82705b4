import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import Testing

struct DataSetSubsetTests {
  private static let classes = 10
  private static let perClass = 200

  /// Grey images of one pixel, `perClass` of each class, classes in turn.
  private func dataSet() throws -> ImageDataSet {
    let scratch = try Scratch()
    let count = Self.classes * Self.perClass
    let labels = (0..<count).map { UInt8($0 % Self.classes) }
    func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
      [0, 0, 8, UInt8(shape.count)]
        + shape.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] } + bytes
    }
    for part in ["train", "t10k"] {
      _ = try scratch.file(idx([count], labels), named: "\(part)-labels-idx1-ubyte")
      _ = try scratch.file(
        idx([count, 1, 1], (0..<count).map { UInt8($0 & 255) }), named: "\(part)-images-idx3-ubyte")
    }
    return try ImageDataSet(
      named: "kmnist", in: scratch.path, home: DataHome(environment: ["HOME": "/nonexistent"]))
  }

  @Test func `a long tail has the sizes of its formula and keeps the order of the file`() throws {
    let set = try dataSet()
    #expect(set.name == .kuzushijiMNIST)
    let tail = try set.imbalanced(ratio: 100)
    // 200 · 100^(-k/9), rounded: computed by hand.
    #expect(
      tail.train.sizes(classes: 10) == [200, 120, 72, 43, 26, 15, 9, 6, 3, 2])
    #expect(tail.train.images.prefix(3) == [0, 1, 2])
    #expect(tail.test == set.test)
    #expect(try set.imbalanced(ratio: 1) == set)
    #expect(try set.imbalanced(ratio: 1e9).train.sizes(classes: 10).last == 1)
    for ratio in [0.99, -1, .infinity, .nan] {
      #expect(throws: ModelError.self) { _ = try set.imbalanced(ratio: ratio) }
    }
  }

  @Test(arguments: [0, 0.2, 0.5, 1])
  func `noise makes exactly its share of the labels wrong, by its seed`(_ share: Double) throws {
    let labels = try dataSet().train.labels
    func noisy(_ seed: UInt64) throws -> [Int] {
      try LabelTreatment.noise(share).labels(from: labels, classes: 10, seed: seed)
    }
    let first = try noisy(3)
    let wrong = labels.indices.filter { first[$0] != labels[$0] }
    #expect(wrong.count == Int(share * 2000))
    #expect(try noisy(3) == first)
    #expect(try (noisy(4) == first) == (share == 0))
    // Each of the nine other classes is as likely: five standard deviations of a binomial count.
    guard share > 0 else { return }
    let expected = Double(wrong.count) / 9
    for shift in 1..<10 {
      let count = wrong.count { (first[$0] - labels[$0] + 10) % 10 == shift }
      #expect(abs(Double(count) - expected) < 5 * (expected * 8 / 9).squareRoot())
    }
  }

  @Test func `shuffling keeps the sizes of the classes and little else`() throws {
    let labels = try dataSet().train.labels
    let dealt = try LabelTreatment.shuffled.labels(from: labels, classes: 10, seed: 0)
    #expect(dealt.sorted() == labels.sorted())
    // One in ten stays by chance: 200 of 2000, five standard deviations either side.
    let kept = zip(dealt, labels).count { $0 == $1 }
    #expect(abs(Double(kept) - 200) < 5 * (2000 * 0.1 * 0.9).squareRoot())
    #expect(try LabelTreatment.real.labels(from: labels, classes: 10, seed: 0) == labels)
  }

  @Test func `noise that leaves a class empty is refused`() {
    #expect(throws: ModelError.self) {
      for seed in 0..<20 as Range<UInt64> {
        _ = try LabelTreatment.noise(1).labels(from: [0, 1, 2], classes: 3, seed: seed)
      }
    }
  }

  @Test func `treatments have names, and a wrong one is answered with the nearest`() throws {
    for name in ["true", "shuffled", "noise:0.2", "noise:1.0"] {
      #expect(try LabelTreatment(named: name).name == name)
    }
    #expect(try LabelTreatment(named: "noise:0.2") == .noise(0.2))
    for (name, sentence) in [
      ("nois:0.2", "nearest is noise:0.2"), ("shufled", "nearest is shuffled"),
      ("ture", "nearest is true"), ("noise", "nearest is noise:0.2"), ("", "nearest is true"),
      ("noise:2", "share P from 0 to 1"), ("noise:", "share P"), ("noise:nan", "share P"),
      ("true:1", "nearest is true"),
    ] {
      let error = #expect(throws: ModelError.self) { _ = try LabelTreatment(named: name) }
      #expect("\(try #require(error))".contains(sentence), "\(error!)")
    }
  }

  @Test func `sets without known sums of content are neither verified nor refused`() throws {
    let set = try dataSet()
    #expect(set.verification.isVerified == nil)
    #expect(set.warning == nil)
  }
}
