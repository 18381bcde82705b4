internal import COneDNN

/// The larger of zero and each entry, and its gradient, which its output suffices for.
struct Rectifier {
  private let layout: TensorLayout
  private let plan: Plan

  /// Of tensors that take as much memory as `tensor`.
  init(_ tensor: Tensor) {
    let layout = TensorLayout.vector(tensor.count)
    plan = Plan(reading: layout) { layerpeel_relu(&$0, engine, plainly, layout.handle) }
    self.layout = layout
  }

  /// `tensor ← max(0, tensor)`.
  func forward(_ tensor: Tensor) -> Operation {
    let tensor = tensor.asVector
    return Operation(plan, [(DNNL_ARG_SRC, tensor), (DNNL_ARG_DST, tensor)])
  }

  /// `result ← gradient` where the output is positive, else 0; `result` may be `gradient`.
  ///
  /// All of one layout.
  func backward(output: Tensor, gradient: Tensor, result: Tensor) -> Operation {
    let back = Plan(reading: layout, plan) {
      layerpeel_relu_back(&$0, engine, plainly, layout.handle, plan.handle)
    }
    return Operation(
      back,
      [
        (DNNL_ARG_DST, output.asVector), (DNNL_ARG_DIFF_DST, gradient.asVector),
        (DNNL_ARG_DIFF_SRC, result.asVector),
      ])
  }
}
