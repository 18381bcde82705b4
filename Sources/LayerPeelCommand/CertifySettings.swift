import LayerPeel

/// What was asked for, as the output records it.
struct CertifySettings: Encodable {
  let file: String
  let tolerance: Double
  let restarts: Int
  let separablePart: Bool
  let biasFolded: Bool
  let classes: Int
  let classSizes: [Int]
  let dimension: Int
  let versions: [String: String]

  init(
    file: String, tolerance: Double, restarts: Int, separablePart: Bool, input: CertifiedInput
  ) {
    self.file = file
    self.tolerance = tolerance
    self.restarts = restarts
    self.separablePart = separablePart
    self.biasFolded = input.isBiasFolded
    self.classes = input.labels.classes
    self.classSizes = input.labels.sizes.counts
    self.dimension = input.point.dimension
    self.versions = ["openblas": Versions.openBLAS]
  }

  private enum CodingKeys: String, CodingKey {
    case file, tolerance, restarts, classes, versions
    case biasFolded = "bias_folded"
    case separablePart = "separable_part"
    case classSizes = "class_sizes"
    case dimension = "dim"
  }
}
