import LayerPeel
import LayerPeelFiles

/// What was found of each known data set, as a table and as JSON.
struct DataListing {
  private let entries: [Entry]

  /// One data set that was looked for.
  fileprivate struct Entry {
    let name: DataSetName
    /// Its folder and its files' standing, where it was read.
    let found: (source: String, verification: Verification)?
    /// Why it was not, otherwise.
    let reason: String?
    let train: Int
    let test: Int
    let channels: Int
    let rows: Int
    let columns: Int
    let classes: Int
  }

  init(in folder: String?, home: DataHome) {
    let entries = DataSetName.allCases.map { Entry($0, in: folder, home: home) }
    // A folder that the user names is offered to every data set; its files are those of one.
    let owners = entries.filter { $0.found?.verification == .verified }
    self.entries = entries.map { entry in
      guard let source = entry.found?.source,
        let owner = owners.first(where: { $0.found?.source == source }), owner.name != entry.name
      else { return entry }
      return Entry(
        entry.name, because: "the files in \(source) are those of \(owner.name.rawValue)")
    }
  }
}

extension DataListing.Entry {
  init(_ name: DataSetName, in folder: String?, home: DataHome) {
    do {
      self.init(try ImageDataSet(name, in: folder, home: home))
    } catch {
      if case .dataSetNotThere = error {
        self.init(name, because: nil)
      } else {
        self.init(name, because: "\(error)")
      }
    }
  }

  /// One that was read.
  private init(_ images: ImageDataSet) {
    self.init(
      name: images.name, found: (images.source, images.verification), reason: nil,
      train: images.train.count, test: images.test.count, channels: images.channels,
      rows: images.rows, columns: images.columns, classes: images.classes)
  }

  /// One that is not there, or not usable for this reason; its numbers are its publisher's.
  init(_ name: DataSetName, because reason: String?) {
    let published = name.published
    self.init(
      name: name, found: nil, reason: reason, train: published.train, test: published.test,
      channels: published.channels, rows: published.rows, columns: published.columns,
      classes: name.classNames.count)
  }

  var size: String { (channels == 1 ? "" : "\(channels)×") + "\(rows)×\(columns)" }

  var standing: String {
    guard let found else { return reason == nil ? "not here" : "not usable" }
    return switch found.verification {
    case .verified: "verified"
    case .differs: "differs"
    case .unknown: "not checked"
    }
  }

  /// Where it is, or what to do.
  var remark: String {
    guard let found else { return reason ?? name.howToGet }
    return switch found.verification {
    case .verified: "in \(found.source)"
    case .differs(let files, let identity):
      "in \(found.source); \(files.joined(separator: ", ")) "
        + (identity.map { "are those of \($0.rawValue)" } ?? "are not its publisher's")
    case .unknown(let reason): "in \(found.source); \(reason)"
    }
  }
}

// MARK: - Text

extension DataListing {
  var text: String {
    let table = tableText(
      ["data set", "training", "test", "size", "classes", "files"],
      entries.map {
        [
          $0.name.rawValue, "\($0.train)", "\($0.test)", $0.size, "\($0.classes)", $0.standing,
        ]
      })
    let remarks = entries.map { wrapped("\($0.name.rawValue): \($0.remark)") }
    return ([table] + remarks).joined(separator: "\n\n")
  }
}

// MARK: - JSON

extension DataListing {
  var json: String { jsonText(of: Document(version: Versions.layerPeel, sets: entries)) + "\n" }

  private struct Document: Encodable {
    let command = "data list"
    let version: String
    let sets: [Entry]
    enum CodingKeys: String, CodingKey {
      case command, version
      case sets = "data_sets"
    }
  }
}

extension DataListing.Entry: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, found, source, classes, channels, rows, columns, verified, absent
    case train = "train_images"
    case test = "test_images"
    case classNames = "class_names"
    case howToGet = "how_to_get"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name.rawValue, forKey: .name)
    try container.encode(found != nil, forKey: .found)
    try container.encode(found?.source, forKey: .source)
    try container.encode(train, forKey: .train)
    try container.encode(test, forKey: .test)
    try container.encode(channels, forKey: .channels)
    try container.encode(rows, forKey: .rows)
    try container.encode(columns, forKey: .columns)
    try container.encode(classes, forKey: .classes)
    try container.encode(name.classNames, forKey: .classNames)
    try container.encode(found?.verification.isVerified, forKey: .verified)
    try container.encode(name.howToGet, forKey: .howToGet)
    try container.encode(absent, forKey: .absent)
  }

  private var absent: [String: String] {
    guard let found else {
      let why = reason ?? "it was not found"
      return ["source": why, "verified": why]
    }
    if case .unknown(let reason) = found.verification { return ["verified": reason] }
    return [:]
  }
}
