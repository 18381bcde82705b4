import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports
import TestSupport
import Testing

/// What stands in the folder of a run, damaged bit by bit.
struct RunFolderTests {
  /// Sixteen training and four test images of two classes, 4×4 each.
  private func images() throws -> ImageDataSet {
    let folder = try ScratchFolder()
    func write(_ name: String, _ shape: [Int], _ bytes: [UInt8]) throws {
      let header: [UInt8] = [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, 0, UInt8($0)] }
      try Data(header + bytes).write(to: URL(filePath: folder.file(name)))
    }
    for (part, count) in [("train", 16), ("t10k", 4)] {
      try write(
        "\(part)-images-idx3-ubyte", [count, 4, 4],
        (0..<count * 16).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 16 % 2 * 90) })
      try write("\(part)-labels-idx1-ubyte", [count], (0..<count).map { UInt8($0 % 2) })
    }
    return try ImageDataSet(
      named: "mnist", in: folder.path, home: DataHome(environment: ["HOME": "/nonexistent"]))
  }

  private var recipe: TrainingRecipe {
    var recipe = TrainingRecipe(threads: 1)
    (recipe.data, recipe.hidden) = (.mnist, [3, 2])
    (recipe.settings.epochs, recipe.settings.batchSize) = (2, 8)
    recipe.settings.groupDecay = [.weights: 1e-4]
    return recipe
  }

  /// Trains in a folder that is let go of; the parameters of its network.
  private func train(in path: String, on images: ImageDataSet) throws -> [ParameterShape] {
    let samples = try recipe.samples(of: images)
    let training = try recipe.training(on: images)
    let folder = try RunFolder.create(path, recipe: recipe, images: images)
    var observer = Training.Observer()
    observer.save = {
      do { try folder.save($0) } catch { return false }
      return true
    }
    let run = try training.run(on: samples.train, test: samples.test, observer: observer)
    #expect(run.trajectory.termination == .epochs)
    return try training.parameterShapes(on: samples.train)
  }

  /// One bit after another of every `stride`-th byte, the bit that changes with the byte.
  private func eachDamage(
    of path: String, bytes: Range<Int>, stride step: Int, _ body: (_ place: String) throws -> Void
  ) throws {
    let url = URL(filePath: path)
    let whole = try Data(contentsOf: url)
    for i in stride(from: bytes.lowerBound, to: bytes.upperBound, by: step) {
      var damaged = whole
      damaged[i] ^= 1 << UInt8((i / step) % 8)
      try damaged.write(to: url)
      try body("byte \(i) of \(path)")
    }
    try whole.write(to: url)
  }

  @Test func `a description with a flipped bit is refused, and never another recipe`() throws {
    let scratch = try ScratchFolder()
    let run = scratch.file("run")
    _ = try train(in: run, on: images())
    let count = try Data(contentsOf: URL(filePath: "\(run)/run.json")).count
    try eachDamage(of: "\(run)/run.json", bytes: 0..<count, stride: 1) { place in
      do throws(FileError) {
        #expect(try RunFolder.open(run).recipe == recipe, "\(place)")
      } catch {
        #expect(error.exitStatus == 65, "\(place): \(error)")
      }
    }
    #expect(try RunFolder.open(run).recipe == recipe)
  }

  @Test func `more threads than there may be are refused, not taken`() throws {
    let scratch = try ScratchFolder()
    let run = scratch.file("run")
    var recipe = recipe
    recipe.threads = 99_999_999_999
    do { _ = try RunFolder.create(run, recipe: recipe, images: images()) }
    let error = #expect(throws: FileError.self) { try RunFolder.open(run) }
    #expect(error?.exitStatus == 65 && "\(error!)".contains("threads, got 99999999999"))
  }

  @Test func `another oneDNN is warned of`() throws {
    let scratch = try ScratchFolder()
    let run = scratch.file("run")
    do { _ = try RunFolder.create(run, recipe: recipe, images: images()) }
    #expect(try RunFolder.open(run).warning == nil)
    let url = URL(filePath: "\(run)/run.json")
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let known = try #require(text.firstMatch(of: /"checksum":"([^"]*)"/)?.output.1)
    let other = text.replacing(oneDNNVersion, with: "1.2.3").replacing(
      known, with: "\(Checksum(0))")
    #expect(other != text)
    var checksum = Checksum()
    checksum.add(other)
    try Data(other.replacing("\(Checksum(0))", with: "\(checksum)").utf8).write(to: url)
    #expect(try RunFolder.open(run).warning?.contains("oneDNN 1.2.3") == true)
  }

  @Test func `a digit of the recipe that is another is found`() throws {
    let scratch = try ScratchFolder()
    let run = scratch.file("run")
    _ = try train(in: run, on: images())
    let url = URL(filePath: "\(run)/run.json")
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let other = text.replacing("\"epochs\":2", with: "\"epochs\":3")
    #expect(other != text)
    try Data(other.utf8).write(to: url)
    let error = #expect(throws: FileError.self) { try RunFolder.open(run) }
    #expect(error?.exitStatus == 65)
    #expect("\(error!)".contains("expected the recipe as it was written, got another"))
  }

  @Test func `a checkpoint with a flipped bit in its header is refused or the same`() throws {
    let scratch = try ScratchFolder()
    let (run, images) = (scratch.file("run"), try images())
    let shapes = try train(in: run, on: images)
    let path = "\(run)/checkpoint.safetensors"
    let whole = try #require(try RunFolder.open(run).checkpoint(shapes))
    let start = try Data(contentsOf: URL(filePath: path)).prefix(8)
    let length = start.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    // A stride that is prime meets names, shapes, offsets and every part of the state.
    try eachDamage(of: path, bytes: 0..<8 + length, stride: 7) { place in
      do throws(FileError) {
        let read = try RunFolder.open(run).checkpoint(shapes)
        #expect(read?.parameters == whole.parameters, "\(place)")
        #expect(read?.velocities == whole.velocities, "\(place)")
        #expect(read?.generator == whole.generator && read?.epochs == whole.epochs, "\(place)")
      } catch {
        #expect(error.exitStatus == 65, "\(place): \(error)")
      }
    }
    #expect(try RunFolder.open(run).checkpoint(shapes)?.parameters == whole.parameters)
  }

  @Test func `a probe's file is refused where it is another's, and its header does not grow`()
    throws
  {
    let scratch = try ScratchFolder()
    let (run, images) = (scratch.file("run"), try images())
    let shapes = try train(in: run, on: images)
    let whole = try #require(try RunFolder.open(run).checkpoint(shapes))
    let path = "\(run)/probe-2.safetensors"
    let file = try SafetensorsFile(path: path)
    // What grows with the square of the dimension is an array: headers have a limit.
    #expect(try #require(file.entry(named: "reference.imbalance")).shape == [2, 2])
    #expect(file.metadata.values.allSatisfy { $0.utf8.count < 40 })
    let size = try Data(contentsOf: URL(filePath: path)).count
    try eachDamage(of: path, bytes: 0..<size, stride: 13) { place in
      do throws(FileError) {
        let read = try RunFolder.open(run).checkpoint(shapes)
        #expect(read?.probes.parameters == whole.probes.parameters, "\(place)")
        #expect(read?.probes.reference == whole.probes.reference, "\(place)")
      } catch {
        #expect(error.exitStatus == 65, "\(place): \(error)")
      }
    }
  }

  @Test func `a folder is taken only where it is empty, and left as it was`() throws {
    let scratch = try ScratchFolder()
    try Data().write(to: URL(filePath: scratch.file("notes.txt")))
    let full = #expect(throws: FileError.self) {
      _ = try RunFolder.create(scratch.path, recipe: recipe, images: images())
    }
    #expect(full?.exitStatus == 73 && "\(full!)".contains("it holds notes.txt"))
    #expect(try scratch.names() == ["notes.txt"])
    #expect(throws: FileError.self) {
      _ = try RunFolder.create("", recipe: recipe, images: images())
    }
  }
}
