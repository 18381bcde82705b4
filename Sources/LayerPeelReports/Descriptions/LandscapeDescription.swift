public import LayerPeel

/// A landscape, and the escape that was followed in it, as outputs record them.
public struct LandscapeDescription: Encodable, Sendable {
  private let landscape: Landscape
  private let follow: String?
  private let escape: Escape.Settings?

  /// A landscape.
  ///
  /// - Parameters:
  ///   - landscape: The landscape.
  ///   - follow: The start of the escape, if one was asked for.
  ///   - escape: Its settings.
  public init(_ landscape: Landscape, follow: String? = nil, escape: Escape.Settings? = nil) {
    self.landscape = landscape
    self.follow = follow
    self.escape = escape
  }

  private enum CodingKeys: String, CodingKey {
    case classes
    case classSizes = "class_sizes"
    case dimension = "dim"
    case radius
    case weightDecay = "weight_decay"
    case restarts, seed, generator, loss, follow, push
    case longestStep = "longest_step"
    case maximumSteps = "maximum_steps"
    case versions
  }

  /// Every key, `null` where it does not apply.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let settings = landscape.settings
    try container.encode(landscape.model.sizes.classes, forKey: .classes)
    try container.encode(landscape.model.sizes.counts, forKey: .classSizes)
    try container.encode(landscape.model.dimension, forKey: .dimension)
    try container.encode(settings.level.radius, forKey: .radius)
    try container.encode(settings.level.weightDecay, forKey: .weightDecay)
    try container.encode(settings.restarts, forKey: .restarts)
    try container.encode(settings.seed, forKey: .seed)
    try container.encode(SplitMix64.name, forKey: .generator)
    try container.encode("sum", forKey: .loss)
    try container.encode(follow, forKey: .follow)
    try container.encode(escape?.push, forKey: .push)
    try container.encode(escape?.longestStep, forKey: .longestStep)
    try container.encode(escape?.maximumSteps, forKey: .maximumSteps)
    try container.encode(["openblas": Versions.openBLAS], forKey: .versions)
  }
}
