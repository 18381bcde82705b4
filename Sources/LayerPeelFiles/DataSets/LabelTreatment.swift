public import LayerPeel

/// What is done to training labels before anything is learned from them.
public enum LabelTreatment: Hashable, Sendable {
  /// Nothing.
  case real
  /// All are dealt anew to the images: every class keeps its size, nothing its meaning.
  case shuffled
  /// This share of them is wrong: so many images, drawn without replacement, get one of the *other*
  /// classes, drawn uniformly.
  case noise(Double)

  /// The treatment of that name: `true`, `shuffled`, or `noise:0.2` for a share of 0.2.
  ///
  /// - Throws: `ModelError.badSetting`, with the name that was likely meant.
  public init(named name: String) throws(ModelError) {
    let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch (parts.first.map(String.init), parts.count) {
    case ("true", 1): self = .real
    case ("shuffled", 1): self = .shuffled
    case ("noise", 2):
      guard let share = Double(parts[1]), (0...1).contains(share) else {
        throw .badSetting(
          argument: "labels", value: name, expected: "noise:P with a share P from 0 to 1")
      }
      self = .noise(share)
    default: throw LabelTreatment.refusal(of: name)
    }
  }

  private static func refusal(of name: String) -> ModelError {
    let head = name.split(separator: ":").first.map(String.init) ?? ""
    let likely = nearest(to: head, among: ["true", "shuffled", "noise"])!
    return .badSetting(
      argument: "labels", value: name,
      expected:
        "true, shuffled or noise:0.2 (nearest is \(likely == "noise" ? "noise:0.2" : likely))")
  }

  /// The name that ``init(named:)`` takes.
  public var name: String {
    switch self {
    case .real: "true"
    case .shuffled: "shuffled"
    case .noise(let share): "noise:\(share)"
    }
  }

  /// Labels after the treatment, determined by the seed.
  ///
  /// - Parameters:
  ///   - labels: `y_i`, in `0..<classes`.
  ///   - classes: `K`.
  ///   - seed: Of a stream of its own: a network's counts up from the seed itself.
  /// - Throws: `ModelError` where noise takes a class its last image.
  public func labels(
    from labels: [Int], classes: Int, seed: UInt64
  ) throws(ModelError) -> [Int] {
    var generator = SplitMix64(seed: ~seed)
    switch self {
    case .real: return labels
    case .shuffled: return labels.shuffled(using: &generator)
    case .noise(let share):
      let count = Int((share * Double(labels.count)).rounded())
      var noisy = labels
      for i in labels.indices.shuffled(using: &generator).prefix(count) {
        noisy[i] = (labels[i] + Int.random(in: 1..<classes, using: &generator)) % classes
      }
      let sizes = ImageDataSet.Split(images: [], labels: noisy).sizes(classes: classes)
      if let empty = sizes.firstIndex(of: 0) { throw .emptyClass(empty, count: 0) }
      return noisy
    }
  }
}
