public import LayerPeel

/// The model and the start of a flow as outputs record them.
public struct StartDescription: Encodable, Hashable, Sendable {
  private let sizes: ClassSizes
  private let dimension: Int
  private let start: String
  private let seed: UInt64?
  private let scale: Double?
  private let noise: Double

  /// A start of a model.
  ///
  /// - Parameters:
  ///   - start: `gaussian`, `square`, or the name of a file.
  ///   - model: The model.
  ///   - seed: Seed of a Gaussian start.
  ///   - scale: Scale of a Gaussian start.
  ///   - noise: Amplitude of what was added to it.
  public init(
    _ start: String, of model: LayerPeeledModel, seed: UInt64? = nil, scale: Double? = nil,
    noise: Double = 0
  ) {
    self.sizes = model.sizes
    self.dimension = model.dimension
    self.start = start
    self.seed = seed
    self.scale = scale
    self.noise = noise
  }

  private enum CodingKeys: String, CodingKey {
    case classes
    case classSizes = "class_sizes"
    case dimension = "dim"
    case start = "init"
    case seed, generator
    case initScale = "init_scale"
    case noise
  }

  /// Every key, `null` where it does not apply.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sizes.classes, forKey: .classes)
    try container.encode(sizes.counts, forKey: .classSizes)
    try container.encode(dimension, forKey: .dimension)
    try container.encode(start, forKey: .start)
    try container.encode(seed, forKey: .seed)
    try container.encode(seed.map { _ in SplitMix64.name }, forKey: .generator)
    try container.encode(scale, forKey: .initScale)
    try container.encode(noise, forKey: .noise)
  }
}
