internal import CKernels
internal import CSundials

/// A CVODE vector whose operations are our kernels; clones inherit them.
///
/// Distributions build the serial vector without vectorised reductions, and most of a step is
/// spent in it.
func makeFlowVector(count: Int, context: SUNContext?) -> N_Vector? {
  guard let vector = N_VNew_Serial(sunindextype(count), context) else { return nil }
  N_VEnableFusedOps_Serial(vector, 1)
  let op = vector.pointee.ops!
  op.pointee.nvdotprod = { layerpeel_dot(length($0), data($0), data($1)) }
  op.pointee.nvwrmsnorm = { x, w in
    let n = length(x)
    return (layerpeel_weighted_sum_of_squares(n, data(x), data(w)) / Double(n)).squareRoot()
  }
  op.pointee.nvlinearsum = { a, x, b, y, z in
    layerpeel_linear_sum(length(x), a, data(x), b, data(y), data(z))
  }
  op.pointee.nvprod = { layerpeel_product(length($0), data($0), data($1), data($2)) }
  op.pointee.nvdiv = { layerpeel_quotient(length($0), data($0), data($1), data($2)) }
  op.pointee.nvscale = { layerpeel_scale(length($1), $0, data($1), data($2)) }
  op.pointee.nvconst = { layerpeel_fill(length($1), $0, data($1)) }
  op.pointee.nvinv = { layerpeel_reciprocal(length($0), data($0), data($1)) }
  op.pointee.nvabs = { layerpeel_absolute(length($0), data($0), data($1)) }
  op.pointee.nvaddconst = { layerpeel_add_constant(length($0), data($0), $1, data($2)) }
  op.pointee.nvlinearcombination = { m, c, xs, z in
    withPointers(xs, m) { layerpeel_linear_combination(length(z), Int(m), c, $0, data(z)) }
    return 0
  }
  op.pointee.nvdotprodmulti = { m, x, ys, out in
    withPointers(ys, m) { layerpeel_dots(length(x), Int(m), data(x), $0, out) }
    return 0
  }
  op.pointee.nvscaleaddmulti = { m, a, x, ys, zs in
    for k in 0..<Int(m) {
      layerpeel_linear_sum(length(x), a![k], data(x), 1, data(ys![k]), data(zs![k]))
    }
    return 0
  }
  op.pointee.nvscalevectorarray = { m, c, xs, zs in
    for k in 0..<Int(m) { layerpeel_scale(length(xs![k]), c![k], data(xs![k]), data(zs![k])) }
    return 0
  }
  return vector
}

private func content(_ v: N_Vector?) -> _N_VectorContent_Serial {
  v!.pointee.content.assumingMemoryBound(to: _N_VectorContent_Serial.self).pointee
}
private func data(_ v: N_Vector?) -> UnsafeMutablePointer<Double> { content(v).data }
private func length(_ v: N_Vector?) -> Int { Int(content(v).length) }

/// Calls `body` with the data of up to 32 vectors, more than CVODE ever combines.
private func withPointers(
  _ vectors: UnsafeMutablePointer<N_Vector?>?, _ count: Int32,
  _ body: (UnsafePointer<UnsafePointer<Double>?>) -> Void
) {
  withUnsafeTemporaryAllocation(of: UnsafePointer<Double>?.self, capacity: Int(count)) { pointers in
    for k in 0..<Int(count) { pointers[k] = UnsafePointer(data(vectors![k])) }
    body(UnsafePointer(pointers.baseAddress!))
  }
}
