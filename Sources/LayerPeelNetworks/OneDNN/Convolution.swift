internal import COneDNN

/// What a convolution takes and gives: extents of one sample.
struct ConvolutionShape: Hashable, Sendable {
  /// Channels that come in and that go out.
  let inputs, outputs: Int
  /// Rows and columns of the kernel, an odd number.
  let kernel: Int
  /// Pixels from one window to the next, both ways.
  let stride: Int
  /// Extents of the images that come in.
  let rows, columns: Int

  /// Black pixels on each side, so that stride 1 keeps the extents.
  var padding: Int { kernel / 2 }
  /// Extents of the images that go out.
  var outputRows: Int { (rows + 2 * padding - kernel) / stride + 1 }
  /// Extents of the images that go out.
  var outputColumns: Int { (columns + 2 * padding - kernel) / stride + 1 }
  /// Products that one output is a sum of.
  var fanIn: Int { inputs * kernel * kernel }
}

/// A convolution of a batch of images and its two gradients, in layouts of oneDNN's choosing.
struct Convolution {
  private let (x, w, y): (TensorLayout, TensorLayout, TensorLayout)
  private let bias: TensorLayout?
  private let (stride, padding): ([Int64], [Int64])
  private let algorithm: dnnl_alg_kind_t
  private let plan: Plan

  init(_ shape: ConvolutionShape, batch: Int, bias: Bool) {
    let x = TensorLayout.free([batch, shape.inputs, shape.rows, shape.columns])
    let w = TensorLayout.free([shape.outputs, shape.inputs, shape.kernel, shape.kernel])
    let y = TensorLayout.free([batch, shape.outputs, shape.outputRows, shape.outputColumns])
    let b = bias ? TensorLayout.vector(shape.outputs) : nil
    let (stride, padding) = (Int64(shape.stride), Int64(shape.padding))
    (self.stride, self.padding) = ([stride, stride], [padding, padding])
    let algorithm = Self.algorithm(shape)
    plan = Plan(reading: x, w, b, y) { [stride = self.stride, padding = self.padding] in
      layerpeel_convolution(
        &$0, engine, plainly, algorithm, x.handle, w.handle, b?.handle, y.handle, stride, padding)
    }
    (self.x, self.w, self.y, self.bias, self.algorithm) = (x, w, y, b, algorithm)
  }

  /// The rule by which a convolution is computed: of its shape alone, never timed.
  ///
  /// Winograd's algorithm, which oneDNN 2.x may choose, needs fewer products where there are many
  /// channels, and loses by its transformations where there are few. Milliseconds a training step,
  /// batches of 128, one core with AVX-512, the choice left to oneDNN from so many channels on:
  ///
  /// | network | all | 64 | 128 | none |
  /// |---|---|---|---|---|
  /// | VGG-13 | 470 | 455 | 515 | 741 |
  /// | ResNet-18 | | 1140 | | 1799 |
  /// | ResNet-18 of width 16 | 145 | 121 | 127 | 128 |
  ///
  /// oneDNN 3.2 has no such algorithm any more and multiplies directly throughout.
  private static func algorithm(_ shape: ConvolutionShape) -> dnnl_alg_kind_t {
    min(shape.inputs, shape.outputs) >= 64 ? dnnl_convolution_auto : dnnl_convolution_direct
  }

  /// The layout of the images that come in, on the way forward.
  var inputLayout: TensorLayout { plan.layout(dnnl_query_src_md, rank: 4) }
  /// The layout of the kernels, on the way forward.
  var weightLayout: TensorLayout { plan.layout(dnnl_query_weights_md, rank: 4) }
  /// The layout of the images that go out, on the way forward.
  var outputLayout: TensorLayout { plan.layout(dnnl_query_dst_md, rank: 4) }

  /// `output ← weight * input + bias`, the output in ``outputLayout``.
  func forward(_ input: Tensor, weight: Tensor, bias: Tensor?, to output: Tensor) -> [Operation] {
    let (images, input) = input.copied(to: inputLayout)
    let (kernels, weight) = weight.copied(to: weightLayout)
    let arguments = [(DNNL_ARG_SRC, input), (DNNL_ARG_WEIGHTS, weight), (DNNL_ARG_DST, output)]
    let convolution = Operation(plan, arguments + (bias.map { [(DNNL_ARG_BIAS, $0)] } ?? []))
    return images + kernels + [convolution]
  }

  /// Gradients with respect to weight and bias.
  func toWeights(_ input: Tensor, gradient: Tensor, weight: Tensor, bias: Tensor?) -> [Operation] {
    let back = Plan(reading: x, w, self.bias, y, plan) {
      layerpeel_convolution_to_weights(
        &$0, engine, plainly, algorithm, x.handle, w.handle, self.bias?.handle, y.handle, stride,
        padding, plan.handle)
    }
    let (images, input) = input.copied(to: back.layout(dnnl_query_src_md, rank: 4))
    let (moved, gradient) = gradient.copied(to: back.layout(dnnl_query_diff_dst_md, rank: 4))
    let layout = back.layout(dnnl_query_diff_weights_md, rank: 4)
    let result = layout.isEqual(to: weight.layout) ? weight : .planned(layout)
    let arguments = [
      (DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_WEIGHTS, result),
    ]
    let product = Operation(back, arguments + (bias.map { [(DNNL_ARG_DIFF_BIAS, $0)] } ?? []))
    return images + moved + [product] + (result === weight ? [] : [.copy(result, to: weight)])
  }

  /// The gradient with respect to the input.
  func toInputs(gradient: Tensor, weight: Tensor) -> (operations: [Operation], result: Tensor) {
    let back = Plan(reading: x, w, y, plan) {
      layerpeel_convolution_to_inputs(
        &$0, engine, plainly, algorithm, x.handle, w.handle, y.handle, stride, padding, plan.handle)
    }
    let (moved, gradient) = gradient.copied(to: back.layout(dnnl_query_diff_dst_md, rank: 4))
    let (kernels, weight) = weight.copied(to: back.layout(dnnl_query_weights_md, rank: 4))
    let result = Tensor.planned(back.layout(dnnl_query_diff_src_md, rank: 4))
    let arguments = [
      (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_WEIGHTS, weight), (DNNL_ARG_DIFF_SRC, result),
    ]
    return (moved + kernels + [Operation(back, arguments)], result)
  }
}
