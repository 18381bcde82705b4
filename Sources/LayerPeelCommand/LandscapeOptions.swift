import ArgumentParser
import LayerPeel

/// The options that say whose landscape is mapped, and at what level.
struct LandscapeOptions: ParsableArguments {
  @OptionGroup var size: SizeOptions

  @Option(
    parsing: .unconditional,
    help: "Radius ρ of the sphere (default: where the best margins are 4 nats, ρ² = 8 v*).")
  var radius: Double?

  @Option(
    parsing: .unconditional,
    help: "Instead of a radius: critical points of L + (μ/2)ρ², L summed over samples.")
  var weightDecay: Double?

  @Option(parsing: .unconditional, help: "Random points to refine besides the constructions.")
  var restarts = 20

  @Option(help: "Seed of the random points.")
  var seed: UInt64 = 0

  func validate() throws {
    if radius != nil, weightDecay != nil {
      throw ValidationError(
        "--radius and --weight-decay exclude each other: with weight decay every point has its own "
          + "radius; leave one out")
    }
  }

  /// The landscape; sizes and settings are checked before memory is taken.
  func landscape() throws -> Landscape {
    let (sizes, dimension) = try size.sizesAndDimension()
    try requireMemory(Landscape.memoryNeeded(sizes: sizes, dimension: dimension))
    let model = try LayerPeeledModel(sizes: sizes, dimension: dimension)
    var settings = Landscape.Settings(
      level: weightDecay.map { .weightDecay($0) } ?? .radius(radius ?? model.radius()))
    settings.restarts = restarts
    settings.seed = seed
    try settings.validate()
    return Landscape(model, settings: settings)
  }
}
