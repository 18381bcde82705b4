import LayerPeel
import TestSupport

/// A balanced model and its start, as flows are told by in these tests.
struct FlowCase: Sendable, CustomStringConvertible {
  enum Start: Sendable {
    case gaussian(seed: UInt64)
    case square(noise: Double)
  }

  let counts: [Int]
  let dimension: Int
  let start: Start

  init(_ counts: [Int], dimension: Int, _ start: Start) {
    self.counts = counts
    self.dimension = dimension
    self.start = start
  }

  /// Four classes of five samples in eight dimensions.
  init(seed: UInt64) { self.init([5, 5, 5, 5], dimension: 8, .gaussian(seed: seed)) }

  var description: String { "sizes \(counts), d = \(dimension), \(start)" }

  func model() throws -> LayerPeeledModel {
    try LayerPeeledModel(sizes: ClassSizes(counts), dimension: dimension)
  }

  func point() throws -> Point {
    let model = try model()
    switch start {
    case .gaussian(let seed):
      var generator = SplitMix64(seed: seed)
      return model.gaussianPoint(using: &generator)
    case .square(let noise):
      return model.perturbed(model.squarePoint, by: noise)
    }
  }

  /// Follows the flow with settings that `change` makes from the default ones.
  func run(_ change: (inout Flow.Settings) -> Void) throws -> Flow.Run {
    var settings = Flow.Settings()
    change(&settings)
    return try Flow(model(), settings: settings).run(from: point())
  }
}

extension Trajectory {
  /// One number of every record that has it.
  func values(_ quantity: Quantity) -> [Double] {
    records.compactMap { $0.measurement[quantity].number }
  }
}
