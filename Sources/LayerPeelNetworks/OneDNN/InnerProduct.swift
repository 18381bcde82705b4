internal import COneDNN

/// `y = x Wᵀ + b` of a batch and its two gradients.
struct InnerProduct {
  private let bias: TensorLayout?
  private let (x, w, y): (TensorLayout, TensorLayout, TensorLayout)
  private let plan: Plan
  /// The layout in which forward products are fastest.
  let weightLayout: TensorLayout

  init(batch: Int, inputs: Int, outputs: Int, bias: Bool) {
    let (x, w) = (TensorLayout.rows(batch, inputs), TensorLayout.free([outputs, inputs]))
    let (b, y) = (bias ? TensorLayout.vector(outputs) : nil, TensorLayout.rows(batch, outputs))
    plan = Plan(reading: x, w, b, y) {
      layerpeel_product(&$0, engine, plainly, x.handle, w.handle, b?.handle, y.handle)
    }
    weightLayout = plan.layout(dnnl_query_weights_md, rank: 2)
    (self.x, self.w, self.y, self.bias) = (x, w, y, b)
  }

  /// The layout of `y`.
  var outputLayout: TensorLayout { y }

  /// `output ← input Wᵀ + b`.
  func forward(_ input: Tensor, weight: Tensor, bias: Tensor?, to output: Tensor) -> [Operation] {
    let (copies, weight) = weight.copied(to: weightLayout)
    let arguments = [(DNNL_ARG_SRC, input), (DNNL_ARG_WEIGHTS, weight), (DNNL_ARG_DST, output)]
    return copies + [Operation(plan, arguments + (bias.map { [(DNNL_ARG_BIAS, $0)] } ?? []))]
  }

  /// `weight ← gradientᵀ input`, `bias ← 1ᵀ gradient`.
  func toWeights(_ input: Tensor, gradient: Tensor, weight: Tensor, bias: Tensor?) -> [Operation] {
    let back = Plan(reading: x, w, self.bias, y, plan) {
      layerpeel_product_to_weights(
        &$0, engine, plainly, x.handle, w.handle, self.bias?.handle, y.handle, plan.handle)
    }
    let layout = back.layout(dnnl_query_diff_weights_md, rank: 2)
    let result = layout.isEqual(to: weight.layout) ? weight : .planned(layout)
    let arguments = [
      (DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_WEIGHTS, result),
    ]
    let product = Operation(back, arguments + (bias.map { [(DNNL_ARG_DIFF_BIAS, $0)] } ?? []))
    return result === weight ? [product] : [product, .copy(result, to: weight)]
  }

  /// `result ← gradient W`.
  func toInputs(gradient: Tensor, weight: Tensor) -> (operations: [Operation], result: Tensor) {
    let back = Plan(reading: x, w, y, plan) {
      layerpeel_product_to_inputs(
        &$0, engine, plainly, x.handle, w.handle, y.handle, plan.handle)
    }
    let (copies, weight) = weight.copied(to: back.layout(dnnl_query_weights_md, rank: 2))
    let result = Tensor.planned(x)
    let arguments = [
      (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_WEIGHTS, weight), (DNNL_ARG_DIFF_SRC, result),
    ]
    return (copies + [Operation(back, arguments)], result)
  }
}
