import Glibc
public import LayerPeel
import LayerPeelFiles
public import LayerPeelNetworks

/// What a training that is under way puts into its folder: what fails there stops the training and
/// stands in ``RunFolder/failure``.
extension RunFolder {
  /// Keeps a checkpoint; whether training may go on.
  public func keep(_ checkpoint: Training.Checkpoint) -> Bool {
    attempt { () throws(FileError) in try save(checkpoint) }
  }

  /// Keeps the last layer of an epoch, as `point-E.safetensors`.
  ///
  /// - Parameters:
  ///   - point: The features and the classifier.
  ///   - bias: That of the classifier, if it has one.
  ///   - labels: The classes of the features' samples.
  ///   - epoch: After which epoch.
  ///   - metadata: What the file says of itself.
  public func keep(
    _ point: Point, bias: [Double]?, labels: Labels, epoch: Int, metadata: [String: String]
  ) {
    _ = attempt { () throws(FileError) in
      try PointFile.write(
        point, bias: bias, labels: labels, precision: .single, metadata: metadata,
        to: file("point-\(epoch).safetensors"))
    }
  }

  /// Does something unless something failed before; whether that has worked.
  private func attempt(_ work: () throws(FileError) -> Void) -> Bool {
    guard failure == nil else { return false }
    do throws(FileError) {
      try work()
      return true
    } catch {
      failure = error
      return false
    }
  }
}

extension RunFolder {
  /// The folder of a run that goes on with a recipe, or of a new one where there is none.
  ///
  /// - Throws: `ModelError` where the folder's run is another one, `FileError` where it is damaged,
  ///   in use or cannot be written.
  static func continuing(
    _ path: String, recipe: TrainingRecipe, images: ImageDataSet
  ) throws -> RunFolder {
    guard access("\(path)/run.json", F_OK) == 0 else {
      return try create(path, recipe: recipe, images: images)
    }
    let folder = try open(path)
    guard folder.recipe == recipe else {
      let threads = folder.recipe.threads
      throw ModelError.badSetting(
        argument: "out", value: "\(path), a run of other settings or on \(threads) threads",
        expected: "the run that is to go on, with --threads \(threads); or name another folder")
    }
    try folder.check(images)
    return folder
  }

  /// Where a training of its recipe begins: where the run was stopped, or fresh.
  func start(of ready: PreparedTraining) throws -> Training.Start {
    let shapes = try ready.training.parameterShapes(on: ready.samples.train)
    return try checkpoint(shapes).map { .checkpoint($0) } ?? .fresh
  }
}
