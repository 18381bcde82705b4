public import LayerPeelFiles
internal import FoundationEssentials
internal import Glibc
internal import LayerPeel

/// The folder of one training run: all that it needs to go on after it was stopped, however.
///
/// | file | holds |
/// |---|---|
/// | `run.json` | the recipe, what the data came to, versions, with a checksum; written once |
/// | `checkpoint.safetensors` | the state after the last finished epoch |
/// | `probe-E.safetensors` | the network at the last probe, with what probes are compared with |
/// | `records.jsonl` | what every probe found, a line each |
/// | `last.safetensors`, `best.safetensors` | weights under PyTorch's names |
/// | `log.txt` | a line for every epoch |
/// | `lock` | held by the process that writes |
///
/// Every file but the two that grow is replaced as a whole, after it was written through to the disk,
/// and the checkpoint last. So a process that is killed at any instant, or a machine that is switched
/// off, leaves the checkpoint of the epoch before, and everything that it refers to. What stands
/// beyond it is dropped when the run goes on.
public final class RunFolder {
  /// Where it is.
  public let path: String
  /// What the run is.
  public let recipe: TrainingRecipe
  /// What the data came to when the run began.
  let fingerprint: String
  /// What may keep the run from ending with the bits that it would have had; nil if nothing may.
  public let warning: String?
  /// Why the training in it was stopped: something could not be written.
  public internal(set) var failure: FileError?
  private let lock: FolderLock
  var records: AppendedFile?
  var recordsChecksum = Checksum()
  /// Records that stand in the file.
  var recorded = 0

  static let format = "layerpeel run"
  static let version = 1

  private init(
    path: String, recipe: TrainingRecipe, fingerprint: String, lock: FolderLock,
    warning: String? = nil
  ) {
    (self.path, self.recipe, self.fingerprint, self.lock) = (path, recipe, fingerprint, lock)
    self.warning = warning
  }

  /// Makes a folder for a new run, or takes an empty one.
  ///
  /// - Throws: `FileError/notWritable(path:reason:cure:)` where it cannot be made, holds anything
  ///   else, or another process writes there.
  public static func create(
    _ path: String, recipe: TrainingRecipe, images: ImageDataSet
  ) throws(FileError) -> RunFolder {
    try Folder.make(path)
    try requireEmpty(path)  // Before it holds the lock.
    let lock = try FolderLock(path: path)
    try requireEmpty(path)
    let folder = RunFolder(
      path: path, recipe: recipe, fingerprint: images.fingerprint, lock: lock)
    try Description(recipe: recipe, data: folder.fingerprint).write(to: "\(path)/run.json")
    return folder
  }

  /// Opens the folder of a run that was begun.
  ///
  /// - Throws: `FileError`: no such folder, no run in it, one of another version of the format or of
  ///   this program, a damaged one, one of more threads than there may be here, or one that another
  ///   process is writing.
  public static func open(_ path: String) throws(FileError) -> RunFolder {
    let file = "\(path)/run.json"
    guard access(file, F_OK) == 0 else {
      throw .notThere(path: file, cure: "name the folder that train --run wrote")
    }
    let lock = try FolderLock(path: path)
    let description = try Description(path: file)
    for name in Folder.names(in: path) where name.hasPrefix(".layerpeel-") && name.hasSuffix(".tmp")
    {
      unlink("\(path)/\(name)")  // A process that was killed left it half written.
    }
    return RunFolder(
      path: path, recipe: description.recipe, fingerprint: description.data, lock: lock,
      warning: description.warning)
  }

  /// Makes sure that the data are those that the run began with.
  ///
  /// - Throws: `FileError/malformed(path:place:expected:found:cure:)`.
  public func check(_ images: ImageDataSet) throws(FileError) {
    guard images.fingerprint == fingerprint else {
      throw .malformed(
        path: images.source, place: "data set \(images.name.rawValue)",
        expected: "the images and labels of the run in \(path)", found: "others",
        cure: "put the same files there again")
    }
  }

  /// Gives the folder back where a training could not begin, so that another may take it.
  public func discardIfNotBegun() {
    if access(file("checkpoint.safetensors"), F_OK) != 0 { unlink(file("run.json")) }
  }

  /// The path of one of its files.
  func file(_ name: String) -> String { "\(path)/\(name)" }
}

extension RunFolder {
  private static func requireEmpty(_ path: String) throws(FileError) {
    let others = Folder.names(in: path).filter { $0 != "lock" && !$0.hasSuffix(".tmp") }
    guard let first = others.min() else { return }
    let isRun = others.contains("run.json")
    throw .notWritable(
      path: path, reason: isRun ? "it holds a run already" : "it holds \(first)",
      cure: isRun ? "go on with --resume \(path), or name another folder" : "name an empty folder")
  }
}

extension ImageDataSet {
  /// What all images and labels come to, by which a run knows them again.
  fileprivate var fingerprint: String {
    var checksum = Checksum()
    for split in [train, test] {
      checksum.add(split.images)
      for label in split.labels { checksum.add(UInt64(bitPattern: Int64(label))) }
    }
    return "\(checksum)"
  }
}
