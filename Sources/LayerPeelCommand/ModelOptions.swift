import ArgumentParser
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// The options that say which model is followed and where it starts.
struct ModelOptions: ParsableArguments {
  @OptionGroup var size: SizeOptions

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      """
      Start: gaussian, square, or a .safetensors or .npz file with W (K × d), H or features \
      (N × d) and labels (N).
      """,
      valueName: "start"))
  var start = "gaussian"

  @Option(help: "Seed of the Gaussian start (default: 0).")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "Scale σ of the Gaussian start, whose entries have variance σ²/d (default: 1).")
  var initScale: Double?

  @Option(
    parsing: .unconditional,
    help: "Add ε sin((m+1)²) to every entry of the start, m its index over W, then H.")
  var noise: Double = 0

  private var isFile: Bool { start != "gaussian" && start != "square" }

  func validate() throws {
    guard !isFile || PointFile.formats.contains(where: { start.hasSuffix(".\($0)") }) else {
      let endings = PointFile.formats.map { ".\($0)" }.joined(separator: " or ")
      throw ValidationError(
        "--init is \(start); expected gaussian, square or a file that ends in \(endings)")
    }
    if isFile, size.areGiven {
      throw ValidationError(
        "--init \(start) brings its own sizes; leave out --classes, --per-class, --class-sizes "
          + "and --dim, or use --init gaussian or square")
    }
    for (name, isGiven) in [("--init-scale", initScale != nil), ("--seed", seed != nil)]
    where isGiven && start != "gaussian" {
      throw ValidationError("\(name) is for --init gaussian, not for \(start)")
    }
    for (name, value) in [("--noise", noise), ("--init-scale", initScale ?? 1)] {
      guard value.isFinite, value >= 0 else {
        throw ValidationError("\(name) is \(value); expected a finite number, zero or more")
      }
    }
  }

  /// The model and its start; sizes are checked before memory is taken.
  func modelAndStart() throws -> (model: LayerPeeledModel, start: Point) {
    if isFile {
      let file = try PointFile(path: start)
      guard file.bias == nil else {
        throw FileError.malformed(
          path: start, place: "array bias", expected: "none, as the model has no bias",
          found: "one", cure: "train without a bias, or fold it into W and H as a constant feature")
      }
      try checkMemory(file.labels.sizes, file.point.dimension)
      let model = try LayerPeeledModel(labels: file.labels, dimension: file.point.dimension)
      return (model, perturbed(file.point, in: model))
    }
    let (sizes, dimension) = try size.sizesAndDimension()
    try checkMemory(sizes, dimension)
    let model = try LayerPeeledModel(sizes: sizes, dimension: dimension)
    return (model, perturbed(madeStart(in: model), in: model))
  }

  private func madeStart(in model: LayerPeeledModel) -> Point {
    guard start == "gaussian" else { return model.squarePoint }
    var generator = SplitMix64(seed: seed ?? 0)
    return model.gaussianPoint(scale: initScale ?? 1, using: &generator)
  }

  private func perturbed(_ point: Point, in model: LayerPeeledModel) -> Point {
    noise > 0 ? model.perturbed(point, by: noise) : point
  }

  private func checkMemory(_ sizes: ClassSizes, _ dimension: Int) throws {
    try requireMemory(Flow.memoryNeeded(sizes: sizes, dimension: dimension))
  }

  /// What the output records of the start.
  func description(of model: LayerPeeledModel) -> StartDescription {
    let isGaussian = start == "gaussian"
    return StartDescription(
      start, of: model, seed: isGaussian ? seed ?? 0 : nil,
      scale: isGaussian ? initScale ?? 1 : nil,
      noise: noise)
  }
}
