public import LayerPeel

/// The shape of a multilayer perceptron: hidden layers with ReLU, then a linear classifier.
///
/// A hidden layer is linear, then batch normalisation if asked for, then ReLU; it has a bias only
/// where nothing normalises it away. The classifier has no bias, as in the layer-peeled model.
public struct PerceptronArchitecture: Hashable, Sendable {
  /// What stands between a linear layer and its ReLU.
  public enum Normalization: String, CaseIterable, Sendable {
    /// Batch normalisation with scale and shift.
    case batch
    /// Nothing.
    case none
  }

  /// Numbers in one sample, 784 for an image of 28×28.
  public let inputs: Int
  /// Widths of the hidden layers in order; the last is the dimension of the features.
  public let hidden: [Int]
  /// `K`.
  public let classes: Int
  /// The same for every hidden layer.
  public let normalization: Normalization

  /// The widths of the hidden layers where none are given.
  public static let defaultHidden = [512, 512, 512, 512, 64]

  /// A perceptron of given widths.
  ///
  /// - Throws: `ModelError` where a width is not positive or too large, where there is no hidden
  ///   layer, or with fewer than two classes.
  public init(
    inputs: Int, hidden: [Int] = defaultHidden, classes: Int,
    normalization: Normalization = .batch
  ) throws(ModelError) {
    guard classes >= 2 else { throw .tooFewClasses(classes) }
    guard !hidden.isEmpty else {
      throw .badSetting(argument: "hidden", value: "none", expected: "at least one hidden layer")
    }
    let widths = [("inputs", inputs), ("classes", classes)] + hidden.map { ("hidden", $0) }
    for (argument, width) in widths {
      guard (1...Self.largestWidth).contains(width) else {
        throw .badSetting(
          argument: argument, value: "\(width)", expected: "a width from 1 to \(Self.largestWidth)")
      }
    }
    self.inputs = inputs
    self.hidden = hidden
    self.classes = classes
    self.normalization = normalization
  }

  private static let largestWidth = 1 << 20

  /// `d`, the dimension of the last layer's features.
  public var dimension: Int { hidden[hidden.count - 1] }

  /// Input and output widths of each linear layer, the classifier last.
  var linearShapes: [(inputs: Int, outputs: Int)] {
    let widths = [inputs] + hidden + [classes]
    return zip(widths, widths.dropFirst()).map { ($0, $1) }
  }
}
