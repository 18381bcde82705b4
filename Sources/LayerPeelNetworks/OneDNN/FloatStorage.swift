internal import CKernels
internal import Glibc

/// Zeroed memory for floats, aligned to cache lines, that tensors share.
final class FloatStorage {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    // Whole huge pages where there are any: the system maps them in one go.
    let alignment = count < Self.hugePage / 4 ? 64 : Self.hugePage
    let bytes = (max(count, 16) * 4 + alignment - 1) / alignment * alignment
    guard let raw = aligned_alloc(alignment, bytes) else {
      fatalError("no memory for \(bytes) bytes")
    }
    // Advice alone: where it is refused, pages stay small and numbers the same.
    if alignment == Self.hugePage { _ = madvise(raw, bytes, MADV_HUGEPAGE) }
    memset(raw, 0, bytes)
    base = raw.bindMemory(to: Float.self, capacity: bytes / 4)
  }

  private static let hugePage = 1 << 21

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
