import ArgumentParser
import LayerPeel

/// The options that say how large one model is.
struct SizeOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Number of classes K, at least 2 (default: 4).")
  var classes: Int?

  @Option(parsing: .unconditional, help: "Samples in each class (default: 5).")
  var perClass: Int?

  @Option(
    parsing: .unconditional,
    help: "Samples class by class, such as 100,100,10; instead of the two above.")
  var classSizes: NumberList?

  @Option(
    name: .customLong("dim"), parsing: .unconditional,
    help: "Feature dimension d (default: twice the classes).")
  var dimension: Int?

  /// Whether any of them is given.
  var areGiven: Bool {
    classes != nil || perClass != nil || classSizes != nil || dimension != nil
  }

  func validate() throws {
    try checkGivenOnce(classSizes, beside: classes, perClass)
  }

  /// The sizes and the dimension, the latter at least 1.
  func sizesAndDimension() throws -> (sizes: ClassSizes, dimension: Int) {
    let sizes = try self.sizes
    let dimension = dimension ?? 2 * sizes.classes
    guard dimension >= 1 else { throw ModelError.dimensionTooSmall(dimension) }
    return (sizes, dimension)
  }

  private var sizes: ClassSizes {
    get throws {
      if let classSizes { return try classSizes.classSizes }
      return try ClassSizes(classes: classes ?? 4, perClass: perClass ?? 5)
    }
  }
}

extension NumberList {
  /// The numbers as `--class-sizes` means them.
  var classSizes: ClassSizes {
    get throws { try ClassSizes(integers(argument: "class-sizes")) }
  }
}

/// Refuses class sizes one by one beside numbers that say the same.
func checkGivenOnce<Number>(
  _ classSizes: NumberList?, beside classes: Number?, _ perClass: Number?
) throws {
  if classSizes != nil, classes != nil || perClass != nil {
    throw ValidationError("--class-sizes already says what --classes and --per-class would")
  }
}

extension ClassSizes {
  /// `4 classes of 5`, or `4 classes, 16 samples` where they differ.
  var inWords: String {
    areBalanced ? "\(classes) classes of \(counts[0])" : "\(classes) classes, \(samples) samples"
  }
}
