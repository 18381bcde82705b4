import LayerPeel
import LayerPeelNetworks

/// A learner whose features, classifier and bias are whatever a test wants them to be.
final class StoredLayer: Learner {
  let architecture: NetworkArchitecture
  var features: [Float]
  var weight: [Float]
  var bias: [Float]
  private let batch: Int
  private(set) var batches = 0

  init(
    features: [Float], weight: [Float], bias: [Float]? = nil, classes: Int, batch: Int = 7
  ) throws {
    let d = weight.count / classes
    architecture = try NetworkArchitecture(
      inputs: 1, hidden: [d], classes: classes, bias: bias != nil)
    (self.features, self.weight, self.batch) = (features, weight, batch)
    self.bias = bias ?? Array(repeating: 0, count: classes)
  }

  /// Samples that stand for the features.
  static func samples(_ labels: [Int]) throws -> LabelledSamples {
    try LabelledSamples(
      inputs: Array(repeating: 0, count: labels.count), width: 1, labels: Labels(labels))
  }

  func evaluate(
    _ samples: LabelledSamples,
    _ body: (_ first: Int, _ features: Span<Float>, _ logits: Span<Float>) -> Bool
  ) throws(ModelError) {
    let d = architecture.dimension
    for first in stride(from: 0, to: samples.count, by: batch) {
      let rows = first..<min(first + batch, samples.count)
      let logits = rows.flatMap { i in
        bias.indices.map { k in
          (0..<d).reduce(bias[k]) { $0 + weight[k * d + $1] * features[i * d + $1] }
        }
      }
      batches += 1
      let block = Array(features[rows.lowerBound * d..<rows.upperBound * d])
      if !body(first, block.span, logits.span) { return }
    }
  }

  var executed: [ExecutedGroup] { [] }
  var parameterNames: [String] { ["classifier.weight", "classifier.bias"] }
  var trainedNames: [String] { [] }
  func parameter(named name: String) throws(ModelError) -> [Float] {
    name == "classifier.weight" ? weight : bias
  }
  func shape(ofParameterNamed name: String) throws(ModelError) -> [Int] { [] }
  func setParameter(named name: String, to elements: [Float]) throws(ModelError) {}
  func velocity(named name: String) throws(ModelError) -> [Float] { [] }
  func setVelocity(named name: String, to elements: [Float]) throws(ModelError) {}
  func step(
    on samples: LabelledSamples, rows: ArraySlice<Int>, rate: Double, augmentation: Augmentation,
    using generator: inout SplitMix64
  ) throws(ModelError) -> Double { 0 }
}
