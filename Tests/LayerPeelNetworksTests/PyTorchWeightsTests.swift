import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import TestSupport
import Testing

/// Weights that PyTorch saved, of `Tests/Fixtures/networks/weights.py`: the same names, shapes and
/// order of entries, and the same logits.
struct PyTorchWeightsTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let model: NetworkArchitecture.Model
    let bias: Bool
    let width: Int
    /// Of 16 samples in evaluation mode and float64.
    let logits: [[Double]]

    var testDescription: String { model.rawValue }
    var shape: SampleShape { SampleShape(channels: 1, rows: 32, columns: 32) }

    func network() throws -> Network {
      let architecture =
        model == .resnet18
        ? try NetworkArchitecture.resNet18(shape, width: width, classes: 10, bias: bias)
        : try NetworkArchitecture.vgg13(shape, width: width, classes: 10, bias: bias)
      var generator = SplitMix64(seed: 1)
      return Network(architecture, batchSize: 16, using: &generator)
    }
  }

  static func cases() throws -> [Case] { try Fixture.json([Case].self, "networks/weights.json") }

  @Test(arguments: try cases())
  func `a state dict of PyTorch has our names and gives its logits`(_ example: Case) throws {
    let network = try example.network()
    let path = Fixture.path("networks/\(example.model.rawValue).safetensors")
    let file = try SafetensorsFile(path: path)
    let names = file.entries.map(\.name).filter { !$0.hasSuffix("num_batches_tracked") }
    #expect(Set(names) == Set(network.parameterNames))
    for name in network.parameterNames {
      let entry = try #require(file.entry(named: name), "\(name)")
      #expect(entry.shape == (try network.shape(ofParameterNamed: name)), "\(name)")
      try network.setParameter(named: name, to: try file.floats(entry))
    }

    let samples = try Formula.samples(count: 16, shape: example.shape, draw: 0)
    let expected = example.logits.joined().map { $0 }
    // Rounding of 6e-8 a number through at most 18 layers, relative to the largest logit.
    let tolerance = 1e-4 * (expected.map(abs).max() ?? 0)
    try network.evaluate(samples) { first, _, logits in
      for i in logits.indices {
        let difference = abs(Double(logits[i]) - expected[first * 10 + i])
        #expect(difference <= tolerance, "logit \(first * 10 + i): \(logits[i])")
      }
      return true
    }
  }
}
