/// Memory that all passes of a network share, since only one of them runs at a time.
///
/// What a pass leaves there is gone after the next one ran.
final class Arena {
  private var storage = FloatStorage(count: 0)
  private var tenants: [(tensor: Tensor, offset: Int)] = []

  /// Gives memory to every planned tensor of a pass.
  ///
  /// - Parameters:
  ///   - operations: All that the pass does, in order.
  ///   - lasting: Tensors that are read or filled between operations too, and therefore share their
  ///     memory with no other tensor of the pass.
  func place(_ operations: [Operation], lasting: [Tensor]) {
    var plan = MemoryPlan()
    var buffers: [ObjectIdentifier: Int] = [:]
    var tensors: [(tensor: Tensor, buffer: Int)] = []
    func use(_ tensor: Tensor, at time: Int) {
      let id = ObjectIdentifier(tensor.place)
      if tensor.place.storage != nil, buffers[id] == nil { return }
      let buffer = buffers[id] ?? plan.add(size: tensor.count)
      buffers[id] = buffer
      plan.use(buffer, at: time)
      tensors.append((tensor, buffer))
    }
    for tensor in lasting {
      for time in [0, operations.count] { use(tensor, at: time) }
    }
    for (time, operation) in operations.enumerated() {
      for tensor in operation.tensors { use(tensor, at: time) }
    }
    let (offsets, size) = plan.offsets()
    let known = tenants.count
    tenants += tensors.map { ($0.tensor, offsets[$0.buffer]) }
    if size > storage.count {
      grow(to: size)
    } else {
      settle(tenants[known...])
    }
  }

  /// The old memory goes before the new one comes, so that both are never there together.
  private func grow(to count: Int) {
    for (tensor, _) in tenants { tensor.place.leave() }
    storage = FloatStorage(count: 0)
    storage = FloatStorage(count: count)
    settle(tenants[...])
  }

  private func settle(_ tenants: ArraySlice<(tensor: Tensor, offset: Int)>) {
    for (tensor, offset) in tenants {
      tensor.place.move(to: storage, at: offset)
      tensor.settle()
    }
  }
}
