internal import FoundationEssentials
internal import LayerPeel
internal import LayerPeelFiles
internal import LayerPeelNetworks

extension RunFolder {
  /// What `run.json` holds.
  struct Description: Codable {
    var format = RunFolder.format
    var formatVersion = RunFolder.version
    var version = Versions.layerPeel
    /// The library that the network computes with.
    var oneDNN = oneDNNVersion
    let recipe: TrainingRecipe
    /// What the data came to.
    let data: String
    /// Over the text of all this, with zeros for its own digits.
    private var checksum = Description.noChecksum

    private enum CodingKeys: String, CodingKey {
      case format, version, recipe, data, checksum
      case formatVersion = "format_version"
      case oneDNN = "onednn"
    }

    init(recipe: TrainingRecipe, data: String) { (self.recipe, self.data) = (recipe, data) }

    private static let noChecksum = "\(Checksum(0))"

    /// As it stands in the text, where no string can: its quotes would be escaped.
    private static func member(_ checksum: String) -> String { "\"checksum\":\"\(checksum)\"" }

    private static func checksum(of text: String) -> String {
      var checksum = Checksum()
      checksum.add(text)
      return "\(checksum)"
    }
  }

  static func refusal(_ path: String, _ expected: String, _ found: String) -> FileError {
    .malformed(
      path: path, place: "content", expected: expected, found: found,
      cure: "the run cannot go on from here; begin a new one in another folder")
  }
}

// MARK: - On disk

extension RunFolder.Description {
  /// Writes it as one line of JSON.
  func write(to path: String) throws(FileError) {
    let text = jsonText(of: self) + "\n"
    let whole = text.replacing(
      Self.member(Self.noChecksum), with: Self.member(Self.checksum(of: text)))
    try OutputFile.write(Array(whole.utf8), to: path)
  }

  /// Reads what ``write(to:)`` wrote, and nothing that differs from it anywhere.
  init(path: String) throws(FileError) {
    let bytes = try fileContent(path)
    let decoder = JSONDecoder()
    guard let head = try? decoder.decode(Head.self, from: Data(bytes)),
      head.format == RunFolder.format
    else { throw RunFolder.refusal(path, "the description of a run", "something else") }
    guard head.formatVersion == RunFolder.version else {
      throw RunFolder.refusal(
        path, "a run of format version \(RunFolder.version)", "version \(head.formatVersion)")
    }
    try head.checkProgram(path)
    do { self = try decoder.decode(Self.self, from: Data(bytes)) } catch {
      throw RunFolder.refusal(path, "the recipe of a run", "one with a part missing or damaged")
    }
    let text = String(decoding: bytes, as: UTF8.self).replacing(
      Self.member(checksum), with: Self.member(Self.noChecksum))
    guard checksum == Self.checksum(of: text) else {
      throw RunFolder.refusal(path, "the recipe as it was written", "another, so it is damaged")
    }
    // Those of the environment too, as a run may have been begun so.
    let most = max(NetworkThreads.most, NetworkThreads.available)
    guard (1...most).contains(recipe.threads) else {
      throw RunFolder.refusal(path, "1 to \(most) threads", "\(recipe.threads)")
    }
  }

  /// What is to be said where sums may differ from those of the run so far.
  var warning: String? {
    guard oneDNN != oneDNNVersion else { return nil }
    return "the run was begun with oneDNN \(oneDNN), and this is \(oneDNNVersion): it may not end "
      + "with the same bits"
  }

  /// What every version of the format has.
  private struct Head: Codable {
    let format: String
    let formatVersion: Int
    let version: String

    enum CodingKeys: String, CodingKey {
      case format, version
      case formatVersion = "format_version"
    }

    /// Another version of the program may compute otherwise.
    func checkProgram(_ path: String) throws(FileError) {
      guard version != Versions.layerPeel else { return }
      throw .malformed(
        path: path, place: "version", expected: "a run of layerpeel \(Versions.layerPeel)",
        found: "one of \(version)",
        cure: "go on with that version, or begin a new run from the weights in last.safetensors "
          + "with --init-weights")
    }
  }
}
