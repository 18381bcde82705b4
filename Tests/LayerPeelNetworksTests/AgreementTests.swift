import Glibc
import LayerPeel
import LayerPeelNetworks
import TestSupport
import Testing

/// Every network against PyTorch in float64, from identical weights and batches.
///
/// `Tests/Fixtures/networks/agreement.py` trained the same networks and says why 32 inner products
/// with vectors of signs are enough to judge a gradient.
@Suite(.serialized) struct AgreementTests {
  /// What PyTorch found of one network.
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let model: NetworkArchitecture.Model
    let shape: [Int]
    let hidden: [Int]
    let norm: NetworkArchitecture.Normalization
    let bias: Bool
    let batch: Int
    let rate: Double
    /// Which draw of samples.
    let draw: Int
    /// Mean loss of each batch before its step.
    let losses: [Double]
    /// Mean loss of all samples after the steps, in evaluation mode.
    let evaluated: Double
    /// Norm and projections of each parameter's gradient at the first step.
    let gradients: [String: [Double]]

    var testDescription: String { name }

    var architecture: NetworkArchitecture {
      get throws {
        let input = SampleShape(channels: shape[0], rows: shape[1], columns: shape[2])
        switch model {
        case .resnet18:
          return try .resNet18(
            input, width: hidden[0], classes: 10, normalization: norm, bias: bias)
        case .vgg13:
          return try .vgg13(input, width: hidden[0], classes: 10, normalization: norm, bias: bias)
        default:
          return try NetworkArchitecture(
            inputs: input.count, hidden: hidden, classes: 10, normalization: norm, bias: bias)
        }
      }
    }

    func network() throws -> Network {
      var generator = TestGenerator(seed: 1)
      let network = Network(try architecture, batchSize: batch, using: &generator)
      try Formula.setParameters(of: network)
      return network
    }

    func samples() throws -> LabelledSamples {
      try Formula.samples(
        count: 4 * batch, shape: SampleShape(channels: shape[0], rows: shape[1], columns: shape[2]),
        draw: draw)
    }
  }

  static let cases: [Case] = {
    struct File: Decodable { let cases: [Case] }
    do { return try Fixture.json(File.self, "networks/agreement.json").cases } catch {
      fatalError("agreement.json: \(error)")
    }
  }()

  @Test(arguments: cases)
  func `twenty losses and the evaluation agree with PyTorch in float64`(_ example: Case) throws {
    let (network, samples) = try (example.network(), example.samples())
    // Rounding of 6e-8 a number, some twenty layers deep: at most 6e-7 of the first loss was seen.
    // Twenty steps amplify it wherever a unit near 0 ends on the other side: to 5e-6, or to 1e-3
    // where batch normalisation divides by what few samples deviate.
    let tolerance = example.norm == .batch && example.model != .mlp ? 2e-3 : 1e-4
    for (step, expected) in example.losses.enumerated() {
      let first = step % 4 * example.batch
      let rows = first..<first + example.batch
      let loss = try network.step(on: samples, rows: rows, rate: example.rate)
      let bound = step == 0 ? 1e-5 : tolerance
      #expect(abs(loss - expected) <= bound * expected, "step \(step): \(loss)")
    }
    let evaluated = try network.quality(on: samples).meanLoss
    #expect(abs(evaluated - example.evaluated) <= tolerance * example.evaluated, "\(evaluated)")
  }

  @Test(arguments: cases)
  func `every gradient agrees with PyTorch in float64`(_ example: Case) throws {
    let (network, samples) = try (example.network(), example.samples())
    var generator = SplitMix64(seed: 0)
    let rows = Array(0..<example.batch)[...]
    _ = try network.gradients(on: samples, rows: rows, using: &generator)
    #expect(Set(network.trainedNames) == Set(example.gradients.keys))
    for name in network.trainedNames {
      let (gradient, expected) = try (
        network.gradient(named: name), #require(example.gradients[name])
      )
      // The batch of a fixture keeps away from kinks, so rounding alone is left: 6e-8 a number,
      // amplified a hundredfold by depth and Winograd's transforms (at most 7e-6 was seen). Another
      // machine's transforms may be ten times worse; the promise to users is 1e-3.
      let tolerance = 1e-4 * expected[0]
      let norm = sqrt(gradient.reduce(0) { $0 + Double($1) * Double($1) })
      #expect(abs(norm - expected[0]) <= tolerance, "\(name): norm \(norm)")
      let differences = zip(Formula.projections(of: gradient, named: name), expected.dropFirst())
      let squares = differences.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let difference = sqrt(squares / Double(expected.count - 1))
      #expect(difference <= tolerance, "\(name): \(difference / expected[0]) of its norm")
    }
  }

  @Test func `the projections tell a gradient from one that is wrong by two thousandths`() throws {
    let gradient = Formula.uniform(70, 4096)
    let other = Formula.uniform(71, 4096)
    let wrong = zip(gradient, other).map { $0 + 0.002 * $1 }
    let (a, b) = (
      Formula.projections(of: gradient, named: "x"), Formula.projections(of: wrong, named: "x")
    )
    let squares = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let norm = sqrt(gradient.reduce(0) { $0 + Double($1) * Double($1) })
    let estimate = sqrt(squares / 32) / norm
    // Four standard deviations of an eighth each.
    #expect(abs(estimate - 0.002) <= 0.001, "\(estimate)")
    #expect(estimate > 1e-3)
  }
}
