import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports
import TestSupport
import Testing

struct TrainingSamplesTests {
  /// A set of square images of two classes: image `i` is all `40 i + 10`.
  private func images(side: Int) throws -> ImageDataSet {
    let folder = try ScratchFolder()
    func write(_ name: String, _ shape: [Int], _ bytes: [UInt8]) throws {
      let header: [UInt8] = [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, 0, UInt8($0)] }
      try Data(header + bytes).write(to: URL(filePath: folder.file(name)))
    }
    for (part, count) in [("train", 4), ("t10k", 2)] {
      try write(
        "\(part)-images-idx3-ubyte", [count, side, side],
        (0..<count).flatMap { [UInt8](repeating: UInt8($0 * 40 + 10), count: side * side) })
      try write("\(part)-labels-idx1-ubyte", [count], (0..<count).map { UInt8($0 % 2) })
    }
    return try ImageDataSet(
      named: "mnist", in: folder.path, home: DataHome(environment: ["HOME": "/nonexistent"]))
  }

  @Test(arguments: [(28, 32), (32, 32), (16, 32)])
  func `convolutional networks see images padded to 32×32`(_ side: Int, _ padded: Int) throws {
    let images = try images(side: side)
    for model in [NetworkArchitecture.Model.resnet18, .vgg13] {
      let samples = try TrainingSamples(images, for: model)
      let shape = SampleShape(channels: 1, rows: padded, columns: padded)
      #expect(samples.train.shape == shape)
      #expect(samples.test.shape == shape)
      #expect(try TrainingSamples.inputShape(of: images, for: model) == shape)
      // The middle is the image, and a corner is black unless nothing was added.
      let input = samples.train.input(3)
      #expect(input[padded * padded / 2 + padded / 2] == samples.scaling.number(130, channel: 0))
      #expect(input[0] == samples.scaling.number(side == 32 ? 130 : 0, channel: 0))
    }
  }

  @Test func `a perceptron sees them as they are, free features only their numbers`() throws {
    let images = try images(side: 28)
    #expect(
      try TrainingSamples(images).train.shape == SampleShape(channels: 1, rows: 28, columns: 28))
    let free = try TrainingSamples(images, for: .linearFeatures)
    #expect(free.train.shape == SampleShape(width: 1))
    #expect(free.train.input(3) == [3])
  }

  @Test(arguments: [27, 34]) func `images that no padding fits are refused`(_ side: Int) throws {
    let images = try images(side: side)
    let error = #expect(throws: ModelError.self) { _ = try TrainingSamples(images, for: .vgg13) }
    #expect("\(try #require(error))".contains("got \(side)×\(side)"))
  }

  @Test func `labels are treated in training and left in the test`() throws {
    let images = try images(side: 28)
    let samples = try TrainingSamples(images, labels: .noise(0.25), seed: 7)
    #expect(samples.changedLabels == 1)
    #expect(samples.labels == .noise(0.25))
    let labels = samples.train.labels.values.map(Int.init)
    #expect(zip(labels, images.train.labels).count { $0 != $1 } == 1)
    #expect(samples.test.labels.values == [0, 1])
  }

  @Test func `a contact sheet has a row for each class and draws without a word`() throws {
    let sheet = try ContactSheet(images(side: 28), perRow: 3)
    #expect(sheet.rows.map(\.images) == [[0, 2], [1, 3]])
    #expect(sheet.rows.map(\.count) == [2, 2])
    #expect(sheet.color(3, row: 0, column: 0) == (130, 130, 130))
    let figure = Figure.contactSheet(sheet)
    for drawing in [figure.wide, figure.narrow] {
      let output = try Gnuplot().draw(figure, drawing, as: .svg)
      #expect(output.messages == "")
      #expect(output.text.contains("data:image/png;base64"))
    }
  }
}
