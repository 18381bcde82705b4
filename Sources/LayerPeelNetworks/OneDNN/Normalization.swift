internal import COneDNN

/// Batch normalisation, with ReLU fused to it if asked for, and its gradients.
struct Normalization {
  /// The tensors of one layer that do not depend on the batch: one number a channel each.
  struct Channels {
    let scale, shift, mean, variance: Tensor
  }

  private let layout: TensorLayout
  private let flags: UInt32
  private let epsilon: Float
  private let plan: Plan
  private let mask: Tensor?

  /// Of tensors like `input`; `usingStatistics` makes mean and variance inputs.
  init(of input: Tensor, epsilon: Float, rectifying: Bool, usingStatistics: Bool) {
    let layout = Self.view(input.layout)
    let given = usingStatistics ? dnnl_use_global_stats.rawValue : 0
    let fused = rectifying ? dnnl_fuse_norm_relu.rawValue : 0
    let flags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue | fused | given
    let kind = usingStatistics ? dnnl_forward_inference : dnnl_forward_training
    let plan = Plan(reading: layout) {
      layerpeel_normalization(&$0, engine, plainly, kind, layout.handle, epsilon, flags)
    }
    let isMasked = rectifying && !usingStatistics
    mask = isMasked ? .planned(plan.layout(dnnl_query_workspace_md, rank: 1)) : nil
    (self.layout, self.flags, self.epsilon, self.plan) = (layout, flags, epsilon, plan)
  }

  private static func view(_ layout: TensorLayout) -> TensorLayout {
    let extents = layout.extents
    return extents.count == 2 ? .pixels(extents[0], extents[1]) : layout
  }

  /// `output ← scale (input - mean)/√(variance + ε) + shift`, then ReLU; `output` may be `input`.
  func forward(_ input: Tensor, _ channels: Channels, to output: Tensor) -> Operation {
    Operation(
      plan,
      [
        (DNNL_ARG_SRC, input.seen(as: layout)), (DNNL_ARG_DST, output.seen(as: layout)),
        (DNNL_ARG_MEAN, channels.mean), (DNNL_ARG_VARIANCE, channels.variance),
        (DNNL_ARG_SCALE, channels.scale), (DNNL_ARG_SHIFT, channels.shift),
      ] + workspace)
  }

  /// Gradients with respect to input, scale and shift; `result` may be `gradient`.
  func backward(
    _ input: Tensor, _ channels: Channels, gradient: Tensor, result: Tensor, scale: Tensor,
    shift: Tensor
  ) -> Operation {
    let back = Plan(reading: layout, plan) {
      layerpeel_normalization_back(
        &$0, engine, plainly, layout.handle, epsilon, flags, plan.handle)
    }
    let takesShift = layerpeel_normalization_back_takes_shift() != 0
    return Operation(
      back,
      [
        (DNNL_ARG_SRC, input.seen(as: layout)), (DNNL_ARG_DIFF_DST, gradient.seen(as: layout)),
        (DNNL_ARG_DIFF_SRC, result.seen(as: layout)), (DNNL_ARG_MEAN, channels.mean),
        (DNNL_ARG_VARIANCE, channels.variance), (DNNL_ARG_SCALE, channels.scale),
        (DNNL_ARG_DIFF_SCALE, scale), (DNNL_ARG_DIFF_SHIFT, shift),
      ] + (takesShift ? [(DNNL_ARG_SHIFT, channels.shift)] : []) + workspace)
  }

  private var workspace: [(Int32, Tensor)] { mask.map { [(DNNL_ARG_WORKSPACE, $0)] } ?? [] }
}
