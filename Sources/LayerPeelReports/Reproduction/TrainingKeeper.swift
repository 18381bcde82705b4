import Glibc
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks

/// Keeps a long training in a folder, so that it goes on where it was stopped.
final class TrainingKeeper {
  private let folder: RunFolder
  /// Why training was stopped: something could not be written.
  private(set) var failure: FileError?

  /// A keeper in a folder, new or of a run that was begun.
  ///
  /// - Throws: `ModelError` where the folder's run is another one, `FileError` where it is damaged,
  ///   in use or cannot be written.
  init(path: String, _ recipe: TrainingRecipe, images: ImageDataSet) throws {
    guard access("\(path)/run.json", F_OK) == 0 else {
      folder = try RunFolder.create(path, recipe: recipe, images: images)
      return
    }
    let folder = try RunFolder.open(path)
    guard folder.recipe == recipe else {
      let threads = folder.recipe.threads
      throw ModelError.badSetting(
        argument: "out", value: "\(path), a run of other settings or on \(threads) threads",
        expected: "the run that is to go on, with --threads \(threads); or name another folder")
    }
    try folder.check(images)
    self.folder = folder
  }

  /// Where the training begins: fresh, or where it was stopped.
  func start(of ready: PreparedTraining) throws -> Training.Start {
    let checkpoint = try folder.checkpoint(
      ready.training.parameterShapes(on: ready.samples.train))
    return checkpoint.map { .checkpoint($0) } ?? .fresh
  }

  /// Keeps a checkpoint; whether training may go on.
  func save(_ checkpoint: Training.Checkpoint) -> Bool {
    do throws(FileError) {
      try folder.save(checkpoint)
      return true
    } catch {
      failure = error
      return false
    }
  }
}
