import Foundation
import TestSupport
import Testing

struct DataCommandTests {
  private func data(_ arguments: [String], home: String = "/nonexistent") throws -> Program.Result {
    try Program("layerpeel").run(["data"] + arguments, environment: ["LAYERPEEL_HOME": home])
  }

  /// CIFAR-10's six files, an image of each class in each.
  private func writeCIFAR(in folder: ScratchFolder) throws {
    let records = (0..<10 as Range<UInt8>).flatMap { label in
      [label] + [UInt8](repeating: label * 20, count: 3072)
    }
    for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
      try Data(records).write(to: URL(fileURLWithPath: folder.file(name)))
    }
  }

  @Test func `where nothing is, the list says how to get each`() throws {
    let folder = try ScratchFolder()
    let result = try data(["list", "--data-dir", folder.path])
    #expect(result.status == 0)
    for part in [
      "mnist  ", "kuzushiji-mnist", "cifar10", "not here", "apt install dataset-fashion-mnist",
      "http://codh.rois.ac.jp/kmnist/", "https://www.cs.toronto.edu/~kriz/cifar.html",
    ] {
      #expect(result.output.contains(part), "\(part)")
    }
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let json = try data(["list", "--data-dir", folder.path, "--json"])
    #expect(json.output.contains("\"found\":false"))
    #expect(!json.output.contains("\"found\":true"))
  }

  @Test func `damaged files are told in the list and refused in show`() throws {
    let folder = try ScratchFolder()
    try writeCIFAR(in: folder)
    try Data([11]).write(to: URL(fileURLWithPath: folder.file("data_batch_4.bin")))
    let list = try data(["list", "--data-dir", folder.path])
    #expect(list.status == 0)
    #expect(list.output.contains("not usable"))
    #expect(list.output.contains("data_batch_4.bin"))
    let show = try data(["show", "cifar10", "--data-dir", folder.path])
    #expect(show.status == 65)
    #expect(show.output == "")
  }

  @Test func `own files are shown, with a warning, and not called verified`() throws {
    let folder = try ScratchFolder()
    try writeCIFAR(in: folder)
    let result = try data(["show", "cifar10", "--data-dir", folder.path])
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("Warning: data set cifar10: 6 files"))
    #expect(result.output.contains("airplane"))
    #expect(result.output.contains("  0 airplane           5     1"))
    #expect(!result.output.contains("\u{1B}"))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let json = try data(["show", "cifar10", "--data-dir", folder.path, "--json"])
    #expect(json.output.contains("\"verified\":false"))
  }

  @Test func `subsets and noise are counted, and equal seeds give equal words`() throws {
    let folder = try ScratchFolder()
    try writeCIFAR(in: folder)
    let arguments = [
      "show", "cifar10", "--data-dir", folder.path, "--imbalance", "5", "--labels", "noise:0.2",
      "--seed", "3", "--json",
    ]
    let result = try data(arguments)
    // 5 · 5^(-k/9), rounded: 5, 4, 3, 3, 2, 2, 2, 1, 1, 1 are 24 images, 5 of them mislabelled.
    #expect(result.output.contains("\"changed_labels\":5"))
    #expect(result.output.contains("\"imbalance\":5"))
    #expect(try data(arguments).output == result.output)
  }

  @Test(arguments: ["png", "svg", "pdf"]) func `a sheet is drawn to a file`(_ format: String) throws
  {
    let folder = try ScratchFolder()
    try writeCIFAR(in: folder)
    let file = folder.file("sheet.\(format)")
    let result = try data(["show", "cifar10", "--data-dir", folder.path, "--figure", file])
    #expect(result.status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)).count > 2_000)
  }

  @Test(arguments: [
    (["show", "cifar"], 64, "did you mean cifar10?"),
    (["show", "kmnist"], 66, "http://codh.rois.ac.jp/kmnist/"),
    (["show", "mnist", "--labels", "nosie:0.1"], 64, "nearest is noise:0.2"),
    (["show", "mnist", "--figure", "x.bmp"], 64, "x.bmp"),
  ])
  func `what cannot be done is said in one sentence`(
    _ arguments: [String], _ status: Int32, _ sentence: String
  ) throws {
    let result = try data(arguments)
    #expect(result.status == status)
    #expect(result.errors.contains(sentence), "\(result.errors)")
    #expect(result.output == "")
  }
}
