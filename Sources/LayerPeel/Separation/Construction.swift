/// A named configuration of class vectors from which a search may start.
struct Construction {
  let name: String
  /// `W` and `G`, `K × d` each, in the units of ``ClassProblem``.
  let point: Point

  /// What the number of classes and the dimension allow.
  static func all(of sizes: ClassSizes, dimension: Int) -> [Construction] {
    let classes = sizes.classes
    let polygon = [("polygon", ClassConfiguration.polygon(classes))]
    let blocks = (2...max(2, classes / 2)).compactMap { Construction.blocks(classes, of: $0) }
    return (polygon + blocks).compactMap { Construction($0, $1, dimension) }
  }

  /// The same vectors for `W` and `G`, if they fit.
  private init?(_ name: String, _ configuration: ClassConfiguration, _ dimension: Int) {
    guard configuration.vectors.columns <= dimension else { return nil }
    let vectors = configuration.vectors(in: dimension)
    self.name = name
    point = Point(classifier: vectors, features: vectors)
  }

  /// Simplices of `size` classes in orthogonal subspaces, the last one larger where the classes do
  /// not divide: antipodal pairs for two.
  private static func blocks(_ classes: Int, of size: Int) -> (String, ClassConfiguration)? {
    let count = classes / size
    guard count >= 2 else { return nil }
    let sizes = [Int](repeating: size, count: count - 1) + [classes - (count - 1) * size]
    return (size == 2 ? "pairs" : "blocks of \(size)", .unitBlocks(sizes))
  }
}
