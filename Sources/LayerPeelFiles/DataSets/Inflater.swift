import CZlib

/// Unpacks gzip, a piece at a time: the owner of a zlib stream, and all that knows zlib.
final class Inflater {
  /// How a step ended.
  enum Outcome: Equatable {
    /// With more to come, or at the end of a part of the file.
    case unpacking
    /// Without progress, for want of packed bytes.
    case starved
    /// At something that is no packed data.
    case damaged(String)
  }

  /// Whether all that was begun is complete: a gzip file is one or more members in a row.
  private(set) var isBetweenMembers = false

  /// On the heap, because zlib keeps its address.
  private let stream: UnsafeMutablePointer<z_stream>

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, and 16 for gzip.
    let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot be set up: status \(status)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks from `packed` until it is used up, `count` bytes are there or a member ends.
  func step(
    _ packed: ArraySlice<UInt8>, upTo count: Int
  ) -> (bytes: [UInt8], consumed: Int, outcome: Outcome) {
    var status = Z_OK
    var consumed = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      packed.withUnsafeBufferPointer { input in
        // zlib reads through this pointer only, whatever its type says.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(count)
        status = inflate(stream, Z_NO_FLUSH)
        consumed = input.count - Int(stream.pointee.avail_in)
        filled = count - Int(stream.pointee.avail_out)
      }
    }
    return (bytes, consumed, outcome(of: status, consumed: consumed))
  }

  private func outcome(of status: Int32, consumed: Int) -> Outcome {
    if consumed > 0 { isBetweenMembers = false }
    switch status {
    case Z_OK: return .unpacking
    case Z_BUF_ERROR: return .starved
    case Z_STREAM_END:
      isBetweenMembers = true
      inflateReset(stream)
      return .unpacking
    case Z_MEM_ERROR: return .damaged("no memory for zlib")
    default:
      let message = stream.pointee.msg.map { String(cString: $0) }
      return .damaged(message ?? "zlib status \(status)")
    }
  }
}
