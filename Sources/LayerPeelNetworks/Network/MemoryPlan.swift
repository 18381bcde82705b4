/// Where buffers lie that are not all in use at the same time.
///
/// Greedy by size: the largest buffer first, each at the lowest place where no buffer lies that is
/// in use at one of its times. Close to the least that any plan needs, in time quadratic in the
/// number of buffers.
///
/// > Source: Pisarchyk & Lee, [arXiv:2001.03288](https://arxiv.org/abs/2001.03288).
package struct MemoryPlan: Sendable {
  private var buffers: [(size: Int, first: Int, last: Int)] = []

  /// Buffers begin at multiples of this many numbers: a cache line of floats.
  private static let alignment = 16

  /// A plan for no buffer.
  package init() {}

  /// Adds a buffer of so many numbers and returns its index.
  package mutating func add(size: Int) -> Int {
    let aligned = (size + Self.alignment - 1) / Self.alignment * Self.alignment
    buffers.append((aligned, .max, .min))
    return buffers.count - 1
  }

  /// Keeps a buffer's contents from its first to its last use.
  package mutating func use(_ buffer: Int, at time: Int) {
    buffers[buffer].first = min(buffers[buffer].first, time)
    buffers[buffer].last = max(buffers[buffer].last, time)
  }

  /// The place of each buffer, and the size of all together.
  package func offsets() -> (offsets: [Int], size: Int) {
    var offsets = [Int](repeating: 0, count: buffers.count)
    var placed: [Int] = []
    let bySize = buffers.indices.sorted {
      (buffers[$0].size, $1) > (buffers[$1].size, $0)
    }
    for buffer in bySize {
      let (size, first, last) = buffers[buffer]
      let neighbours = placed.filter { buffers[$0].first <= last && first <= buffers[$0].last }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for other in neighbours where offsets[other] < offset + size {
        offset = max(offset, offsets[other] + buffers[other].size)
      }
      offsets[buffer] = offset
      placed.append(buffer)
    }
    let size = buffers.indices.map { offsets[$0] + buffers[$0].size }.max() ?? 0
    return (offsets, size)
  }
}
