public import LayerPeel

/// The shape of a network: what turns samples into features, then a linear classifier.
///
/// | model | features |
/// |---|---|
/// | `mlp` | hidden layers: linear, batch normalisation if asked for, ReLU |
/// | `resnet18` | ResNet-18 for small images: a 3×3 stem, four stages of two blocks, mean over pixels; `d = 8 width` |
/// | `vgg13` | VGG-13 for images of 32×32: five stages of two 3×3 convolutions and a maximum over 2×2; `d = 8 width` |
/// | `linear-features` | the layer-peeled model itself: free features, one for each training sample |
///
/// A layer has a bias only where nothing normalises it away. The classifier has none, as in the
/// layer-peeled model, unless asked for.
///
/// > Sources: He, Zhang, Ren & Sun, CVPR 2016; Simonyan & Zisserman, ICLR 2015.
public struct NetworkArchitecture: Hashable, Sendable {
  /// Which family of networks.
  public enum Model: String, CaseIterable, Sendable, Codable {
    /// A multilayer perceptron.
    case mlp
    /// ResNet-18 with the stem for images of 32×32.
    case resnet18
    /// VGG-13 with one linear layer after its convolutions.
    case vgg13
    /// Free features, one for each training sample.
    case linearFeatures = "linear-features"
  }

  /// What stands between a linear layer or convolution and its ReLU.
  public enum Normalization: String, CaseIterable, Sendable, Codable {
    /// Batch normalisation with scale and shift.
    case batch
    /// Nothing.
    case none
  }

  /// Which family it is of.
  public let model: Model
  /// What it receives.
  public let input: SampleShape
  /// Widths of a perceptron's hidden layers in order, channels of a convolutional network's stages,
  /// or `d` alone; the last gives `d`.
  public let hidden: [Int]
  /// `K`.
  public let classes: Int
  /// The same for every layer.
  public let normalization: Normalization
  /// Whether the classifier has a bias.
  public let hasClassifierBias: Bool

  /// The widths of a perceptron's hidden layers where none are given.
  public static let defaultHidden = [512, 512, 512, 512, 64]
  /// Channels of a convolutional network's first stage where none are given, as published.
  public static let defaultWidth = 64
  /// Dimension of free features where none is given.
  public static let defaultDimension = 64

  private init(
    _ model: Model, input: SampleShape, hidden: [Int], classes: Int, normalization: Normalization,
    bias: Bool
  ) throws(ModelError) {
    guard classes >= 2 else { throw .tooFewClasses(classes) }
    guard !hidden.isEmpty else {
      throw .badSetting(argument: "hidden", value: "none", expected: "at least one hidden layer")
    }
    let widths = [("inputs", input.count), ("classes", classes)] + hidden.map { ("hidden", $0) }
    for (argument, width) in widths {
      guard (1...Self.largestWidth).contains(width) else {
        throw .badSetting(
          argument: argument, value: "\(width)", expected: "a width from 1 to \(Self.largestWidth)")
      }
    }
    self.model = model
    self.input = input
    self.hidden = hidden
    self.classes = classes
    self.normalization = normalization
    hasClassifierBias = bias
  }

  private static let largestWidth = 1 << 20

  /// `d`, the dimension of the last layer's features.
  public var dimension: Int { hidden[hidden.count - 1] }
  /// Numbers in one sample.
  public var inputs: Int { input.count }

  /// Whether samples of a shape can be given to it: a perceptron takes any of as many numbers.
  func takes(_ shape: SampleShape) -> Bool {
    model == .mlp ? shape.count == input.count : shape == input
  }
}

extension NetworkArchitecture {
  /// A perceptron of given widths.
  ///
  /// - Throws: `ModelError` where a width is not positive or too large, where there is no hidden
  ///   layer, or with fewer than two classes.
  public init(
    inputs: Int, hidden: [Int] = defaultHidden, classes: Int,
    normalization: Normalization = .batch, bias: Bool = false
  ) throws(ModelError) {
    try self.init(
      .mlp, input: SampleShape(width: inputs), hidden: hidden, classes: classes,
      normalization: normalization, bias: bias)
  }

  /// ResNet-18 for small images: stages of `width`, `2 width`, `4 width` and `8 width` channels.
  ///
  /// - Throws: `ModelError` for a width out of range, images below 8×8, or fewer than two classes.
  public static func resNet18(
    _ input: SampleShape, width: Int = defaultWidth, classes: Int,
    normalization: Normalization = .batch, bias: Bool = false
  ) throws(ModelError) -> NetworkArchitecture {
    try require(input, atLeast: 8, "resnet18")
    return try NetworkArchitecture(
      .resnet18, input: input, hidden: try stages(width, [1, 2, 4, 8]), classes: classes,
      normalization: normalization, bias: bias)
  }

  /// VGG-13: stages of `width`, `2 width`, `4 width`, `8 width` and `8 width` channels.
  ///
  /// - Throws: `ModelError` for a width out of range, images other than 32×32, or fewer than two
  ///   classes.
  public static func vgg13(
    _ input: SampleShape, width: Int = defaultWidth, classes: Int,
    normalization: Normalization = .batch, bias: Bool = false
  ) throws(ModelError) -> NetworkArchitecture {
    guard input.rows == 32, input.columns == 32 else {
      throw .badSetting(
        argument: "images", value: "\(input.rows)×\(input.columns)",
        expected: "32×32 for vgg13, whose five halvings leave one pixel")
    }
    return try NetworkArchitecture(
      .vgg13, input: input, hidden: try stages(width, [1, 2, 4, 8, 8]), classes: classes,
      normalization: normalization, bias: bias)
  }

  /// The layer-peeled model itself, with free features of dimension `dimension`.
  ///
  /// - Throws: `ModelError` for a dimension out of range or fewer than two classes.
  public static func linearFeatures(
    dimension: Int = defaultDimension, classes: Int, bias: Bool = false
  ) throws(ModelError) -> NetworkArchitecture {
    guard (1...largestWidth).contains(dimension) else {
      throw .badSetting(
        argument: "dim", value: "\(dimension)", expected: "a dimension from 1 to \(largestWidth)")
    }
    return try NetworkArchitecture(
      .linearFeatures, input: SampleShape(width: 1), hidden: [dimension], classes: classes,
      normalization: .none, bias: bias)
  }

  private static func stages(_ width: Int, _ factors: [Int]) throws(ModelError) -> [Int] {
    guard (1...8192).contains(width) else {
      throw .badSetting(argument: "width", value: "\(width)", expected: "channels from 1 to 8192")
    }
    return factors.map { $0 * width }
  }

  private static func require(
    _ input: SampleShape, atLeast size: Int, _ model: String
  ) throws(ModelError) {
    guard input.rows >= size, input.columns >= size else {
      throw .badSetting(
        argument: "images", value: "\(input.rows)×\(input.columns)",
        expected: "at least \(size)×\(size) for \(model)")
    }
  }
}
