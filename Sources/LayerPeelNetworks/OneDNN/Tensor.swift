internal import COneDNN

/// Where the numbers of a tensor and of all its views lie.
final class Place {
  let count: Int
  private(set) var storage: FloatStorage?
  private(set) var offset = 0

  init(count: Int) { self.count = count }

  func move(to storage: FloatStorage, at offset: Int) {
    precondition(offset >= 0 && offset + count <= storage.count, "tensor beyond its storage")
    (self.storage, self.offset) = (storage, offset)
  }

  func leave() { storage = nil }

  var base: UnsafeMutablePointer<Float> {
    guard let storage else { preconditionFailure("a tensor without memory") }
    return storage.base + offset
  }
}

/// Float32 numbers in a layout.
final class Tensor {
  let layout: TensorLayout
  let place: Place
  let memory: dnnl_memory_t

  private init(_ layout: TensorLayout, _ place: Place) {
    var memory: dnnl_memory_t?
    check(
      withExtendedLifetime(layout) { layerpeel_memory_create(&memory, layout.handle, engine) })
    (self.layout, self.place, self.memory) = (layout, place, memory!)
    if place.storage != nil { settle() }
  }

  /// A tensor in its own memory or, from `offset` floats on, in shared memory.
  convenience init(_ layout: TensorLayout, in storage: FloatStorage? = nil, at offset: Int = 0) {
    let place = Place(count: layout.count)
    place.move(to: storage ?? FloatStorage(count: layout.count), at: offset)
    self.init(layout, place)
  }

  /// A tensor whose place an ``Arena`` decides once all operations on it are known.
  static func planned(_ layout: TensorLayout) -> Tensor {
    Tensor(layout, Place(count: layout.count))
  }

  /// The same memory in another layout of the same size.
  func seen(as layout: TensorLayout) -> Tensor {
    precondition(layout.count == count, "a view of another size")
    return Tensor(layout, place)
  }

  /// Tells oneDNN where the numbers lie, after the place moved.
  func settle() { check(dnnl_memory_set_data_handle(memory, place.base)) }

  /// Length of its memory, padding included.
  var count: Int { layout.count }
  /// The tensor's extents.
  var extents: [Int] { layout.extents }

  /// Gives `body` the entries as they lie in memory.
  func withElements<Result>(_ body: (Span<Float>) -> Result) -> Result {
    withExtendedLifetime(place.storage) {
      body(UnsafeBufferPointer(start: place.base, count: count).span)
    }
  }

  /// Gives `body` the entries as they lie in memory, to be changed.
  func withMutableElements<Result>(_ body: (inout MutableSpan<Float>) -> Result) -> Result {
    withExtendedLifetime(place.storage) {
      var span = UnsafeMutableBufferPointer(start: place.base, count: count).mutableSpan
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

/// The entries of a tensor in any layout, in the order of a plain one.
func plainElements(of tensor: Tensor) -> [Float] {
  let plain = Tensor(.plain(tensor.extents))
  Operation.copy(tensor, to: plain).runAlone()
  return plain.elements
}

/// Sets a tensor in any layout from its entries in the order of a plain one.
func setPlainElements(_ elements: [Float], of tensor: Tensor) {
  let plain = Tensor(.plain(tensor.extents))
  plain.elements = elements
  Operation.copy(plain, to: tensor).runAlone()
}
