internal import FoundationEssentials
internal import LayerPeel
internal import LayerPeelFiles

extension RunFolder {
  /// What `run.json` holds.
  struct Description: Codable {
    var format = RunFolder.format
    var formatVersion = RunFolder.version
    var version = Versions.layerPeel
    let recipe: TrainingRecipe
    /// What the data came to.
    let data: String
    /// Over the text of all this, with zeros for its own digits.
    private var checksum = Description.noChecksum

    private enum CodingKeys: String, CodingKey {
      case format, version, recipe, data, checksum
      case formatVersion = "format_version"
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
    do { self = try decoder.decode(Self.self, from: Data(bytes)) } catch {
      throw RunFolder.refusal(path, "the recipe of a run", "one with a part missing or damaged")
    }
    let text = String(decoding: bytes, as: UTF8.self).replacing(
      Self.member(checksum), with: Self.member(Self.noChecksum))
    guard checksum == Self.checksum(of: text) else {
      throw RunFolder.refusal(path, "the recipe as it was written", "another, so it is damaged")
    }
  }

  /// What every version of the format has.
  private struct Head: Codable {
    let format: String
    let formatVersion: Int

    enum CodingKeys: String, CodingKey {
      case format
      case formatVersion = "format_version"
    }
  }
}
