/// What multiplies a batch by trained weights: an inner product or a convolution, and its two
/// gradients.
protocol WeightedProduct {
  /// The layout of what goes out.
  var outputLayout: TensorLayout { get }
  /// `output ← weight * input + bias`, the output in ``outputLayout``.
  func forward(_ input: Tensor, weight: Tensor, bias: Tensor?, to output: Tensor) -> [Operation]
  /// Gradients with respect to weight and bias, which are overwritten.
  func toWeights(_ input: Tensor, gradient: Tensor, weight: Tensor, bias: Tensor?) -> [Operation]
  /// The gradient with respect to the input.
  func toInputs(gradient: Tensor, weight: Tensor) -> (operations: [Operation], result: Tensor)
}

extension InnerProduct: WeightedProduct {}
extension Convolution: WeightedProduct {}
