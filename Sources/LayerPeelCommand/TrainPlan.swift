import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// A training that can begin: its data read, its folder taken, its start known.
struct TrainPlan {
  let recipe: TrainingRecipe
  let images: ImageDataSet
  let samples: TrainingSamples
  let training: Training
  /// Where it is kept, if it is.
  let folder: RunFolder?
  let start: Training.Start

  /// A training in a new folder, or in none.
  init(_ recipe: TrainingRecipe, newFolder path: String?, home: DataHome) throws {
    try self.init(recipe, home: home) { images in
      try path.map { try RunFolder.create($0, recipe: recipe, images: images) }
    }
  }

  /// A training that goes on.
  init(
    _ recipe: TrainingRecipe, folder: RunFolder, threads: Int, home: DataHome
  ) throws {
    guard threads == recipe.threads else {
      throw ModelError.badSetting(
        argument: "threads", value: "\(threads)",
        expected: "the run's \(recipe.threads), as another number gives other sums")
    }
    try self.init(recipe, home: home) { images in
      try folder.check(images)
      return folder
    }
  }

  private init(
    _ recipe: TrainingRecipe, home: DataHome, folder: (ImageDataSet) throws -> RunFolder?
  ) throws {
    let images = try recipe.images(home: home)
    if let warning = images.warning { say("Warning: \(warning)") }
    let training = try recipe.training(on: images)
    let samples = try recipe.samples(of: images)
    self.recipe = recipe
    (self.images, self.samples, self.training) = (images, samples, training)
    var start = Training.Start.fresh
    if let path = recipe.initialWeights {
      start = .weights(
        try WeightsFile.read(training.parameterShapes(on: samples.train), from: path))
    }
    self.folder = try folder(images)
    if let checkpoint = try self.folder?.checkpoint(
      training.parameterShapes(on: samples.train))
    {
      start = .checkpoint(checkpoint)
    }
    self.start = start
  }

  /// What is only judged; free features have nothing to judge it by.
  var test: LabelledSamples? { recipe.model == .linearFeatures ? nil : samples.test }

  /// The run's own copy of its trajectory.
  var trajectoryFile: OutputFile? {
    get throws {
      try folder.map { try OutputFile(path: "\($0.path)/trajectory.json", formats: ["json"]) }
    }
  }

  /// Epochs that are finished already.
  var epochsDone: Int {
    if case .checkpoint(let checkpoint) = start { checkpoint.epochs } else { 0 }
  }

  /// What a file that comes out of it says of itself.
  func metadata(epoch: Int) -> [String: String] {
    LayerPeelCommandMetadata.of(
      ["data": images.name.rawValue, "seed": "\(recipe.settings.seed)", "epoch": "\(epoch)"])
  }
}

/// A way to the function of that name from where the name means something else.
private enum LayerPeelCommandMetadata {
  static func of(_ more: [String: String]) -> [String: String] {
    metadata(command: "train", more)
  }
}
