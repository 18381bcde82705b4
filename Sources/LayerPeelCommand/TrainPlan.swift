import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// A training that can begin: its data read, its memory there, its folder taken, its start known.
struct TrainPlan {
  private(set) var recipe: TrainingRecipe
  let images: ImageDataSet
  let samples: TrainingSamples
  let training: Training
  /// Where it is kept, if it is.
  private(set) var folder: RunFolder?
  private(set) var start = Training.Start.fresh

  /// A training that is in no folder yet.
  ///
  /// - Parameters:
  ///   - recipe: What is asked for.
  ///   - home: Where data are looked for.
  ///   - hasOwnBatch: Whether somebody chose the size of a batch; else it is all of a small set.
  /// - Throws: What the recipe throws, and `ModelError/tooLarge(needed:available:)` before a network
  ///   is laid out.
  init(_ recipe: TrainingRecipe, home: DataHome, hasOwnBatch: Bool = true) throws {
    var recipe = recipe
    let images = try recipe.images(home: home)
    if let warning = images.warning { say("Warning: \(warning)") }
    if !hasOwnBatch, images.train.count < recipe.settings.batchSize {
      recipe.settings.batchSize = images.train.count
    }
    let training = try recipe.training(on: images)
    try requireMemory(training.memoryNeeded(samples: images.train.count))
    self.recipe = recipe
    (self.images, self.training) = (images, training)
    samples = try recipe.samples(of: images)
  }

  /// Finds the start, and takes a new folder if there is to be one; last, as a folder that was taken
  /// holds a run.
  mutating func begin(in path: String?) throws {
    try readInitialWeights()
    folder = try path.map { try RunFolder.create($0, recipe: recipe, images: images) }
  }

  private mutating func readInitialWeights() throws {
    guard let path = recipe.initialWeights else { return }
    start = .weights(
      try WeightsFile.read(training.parameterShapes(on: samples.train), from: path))
    let sum = try MD5.sum(of: fileContent(path))
    if let known = recipe.initialWeightsSum, known != sum {
      throw FileError.malformed(
        path: path, place: "content",
        expected: "the weights that the run was begun with, of MD5 \(known)",
        found: "others", cure: "put the same file there again, or begin a new run")
    }
    recipe.initialWeightsSum = sum
  }

  /// Goes on in the folder of the recipe's run, or begins where it never came to a checkpoint.
  mutating func goOn(in folder: RunFolder, threads: Int) throws {
    guard threads == recipe.threads else {
      throw ModelError.badSetting(
        argument: "threads", value: "\(threads)",
        expected: "the run's \(recipe.threads), as another number gives other sums")
    }
    if let warning = folder.warning { say("Warning: \(warning)") }
    try folder.check(images)
    self.folder = folder
    if let checkpoint = try folder.checkpoint(training.parameterShapes(on: samples.train)) {
      start = .checkpoint(checkpoint)
    } else {
      try readInitialWeights()
    }
  }

  /// What is only judged; free features have nothing to judge it by.
  var test: LabelledSamples? { recipe.model == .linearFeatures ? nil : samples.test }

  /// The run's own copy of its trajectory.
  var trajectoryFile: OutputFile? {
    get throws {
      try folder.map { try OutputFile(path: "\($0.path)/trajectory.json", formats: ["json"]) }
    }
  }

  /// Where it goes on from, if it does.
  var checkpoint: Training.Checkpoint? {
    if case .checkpoint(let checkpoint) = start { checkpoint } else { nil }
  }

  /// Epochs that are finished already.
  var epochsDone: Int { checkpoint?.epochs ?? 0 }

  /// What a file that comes out of it says of itself.
  func metadata(epoch: Int) -> [String: String] {
    fileMetadata(
      command: "train",
      ["data": images.name.rawValue, "seed": "\(recipe.settings.seed)", "epoch": "\(epoch)"])
  }
}
