/// Whether files are those that a data set's publisher put out, by their MD5 sums.
public enum Verification: Hashable, Sendable {
  /// Every file has the sum that is known of it.
  case verified
  /// Some do not: another data set, or one's own under this name.
  ///
  /// `identity` is the data set whose files they are instead, where that is known.
  case differs(files: [String], identity: DataSetName?)
  /// Some could not be judged, for this reason, and no other differs.
  case unknown(because: String)

  /// Whether they are, or nil where that is not known.
  public var isVerified: Bool? {
    switch self {
    case .verified: true
    case .differs: false
    case .unknown: nil
    }
  }

  /// In a few words.
  public var words: String {
    switch self {
    case .verified: "its publisher's files, by their MD5 sums"
    case .differs(let files, let identity):
      identity.map { "the files of \($0.rawValue)" }
        ?? "not its publisher's files (\(files.joined(separator: ", ")))"
    case .unknown(let reason): "not checked: \(reason)"
    }
  }

  /// Of several parts together.
  init(combining parts: [Verification]) {
    var files: [String] = []
    var identities: [DataSetName?] = []
    var reason: String?
    for part in parts {
      switch part {
      case .verified: continue
      case .differs(let names, let identity):
        files += names
        identities.append(identity)
      case .unknown(let because): reason = reason ?? because
      }
    }
    if let first = identities.first {
      let agree = files.count == parts.count && identities.allSatisfy { $0 == first }
      self = .differs(files: files, identity: agree ? first : nil)
    } else {
      self = reason.map { .unknown(because: $0) } ?? .verified
    }
  }
}

/// What is known of one file's MD5 sum.
enum PublishedSum {
  /// Of its content, however it is packed.
  case content(String)
  /// Of the publisher's own gzip file only.
  case packed(String)

  /// What a stream must add up to be compared.
  var digested: ByteStream.Digested {
    switch self {
    case .content: .content
    case .packed: .both
    }
  }

  /// Compares the sums of a file that was read; nil where a stream had none to give.
  func judge(_ sums: (content: String?, packed: String?), of file: String) -> Verification {
    let identity = sums.content.flatMap { DataSetName(holding: file, sum: $0) }
    switch self {
    case .content(let published):
      return sums.content == published ? .verified : .differs(files: [file], identity: identity)
    case .packed(let published):
      if sums.packed == published { return .verified }
      if identity != nil { return .differs(files: [file], identity: identity) }
      // Packing again changes the sum and nothing else.
      return .unknown(
        because: "only sums of the publisher's own .gz files are known, and \(file) is not packed "
          + "like them")
    }
  }
}

extension DataSetName {
  /// What is known of the sum of a file of this data set, by its name without `.gz`.
  ///
  /// > Sources: CIFAR-10's page gives the sum of its archive, which the sums of the six files in it
  /// > stand for; Kuzushiji-MNIST's are of its `.gz` files, as in torchvision; those of MNIST and
  /// > Fashion-MNIST are of the content of the files that their publishers' sums identify.
  func publishedSum(of file: String) -> PublishedSum? {
    if self == .kuzushijiMNIST { return DataSetName.kuzushijiPacked[file].map { .packed($0) } }
    let sums: [String: String] =
      switch self {
      case .mnist: DataSetName.mnistContent
      case .fashionMNIST: DataSetName.fashionContent
      case .cifar10: DataSetName.cifarContent
      case .kuzushijiMNIST: [:]
      }
    return sums[file].map { .content($0) }
  }

  /// The data set whose file of this name has this content.
  fileprivate init?(holding file: String, sum: String) {
    let found = DataSetName.allCases.first {
      if case .content(sum) = $0.publishedSum(of: file) { true } else { false }
    }
    guard let found else { return nil }
    self = found
  }

  private static let mnistContent = [
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
  ]
  private static let fashionContent = [
    "train-images-idx3-ubyte": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "train-labels-idx1-ubyte": "9018921c3c673c538a1fc5bad174d6f9",
    "t10k-images-idx3-ubyte": "8181f5470baa50b63fa0f6fddb340f0a",
    "t10k-labels-idx1-ubyte": "15d484375f8d13e6eb1aabb0c3f46965",
  ]
  private static let kuzushijiPacked = [
    "train-images-idx3-ubyte": "bdb82020997e1d708af4cf47b453dcf7",
    "train-labels-idx1-ubyte": "e144d726b3acfaa3e44228e80efcd344",
    "t10k-images-idx3-ubyte": "5c965bf0a639b31b8f53240b1b52f4d7",
    "t10k-labels-idx1-ubyte": "7320c461ea6c1c855c0b718fb2a4b134",
  ]
  private static let cifarContent = [
    "data_batch_1.bin": "5dd7e06a14cb22eb9f671a540d1b7c25",
    "data_batch_2.bin": "5ea93a67294ea407fff1d09f752e9692",
    "data_batch_3.bin": "942cd6a4bcdd0dd3c604fbe906cb4421",
    "data_batch_4.bin": "ae636b3ba5c66a11e91e8cb52e771fcb",
    "data_batch_5.bin": "53f37980c15c3d472c316c40844f3f0d",
    "test_batch.bin": "803d5f7f4d78ea53de84dbe85f74fb6d",
  ]
}
