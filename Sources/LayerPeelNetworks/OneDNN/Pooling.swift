internal import COneDNN

/// One number for each window of an image, and its gradient; windows do not overlap.
struct Pooling {
  /// Which number.
  enum Kind {
    /// The largest, of windows of 2×2.
    case maximum
    /// The mean of the whole image.
    case mean
  }

  private let algorithm: dnnl_alg_kind_t
  private let window: [Int64]
  private let input: TensorLayout
  private let plan: Plan
  private let chosen: Tensor?

  /// Of images like `input`; training remembers which entry of each window was the largest.
  init(_ kind: Kind, of input: Tensor, training: Bool) {
    let (x, extents) = (input.layout, input.extents)
    let window = kind == .maximum ? [2, 2] : Array(extents[2...])
    let y = TensorLayout.free([
      extents[0], extents[1], extents[2] / window[0], extents[3] / window[1],
    ])
    let algorithm = kind == .maximum ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding
    let kernel = window.map(Int64.init)
    let plan = Plan(reading: x, y) {
      layerpeel_pooling(
        &$0, engine, plainly, training ? dnnl_forward_training : dnnl_forward_inference, algorithm,
        x.handle, y.handle, kernel)
    }
    let remembers = training && kind == .maximum
    chosen = remembers ? .planned(plan.layout(dnnl_query_workspace_md, rank: 4)) : nil
    (self.algorithm, self.window, self.input, self.plan) = (algorithm, kernel, x, plan)
  }

  /// The layout of its output.
  var outputLayout: TensorLayout { plan.layout(dnnl_query_dst_md, rank: 4) }

  /// `output ←` one number for each window of `input`.
  func forward(_ input: Tensor, to output: Tensor) -> Operation {
    Operation(plan, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)] + workspace)
  }

  /// The gradient with respect to the input.
  func backward(gradient: Tensor) -> (operations: [Operation], result: Tensor) {
    let y = outputLayout
    let back = Plan(reading: input, y, plan) {
      layerpeel_pooling_back(
        &$0, engine, plainly, algorithm, input.handle, y.handle, window, plan.handle)
    }
    let (moved, gradient) = gradient.copied(to: y)
    let result = Tensor.planned(input)
    let arguments = [(DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)]
    return (moved + [Operation(back, arguments + workspace)], result)
  }

  private var workspace: [(Int32, Tensor)] { chosen.map { [(DNNL_ARG_WORKSPACE, $0)] } ?? [] }
}
