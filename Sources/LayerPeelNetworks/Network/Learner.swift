public import LayerPeel

/// What can be trained: a network of images, or the layer-peeled model's own free features.
public protocol Learner: AnyObject {
  /// Its shape.
  var architecture: NetworkArchitecture { get }
  /// What was done to each group of parameters so far.
  var executed: [ExecutedGroup] { get }

  /// One step of descent on a batch of samples.
  ///
  /// - Parameters:
  ///   - samples: Where the batch comes from.
  ///   - rows: Which samples, in order.
  ///   - rate: `η`.
  ///   - augmentation: How the batch's images are changed first.
  ///   - generator: What that is drawn from; untouched where nothing is changed.
  /// - Returns: The mean loss of the batch before the step, in nats.
  /// - Throws: `ModelError` for samples of another shape, labels beyond the classes, no rows, or a
  ///   single row with batch normalisation, whose variance would be 0.
  func step(
    on samples: LabelledSamples, rows: ArraySlice<Int>, rate: Double, augmentation: Augmentation,
    using generator: inout SplitMix64
  ) throws(ModelError) -> Double

  /// Features and logits of samples in evaluation mode, batch after batch in their order.
  ///
  /// - Parameters:
  ///   - samples: What is evaluated.
  ///   - body: Receives the number of the batch's first sample, `features` (`n × d`) and `logits`
  ///     (`n × K`, the classifier's bias included), both row by row; returns whether to go on.
  func evaluate(
    _ samples: LabelledSamples,
    _ body: (_ first: Int, _ features: Span<Float>, _ logits: Span<Float>) -> Bool
  ) throws(ModelError)

  /// The names of everything that defines it, as in PyTorch, in order.
  var parameterNames: [String] { get }
  /// The extents of a parameter, as in PyTorch.
  func shape(ofParameterNamed name: String) throws(ModelError) -> [Int]
  /// A parameter row by row: `outputs × inputs`, or `outputs × inputs × rows × columns`.
  func parameter(named name: String) throws(ModelError) -> [Float]
  /// Replaces a parameter, given row by row.
  func setParameter(named name: String, to elements: [Float]) throws(ModelError)

  /// The names of the parameters that descent moves, each of which has a velocity.
  var trainedNames: [String] { get }
  /// The velocity that momentum gave to a parameter, laid out like it.
  func velocity(named name: String) throws(ModelError) -> [Float]
  /// Replaces a velocity, given row by row.
  func setVelocity(named name: String, to elements: [Float]) throws(ModelError)
}
