package import LayerPeel

/// A model with a random point and random directions, all determined by sizes, dimension and seed.
package struct ModelCase: Sendable, CustomStringConvertible {
  /// What is special about it.
  package let name: String
  /// `n_k`.
  package let counts: [Int]
  /// `d`.
  package let dimension: Int
  /// Of the point, the directions and the order of the labels.
  package let seed: UInt64
  /// What a Gaussian point of variance `1/d` is multiplied by.
  package let scale: Double
  /// Whether samples of different classes are mixed.
  package let isShuffled: Bool

  package init(
    _ name: String, counts: [Int], dimension: Int, seed: UInt64, scale: Double = 1,
    isShuffled: Bool = false
  ) {
    self.name = name
    self.counts = counts
    self.dimension = dimension
    self.seed = seed
    self.scale = scale
    self.isShuffled = isShuffled
  }

  package var description: String {
    "\(name): sizes \(counts), d = \(dimension), seed \(seed), scale \(scale)"
      + (isShuffled ? ", shuffled" : "")
  }

  /// The class of each sample.
  package func labels() throws -> Labels {
    let sorted = Labels(sorted: try ClassSizes(counts))
    guard isShuffled else { return sorted }
    var generator = SplitMix64(seed: seed)
    return try Labels(sorted.values.map(Int.init).shuffled(using: &generator))
  }

  /// The model itself.
  package func model() throws -> LayerPeeledModel {
    try LayerPeeledModel(labels: labels(), dimension: dimension)
  }

  /// The random point.
  package func point() throws -> Point {
    var generator = SplitMix64(seed: seed)
    return try model().gaussianPoint(scale: scale, using: &generator)
  }

  /// A random direction, another for each index; its entries have variance `1/d`.
  package func direction(_ index: UInt64 = 0) throws -> Point {
    var generator = SplitMix64(seed: seed &+ 1_000_003 &* (index + 1))
    return try model().gaussianPoint(using: &generator)
  }
}

extension ModelCase {
  /// Shapes that differ in all that matters, at points where no loss underflows.
  package static let ordinary = [
    ModelCase("one sample a class", counts: [1, 1, 1], dimension: 1, seed: 1),
    ModelCase("two classes", counts: [3, 5], dimension: 4, seed: 2),
    ModelCase("minorities", counts: [10, 10, 1, 1], dimension: 3, seed: 3),
    ModelCase("below K - 1", counts: [2, 3, 1, 2, 4], dimension: 2, seed: 4, isShuffled: true),
    ModelCase("ten classes", counts: Array(repeating: 7, count: 10), dimension: 16, seed: 5),
    ModelCase("unsorted", counts: [4, 1, 6], dimension: 5, seed: 6, scale: 2, isShuffled: true),
  ]

  /// Points whose logits overflow a naive softmax, and whose losses are far apart.
  package static let extreme = [
    ModelCase("logits of thousands", counts: [5, 5, 5], dimension: 4, seed: 7, scale: 40),
    ModelCase(
      "logits of millions", counts: [4, 3, 2, 8], dimension: 6, seed: 8, scale: 1e3,
      isShuffled: true),
    ModelCase("nearly the origin", counts: [2, 3, 4], dimension: 3, seed: 9, scale: 1e-8),
  ]
}
