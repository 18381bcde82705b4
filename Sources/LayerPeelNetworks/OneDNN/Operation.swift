internal import COneDNN

/// What an operation will be, from which it is made.
///
/// Whatever oneDNN refuses is a bug of ours.
final class Plan {
  let handle: dnnl_primitive_desc_t

  /// Has oneDNN make it.
  ///
  /// - Parameters:
  ///   - owners: Every layout and plan whose handle `make` reads: they live until it returns, which
  ///     a class instance need not after its last use.
  ///   - file: For a refusal.
  ///   - line: For a refusal.
  ///   - make: The call.
  init(
    reading owners: AnyObject?..., file: String = #fileID, line: Int = #line,
    _ make: (inout dnnl_primitive_desc_t?) -> dnnl_status_t
  ) {
    var handle: dnnl_primitive_desc_t?
    check(withExtendedLifetime(owners) { make(&handle) }, file: file, line: line)
    self.handle = handle!
  }

  /// The layout of one of its tensors, of `rank` extents.
  func layout(_ role: dnnl_query_t, rank: Int) -> TensorLayout {
    withExtendedLifetime(self) { TensorLayout(layerpeel_layout_of(handle, role), rank: rank) }
  }

  /// Working memory; nil where it needs none.
  var scratch: Tensor? {
    guard let layout = withExtendedLifetime(self, { layerpeel_layout_of(handle, scratchpad) })
    else { return nil }
    let tensor = TensorLayout(layout, rank: 1)
    return tensor.count > 0 ? .planned(tensor) : nil
  }

  deinit { dnnl_primitive_desc_destroy(handle) }
}

/// Something that oneDNN does with given tensors, as often as it is asked.
final class Operation {
  private let primitive: dnnl_primitive_t
  private let arguments: [dnnl_exec_arg_t]
  /// All that it reads and writes, its working memory among them.
  let tensors: [Tensor]

  init(_ plan: Plan, _ arguments: [(Int32, Tensor)]) {
    var primitive: dnnl_primitive_t?
    check(withExtendedLifetime(plan) { dnnl_primitive_create(&primitive, plan.handle) })
    self.primitive = primitive!
    let all = arguments + (plan.scratch.map { [(DNNL_ARG_SCRATCHPAD, $0)] } ?? [])
    self.arguments = all.map { dnnl_exec_arg_t(arg: $0, memory: $1.memory) }
    tensors = all.map { $1 }
  }

  /// Runs it to its end, on oneDNN's threads.
  func run() {
    withExtendedLifetime(self) {
      check(dnnl_primitive_execute(primitive, stream, Int32(arguments.count), arguments))
      check(dnnl_stream_wait(stream))
    }
  }

  /// Runs it once, outside any pass.
  func runAlone() {
    for tensor in tensors where tensor.place.storage == nil {
      tensor.place.move(to: FloatStorage(count: tensor.count), at: 0)
      tensor.settle()
    }
    run()
  }

  /// Copies one tensor to another of equal extents in any layout.
  static func copy(_ source: Tensor, to target: Tensor) -> Operation {
    let plan = Plan(reading: source.layout, target.layout) {
      layerpeel_reorder(&$0, engine, plainly, source.layout.handle, target.layout.handle)
    }
    return Operation(plan, [(DNNL_ARG_SRC, source), (DNNL_ARG_DST, target)])
  }

  /// `target ← target + other`, with ReLU of the sum if asked for.
  ///
  /// Of whole memories, as vectors: oneDNN 2.6 leaves entries out where blocks are not full.
  static func add(_ other: Tensor, to target: Tensor, rectifying: Bool = false) -> [Operation] {
    let (copies, other) = other.copied(to: target.layout)
    let (a, b) = (target.asVector, other.asVector)
    let plan = Plan(reading: a.layout) {
      layerpeel_sum(&$0, engine, rectifying ? rectified : plainly, a.layout.handle)
    }
    let arguments = [(DNNL_ARG_SRC_0, a), (DNNL_ARG_SRC_1, b), (DNNL_ARG_DST, a)]
    return copies + [Operation(plan, arguments)]
  }

  deinit { dnnl_primitive_destroy(primitive) }
}

extension Tensor {
  /// This tensor if it has the layout, else another that the given copy fills.
  func copied(to layout: TensorLayout) -> (copies: [Operation], tensor: Tensor) {
    if self.layout.isEqual(to: layout) { return ([], self) }
    let other = Tensor.planned(layout)
    return ([.copy(self, to: other)], other)
  }
}

extension Tensor {
  /// All its memory, padding included: for what treats every entry alike and leaves zero at zero.
  var asVector: Tensor { seen(as: .vector(count)) }
}

private let scratchpad = dnnl_query_scratchpad_md

// The processor, one queue of work on it, and how operations are made; all live as long as the
// program.
nonisolated(unsafe) let engine: dnnl_engine_t = {
  var engine: dnnl_engine_t?
  check(dnnl_engine_create(&engine, dnnl_cpu, 0))
  return engine!
}()

nonisolated(unsafe) private let stream: dnnl_stream_t = {
  var stream: dnnl_stream_t?
  check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue))
  return stream!
}()

/// Attributes of an operation as it is.
nonisolated(unsafe) let plainly = attributes(rectified: 0)
/// Attributes of an operation followed by ReLU.
nonisolated(unsafe) let rectified = attributes(rectified: 1)

private func attributes(rectified: Int32) -> dnnl_primitive_attr_t {
  var attributes: dnnl_primitive_attr_t?
  check(layerpeel_attributes_create(&attributes, rectified))
  return attributes!
}

func check(_ status: dnnl_status_t, file: String = #fileID, line: Int = #line) {
  precondition(
    status == dnnl_success, "oneDNN answered \(status.rawValue) at \(file), line \(line)")
}
