import LayerPeel
import LayerPeelFiles

/// What a data set holds, in words and numbers.
struct DataSummary {
  private let images: ImageDataSet
  private let subset: SubsetOptions
  private let changedLabels: Int

  init(_ images: ImageDataSet, subset: SubsetOptions, changedLabels: Int) {
    (self.images, self.subset, self.changedLabels) = (images, subset, changedLabels)
  }

  private var trainSizes: [Int] { images.train.sizes(classes: images.classes) }
  private var testSizes: [Int] { images.test.sizes(classes: images.classes) }

  var text: String {
    let size =
      (images.channels == 1 ? "" : "\(images.channels)×") + "\(images.rows)×\(images.columns)"
    let head = wrapped(
      "\(images.name.rawValue): \(images.train.count) training and \(images.test.count) test images "
        + "of \(size) in \(images.source); \(images.verification.words).")
    let table = tableText(
      ["class", "training", "test"],
      images.classNames.indices.map {
        [title(of: $0), "\(trainSizes[$0])", "\(testSizes[$0])"]
      })
    let labels =
      changedLabels == 0
      ? [] : ["\(changedLabels) training labels changed by \(subset.labels), seed \(subset.seed)."]
    return ([head, table] + labels).joined(separator: "\n\n")
  }

  /// A class by number and name, and in its own writing where that is another.
  private func title(of k: Int) -> String {
    let name = images.classNames[k]
    let known = images.name.classSigns ?? []
    let sign = known.count == images.classes ? " \(known[k])" : ""
    return name == "\(k)" ? name : "\(k) \(name)\(sign)"
  }

  var json: String { jsonText(of: self) + "\n" }
}

extension DataSummary: Encodable {
  private enum CodingKeys: String, CodingKey {
    case command, version, name, source, verified, channels, rows, columns, classes, labels, seed
    case imbalance, absent
    case classNames = "class_names"
    case trainSizes = "train_class_sizes"
    case testSizes = "test_class_sizes"
    case perClass = "per_class"
    case changedLabels = "changed_labels"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("data show", forKey: .command)
    try container.encode(Versions.layerPeel, forKey: .version)
    try container.encode(images.name.rawValue, forKey: .name)
    try container.encode(images.source, forKey: .source)
    try container.encode(images.verification.isVerified, forKey: .verified)
    try container.encode(images.channels, forKey: .channels)
    try container.encode(images.rows, forKey: .rows)
    try container.encode(images.columns, forKey: .columns)
    try container.encode(images.classes, forKey: .classes)
    try container.encode(images.classNames, forKey: .classNames)
    try container.encode(trainSizes, forKey: .trainSizes)
    try container.encode(testSizes, forKey: .testSizes)
    try container.encode(subset.perClass, forKey: .perClass)
    try container.encode(subset.imbalance, forKey: .imbalance)
    try container.encode(subset.labels, forKey: .labels)
    try container.encode(subset.seed, forKey: .seed)
    try container.encode(changedLabels, forKey: .changedLabels)
    try container.encode(absent, forKey: .absent)
  }

  private var absent: [String: String] {
    var reasons: [String: String] = [:]
    if case .unknown(let reason) = images.verification { reasons["verified"] = reason }
    if subset.perClass == nil { reasons["per_class"] = "all images were taken" }
    if subset.imbalance == nil { reasons["imbalance"] = "no ratio was asked for" }
    return reasons
  }
}
