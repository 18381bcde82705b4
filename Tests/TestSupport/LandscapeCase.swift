package import LayerPeel

/// A model whose landscape is surveyed at its default radius.
package struct LandscapeCase: Sendable, CustomStringConvertible {
  package let counts: [Int]
  package let dimension: Int
  package let restarts: Int

  package init(_ counts: [Int], dimension: Int, restarts: Int = 8) {
    self.counts = counts
    self.dimension = dimension
    self.restarts = restarts
  }

  package var description: String { "sizes \(counts), d = \(dimension)" }

  package func model() throws -> LayerPeeledModel {
    try LayerPeeledModel(sizes: ClassSizes(counts), dimension: dimension)
  }

  package func landscape() throws -> Landscape {
    let model = try model()
    var settings = Landscape.Settings(level: .radius(model.radius()))
    settings.restarts = restarts
    return Landscape(model, settings: settings)
  }

  /// In `K - 1` dimensions or more; two are imbalanced, and one has exactly `K - 1`.
  package static let sufficient = [
    LandscapeCase([2, 2, 2], dimension: 4),
    LandscapeCase([5, 5, 5, 5], dimension: 8),
    LandscapeCase([2, 2, 2, 2], dimension: 3),
    LandscapeCase([2, 2, 2, 2, 2], dimension: 6),
    LandscapeCase([1, 1, 1, 1, 1, 1], dimension: 7, restarts: 0),
    LandscapeCase([6, 6, 2, 2], dimension: 5),
    LandscapeCase([4, 2, 1], dimension: 4),
  ]
}
