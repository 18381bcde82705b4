internal import CKernels
internal import CSundials

/// A CVODE vector whose operations are our kernels; clones inherit them.
///
/// Distributions build the serial vector without vectorised reductions, and most of a step is
/// spent in it. Sums into one of their own terms are put off until somebody reads a vector, so that
/// the predictor's many passes over memory become one; every operation begins by asking for the
/// entries, which runs them first. Operations that CVODE does not use are taken away.
func makeFlowVector(count: Int, context: SUNContext?) -> N_Vector? {
  guard let vector = N_VNew_Serial(sunindextype(count), context) else { return nil }
  let op = vector.pointee.ops!
  removeUnusedOperations(op)
  op.pointee.nvgetarraypointer = { data($0) }
  op.pointee.nvdestroy = { vector in
    layerpeel_run_sums()
    N_VDestroy_Serial(vector)
  }
  op.pointee.nvdotprod = { layerpeel_dot(length($0), data($0), data($1)) }
  op.pointee.nvwrmsnorm = { x, w in
    let n = length(x)
    return (layerpeel_weighted_sum_of_squares(n, data(x), data(w)) / Double(n)).squareRoot()
  }
  op.pointee.nvlinearsum = { a, x, b, y, z in
    if z == x, a == 1, x != y {
      layerpeel_defer_sum(length(x), b, content(y).data, content(z).data)
    } else {
      layerpeel_linear_sum(length(x), a, data(x), b, data(y), data(z))
    }
  }
  op.pointee.nvprod = { layerpeel_product(length($0), data($0), data($1), data($2)) }
  op.pointee.nvdiv = { layerpeel_quotient(length($0), data($0), data($1), data($2)) }
  op.pointee.nvscale = { layerpeel_scale(length($1), $0, data($1), data($2)) }
  op.pointee.nvconst = { layerpeel_fill(length($1), $0, data($1)) }
  op.pointee.nvinv = { layerpeel_reciprocal(length($0), data($0), data($1)) }
  op.pointee.nvabs = { layerpeel_absolute(length($0), data($0), data($1)) }
  op.pointee.nvmaxnorm = { x in
    let entries = UnsafeBufferPointer(start: data(x), count: length(x))
    return entries.reduce(0) { max($0, abs($1)) }
  }
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
      if ys![k] == zs![k], x != zs![k] {
        layerpeel_defer_sum(length(x), a![k], content(x).data, content(zs![k]).data)
      } else {
        layerpeel_linear_sum(length(x), a![k], data(x), 1, data(ys![k]), data(zs![k]))
      }
    }
    return 0
  }
  op.pointee.nvscalevectorarray = { m, c, xs, zs in
    for k in 0..<Int(m) { layerpeel_scale(length(xs![k]), c![k], data(xs![k]), data(zs![k])) }
    return 0
  }
  return vector
}

/// Takes away what would read entries behind the back of sums that were put off.
private func removeUnusedOperations(_ op: N_Vector_Ops) {
  op.pointee.nvmin = nil
  op.pointee.nvl1norm = nil
  op.pointee.nvwl2norm = nil
  op.pointee.nvwrmsnormmask = nil
  op.pointee.nvcompare = nil
  op.pointee.nvinvtest = nil
  op.pointee.nvconstrmask = nil
  op.pointee.nvminquotient = nil
}

private func content(_ v: N_Vector?) -> _N_VectorContent_Serial {
  v!.pointee.content.assumingMemoryBound(to: _N_VectorContent_Serial.self).pointee
}
/// The entries, once all sums that were put off are done.
private func data(_ v: N_Vector?) -> UnsafeMutablePointer<Double> {
  layerpeel_run_sums()
  return content(v).data
}
private func length(_ v: N_Vector?) -> Int { Int(content(v).length) }

/// Calls `body` with the entries of some vectors.
private func withPointers(
  _ vectors: UnsafeMutablePointer<N_Vector?>?, _ count: Int32,
  _ body: (UnsafePointer<UnsafePointer<Double>?>) -> Void
) {
  withUnsafeTemporaryAllocation(of: UnsafePointer<Double>?.self, capacity: Int(count)) { pointers in
    for k in 0..<Int(count) { pointers[k] = UnsafePointer(data(vectors![k])) }
    body(UnsafePointer(pointers.baseAddress!))
  }
}
