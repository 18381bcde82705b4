internal import CKernels
internal import COneDNN
internal import Glibc

// The only file that knows oneDNN: tensors of float32 in layouts of its choosing, and operations
// on them that are planned once and then run. Whatever oneDNN refuses is a bug of ours.

/// How the entries of a tensor lie in memory.
final class TensorLayout {
  fileprivate let handle: layerpeel_layout

  fileprivate init(_ handle: layerpeel_layout?) {
    guard let handle else { fatalError("oneDNN refused a layout") }
    self.handle = handle
  }

  /// One row of numbers.
  static func vector(_ count: Int) -> TensorLayout { make([count], dnnl_a) }
  /// Row by row.
  static func rows(_ rows: Int, _ columns: Int) -> TensorLayout { make([rows, columns], dnnl_ab) }
  /// Whatever suits the operation that it is given to.
  fileprivate static func free(_ rows: Int, _ columns: Int) -> TensorLayout {
    make([rows, columns], dnnl_format_tag_any)
  }
  /// The memory of `rows(rows, columns)`, seen as one image of `rows` pixels and `columns`
  /// channels.
  ///
  /// Batch normalisation of a plain matrix has no fast code in oneDNN (25 times slower); that of an
  /// image with its channels innermost has, and means the same.
  fileprivate static func pixels(_ rows: Int, _ columns: Int) -> TensorLayout {
    make([1, columns, rows, 1], dnnl_nhwc)
  }

  private static func make(_ sizes: [Int], _ tag: dnnl_format_tag_t) -> TensorLayout {
    let sizes = sizes.map(Int64.init)
    return TensorLayout(layerpeel_layout_create(Int32(sizes.count), sizes, tag))
  }

  /// Memory it takes, padding included, in floats.
  var count: Int { withExtendedLifetime(self) { layerpeel_layout_bytes(handle) / 4 } }

  func isEqual(to other: TensorLayout) -> Bool {
    withExtendedLifetime((self, other)) { layerpeel_layouts_equal(handle, other.handle) != 0 }
  }

  deinit { layerpeel_layout_destroy(handle) }
}

/// Zeroed memory for floats, aligned to cache lines, that tensors share.
final class FloatStorage {
  fileprivate let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    let bytes = (max(count, 16) * 4 + 63) / 64 * 64
    guard let raw = aligned_alloc(64, bytes) else { fatalError("no memory for \(bytes) bytes") }
    memset(raw, 0, bytes)
    base = raw.bindMemory(to: Float.self, capacity: bytes / 4)
  }

  /// Descent with momentum of a range of parameters, on oneDNN's threads.
  ///
  ///     v ← μ v + (g + λ w),    w ← w - η v
  ///
  /// One fused pass over memory, since the parameters outgrow the caches.
  static func descend(
    _ range: Range<Int>, values: FloatStorage, velocities: FloatStorage, gradients: FloatStorage,
    momentum: Float, rate: Float, decay: Float
  ) {
    for storage in [values, velocities, gradients] {
      precondition(range.upperBound <= storage.count, "a range beyond its storage")
    }
    withExtendedLifetime((values, velocities, gradients)) {
      layerpeel_momentum_step_threaded(
        range.count, values.base + range.lowerBound, velocities.base + range.lowerBound,
        gradients.base + range.lowerBound, momentum, rate, decay)
    }
  }

  deinit { free(base) }
}

/// Float32 numbers in a layout.
final class Tensor {
  let layout: TensorLayout
  private let storage: FloatStorage
  private let offset: Int
  fileprivate let memory: dnnl_memory_t

  /// A tensor in its own memory or, from `offset` floats on, in shared memory.
  init(_ layout: TensorLayout, in storage: FloatStorage? = nil, at offset: Int = 0) {
    let storage = storage ?? FloatStorage(count: layout.count)
    precondition(offset >= 0 && offset + layout.count <= storage.count, "tensor beyond its storage")
    var memory: dnnl_memory_t?
    check(layerpeel_memory_create(&memory, layout.handle, engine, storage.base + offset))
    (self.layout, self.storage, self.offset, self.memory) = (layout, storage, offset, memory!)
  }

  /// Length of its memory, padding included.
  var count: Int { layout.count }

  /// The same memory in another layout of the same size.
  func seen(as layout: TensorLayout) -> Tensor {
    precondition(layout.count == count, "a view of another size")
    return Tensor(layout, in: storage, at: offset)
  }

  /// Gives `body` the entries as they lie in memory.
  func withElements<Result>(_ body: (Span<Float>) -> Result) -> Result {
    withExtendedLifetime(storage) {
      body(UnsafeBufferPointer(start: storage.base + offset, count: count).span)
    }
  }

  /// Gives `body` the entries as they lie in memory, to be changed.
  func withMutableElements<Result>(_ body: (inout MutableSpan<Float>) -> Result) -> Result {
    withExtendedLifetime(storage) {
      var span = UnsafeMutableBufferPointer(start: storage.base + offset, count: count).mutableSpan
      return body(&span)
    }
  }

  /// Overwrites every entry.
  func fill(_ value: Float) {
    withMutableElements { for i in $0.indices { $0[i] = value } }
  }

  /// The entries as they lie in memory.
  var elements: [Float] {
    get { withElements { span in span.indices.map { span[$0] } } }
    set {
      precondition(newValue.count == count, "\(newValue.count) numbers for \(count) places")
      withMutableElements { for i in $0.indices { $0[i] = newValue[i] } }
    }
  }

  deinit { dnnl_memory_destroy(memory) }
}

/// Something that oneDNN does with given tensors, as often as it is asked.
final class Operation {
  private let primitive: dnnl_primitive_t
  private let arguments: [dnnl_exec_arg_t]
  private let tensors: [Tensor]

  fileprivate init(_ plan: Plan, _ arguments: [(Int32, Tensor)]) {
    var primitive: dnnl_primitive_t?
    check(withExtendedLifetime(plan) { dnnl_primitive_create(&primitive, plan.handle) })
    self.primitive = primitive!
    self.arguments = arguments.map { dnnl_exec_arg_t(arg: $0, memory: $1.memory) }
    tensors = arguments.map { $1 }
  }

  /// Runs it to its end, on oneDNN's threads.
  func run() {
    withExtendedLifetime(self) {
      check(dnnl_primitive_execute(primitive, stream, Int32(arguments.count), arguments))
      check(dnnl_stream_wait(stream))
    }
  }

  /// Copies one tensor to another of equal shape in any layout.
  static func copy(_ source: Tensor, to target: Tensor) -> Operation {
    let plan = Plan { layerpeel_reorder(&$0, engine, source.layout.handle, target.layout.handle) }
    return Operation(plan, [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, target)])
  }

  deinit { dnnl_primitive_destroy(primitive) }
}

/// `y = x Wᵀ + b` of a batch and its two gradients.
final class InnerProduct {
  private let (batch, inputs, outputs): (Int, Int, Int)
  private let bias: TensorLayout?
  private let plan: Plan
  /// The layout in which forward products are fastest.
  let weightLayout: TensorLayout

  init(batch: Int, inputs: Int, outputs: Int, bias: Bool) {
    (self.batch, self.inputs, self.outputs) = (batch, inputs, outputs)
    self.bias = bias ? .vector(outputs) : nil
    let (x, w) = (TensorLayout.rows(batch, inputs), TensorLayout.free(outputs, inputs))
    let (b, y) = (self.bias, TensorLayout.rows(batch, outputs))
    plan = Plan { layerpeel_product(&$0, engine, x.handle, w.handle, b?.handle, y.handle) }
    weightLayout = plan.layout(dnnl_query_weights_md)
  }

  /// `output ← input Wᵀ + b`.
  func forward(_ input: Tensor, weight: Tensor, bias: Tensor?, to output: Tensor) -> [Operation] {
    let (copies, weight) = weight.copied(to: weightLayout)
    let arguments = [(DNNL_ARG_SRC, input), (DNNL_ARG_WEIGHTS, weight), (DNNL_ARG_DST, output)]
    return copies + [Operation(plan, arguments + (bias.map { [(DNNL_ARG_BIAS, $0)] } ?? []))]
  }

  /// `weight ← gradientᵀ input`, `bias ← 1ᵀ gradient`.
  func toWeights(_ input: Tensor, gradient: Tensor, weight: Tensor, bias: Tensor?) -> [Operation] {
    let (x, w) = (TensorLayout.rows(batch, inputs), TensorLayout.free(outputs, inputs))
    let (b, y) = (self.bias, TensorLayout.rows(batch, outputs))
    let back = Plan {
      layerpeel_product_to_weights(
        &$0, engine, x.handle, w.handle, b?.handle, y.handle, plan.handle)
    }
    let layout = back.layout(dnnl_query_diff_weights_md)
    let result = layout.isEqual(to: weight.layout) ? weight : Tensor(layout)
    let arguments = [
      (DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_WEIGHTS, result),
    ]
    let product = Operation(back, arguments + (bias.map { [(DNNL_ARG_DIFF_BIAS, $0)] } ?? []))
    return result === weight ? [product] : [product, .copy(result, to: weight)]
  }

  /// `result ← gradient W`.
  func toInputs(gradient: Tensor, weight: Tensor, result: Tensor) -> [Operation] {
    let (x, w) = (TensorLayout.rows(batch, inputs), TensorLayout.free(outputs, inputs))
    let y = TensorLayout.rows(batch, outputs)
    let back = Plan {
      layerpeel_product_to_inputs(&$0, engine, x.handle, w.handle, y.handle, plan.handle)
    }
    let (copies, weight) = weight.copied(to: back.layout(dnnl_query_weights_md))
    let arguments = [
      (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_WEIGHTS, weight), (DNNL_ARG_DIFF_SRC, result),
    ]
    return copies + [Operation(back, arguments)]
  }
}

/// Batch normalisation with ReLU fused to it, and its gradients.
final class Normalization {
  /// The tensors of one layer that do not depend on the batch: one number a channel each.
  struct Channels {
    let scale, shift, mean, variance: Tensor
  }

  private let layout: TensorLayout
  private let flags: UInt32
  private let epsilon: Float
  private let plan: Plan
  private let mask: Tensor?

  /// Of `batch × channels` matrices; `usingStatistics` makes mean and variance inputs.
  init(batch: Int, channels: Int, epsilon: Float, usingStatistics: Bool) {
    let layout = TensorLayout.pixels(batch, channels)
    let given = usingStatistics ? dnnl_use_global_stats.rawValue : 0
    let flags =
      dnnl_use_scale.rawValue | dnnl_use_shift.rawValue | dnnl_fuse_norm_relu.rawValue | given
    let kind = usingStatistics ? dnnl_forward_inference : dnnl_forward_training
    plan = Plan { layerpeel_normalization(&$0, engine, kind, layout.handle, epsilon, flags) }
    mask = usingStatistics ? nil : Tensor(plan.layout(dnnl_query_workspace_md))
    (self.layout, self.flags, self.epsilon) = (layout, flags, epsilon)
  }

  /// `output ← relu(scale (input - mean)/√(variance + ε) + shift)`.
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
    let back = Plan {
      layerpeel_normalization_back(&$0, engine, layout.handle, epsilon, flags, plan.handle)
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

/// The larger of zero and each entry, and its gradient.
final class Rectifier {
  private let layout: TensorLayout
  private let plan: Plan

  init(batch: Int, channels: Int) {
    let layout = TensorLayout.rows(batch, channels)
    plan = Plan { layerpeel_relu(&$0, engine, layout.handle) }
    self.layout = layout
  }

  /// `output ← max(0, input)`.
  func forward(_ input: Tensor, to output: Tensor) -> Operation {
    Operation(plan, [(DNNL_ARG_SRC, input), (DNNL_ARG_DST, output)])
  }

  /// `result ← gradient` where the input was positive, else 0.
  func backward(_ input: Tensor, gradient: Tensor, result: Tensor) -> Operation {
    let back = Plan { layerpeel_relu_back(&$0, engine, layout.handle, plan.handle) }
    return Operation(
      back,
      [(DNNL_ARG_SRC, input), (DNNL_ARG_DIFF_DST, gradient), (DNNL_ARG_DIFF_SRC, result)])
  }
}

extension Tensor {
  /// This tensor if it has the layout, else another that the given copy fills.
  fileprivate func copied(to layout: TensorLayout) -> (copies: [Operation], tensor: Tensor) {
    if self.layout.isEqual(to: layout) { return ([], self) }
    let other = Tensor(layout)
    return ([.copy(self, to: other)], other)
  }
}

/// What an operation will be, from which it is made.
private final class Plan {
  let handle: dnnl_primitive_desc_t

  init(_ make: (inout dnnl_primitive_desc_t?) -> dnnl_status_t) {
    var handle: dnnl_primitive_desc_t?
    check(make(&handle))
    self.handle = handle!
  }

  func layout(_ role: dnnl_query_t) -> TensorLayout {
    withExtendedLifetime(self) { TensorLayout(layerpeel_layout_of(handle, role)) }
  }

  deinit { dnnl_primitive_desc_destroy(handle) }
}

// The processor, and one queue of work on it; both live as long as the program.
nonisolated(unsafe) private let engine: dnnl_engine_t = {
  var engine: dnnl_engine_t?
  check(dnnl_engine_create(&engine, dnnl_cpu, 0))
  return engine!
}()

nonisolated(unsafe) private let stream: dnnl_stream_t = {
  var stream: dnnl_stream_t?
  check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue))
  return stream!
}()

private func check(_ status: dnnl_status_t, line: Int = #line) {
  precondition(status == dnnl_success, "oneDNN answered \(status.rawValue) at line \(line)")
}
