internal import COpenBLAS
internal import CKernels

/// A matrix read column by column: what `matrix.transposed` is until it is multiplied.
public struct TransposedMatrix: Sendable {
  /// The matrix whose transpose this is.
  public let base: Matrix
}

extension Matrix {
  /// Matrix product.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    product(Factor(a), Factor(b))
  }
  /// Product with a transpose, which is not formed.
  public static func * (a: Matrix, b: TransposedMatrix) -> Matrix {
    product(Factor(a), Factor(b.base, transposed: true))
  }
  /// Product of a transpose, which is not formed.
  public static func * (a: TransposedMatrix, b: Matrix) -> Matrix {
    product(Factor(a.base, transposed: true), Factor(b))
  }

  private static func product(_ a: Factor, _ b: Factor) -> Matrix {
    var result = Matrix(rows: a.rows, columns: b.columns)
    var elements = result.elements.mutableSpan
    multiply(
      a.elements.span, a.layout, b.elements.span, b.layout, rows: a.rows, inner: a.columns,
      columns: b.columns, into: &elements)
    return result
  }

  private struct Factor {
    let elements: [Double]
    let rows: Int
    let columns: Int
    let layout: Layout

    init(_ matrix: Matrix, transposed: Bool = false) {
      elements = matrix.elements
      rows = transposed ? matrix.columns : matrix.rows
      columns = transposed ? matrix.rows : matrix.columns
      layout = transposed ? .transposed : .plain
    }
  }
}

/// How a factor of a product lies in memory.
package enum Layout {
  /// Row by row.
  case plain
  /// Column by column: the array holds the transpose, row by row.
  case transposed

  fileprivate var code: CBLAS_TRANSPOSE { self == .plain ? CblasNoTrans : CblasTrans }
}

/// `C ← α A B + β C`, by BLAS on the calling thread.
///
/// `A` is `rows × inner`, `B` is `inner × columns`; `C` is `rows × columns`, row by row from entry
/// `offset` of `c` on.
package func multiply(
  _ a: Span<Double>, _ layoutA: Layout, _ b: Span<Double>, _ layoutB: Layout,
  rows: Int, inner: Int, columns: Int, scale alpha: Double = 1, keeping beta: Double = 0,
  into c: inout MutableSpan<Double>, from offset: Int = 0
) {
  precondition(
    a.count == rows * inner && b.count == inner * columns
      && c.count >= offset + rows * columns,
    "product of \(a.count) and \(b.count) entries into \(c.count)")
  _ = singleThread
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      c.withUnsafeMutableBufferPointer { c in
        cblas_dgemm(
          CblasRowMajor, layoutA.code, layoutB.code, Int32(rows), Int32(columns), Int32(inner),
          alpha, a.baseAddress, Int32(layoutA == .plain ? inner : rows),
          b.baseAddress, Int32(layoutB == .plain ? columns : inner),
          beta, c.baseAddress! + offset, Int32(columns))
      }
    }
  }
}

/// `C ← C + Aᵀ A` in its upper triangle, `A` of `rows × columns`, by BLAS on the calling thread.
func addGram(of a: Span<Double>, rows: Int, columns: Int, to c: inout Matrix) {
  precondition(a.count == rows * columns && c.rows == columns && c.columns == columns)
  _ = singleThread
  a.withUnsafeBufferPointer { a in
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(columns), Int32(rows), 1, a.baseAddress,
      Int32(columns), 1, &c.elements, Int32(columns))
  }
}

/// `Σ (a x_i + b y_i)²`, in a fixed order of summation.
func squaredNorm(_ a: Double, _ x: Span<Double>, _ b: Double, _ y: Span<Double>) -> Double {
  precondition(x.count == y.count, "\(x.count) entries against \(y.count)")
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      layerpeel_sum_of_squares_of_sum(x.count, a, x.baseAddress, b, y.baseAddress)
    }
  }
}

/// `Σ a_i b_i`, in a fixed order of summation.
package func dotProduct(_ a: Span<Double>, _ b: Span<Double>) -> Double {
  precondition(a.count == b.count, "\(a.count) entries against \(b.count)")
  return a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in layerpeel_dot(a.count, a.baseAddress, b.baseAddress) }
  }
}

/// Pins BLAS to the calling thread, whoever calls it next.
func pinToOneThread() { _ = singleThread }

/// One thread, so that sums have one order on every machine; two gain nothing at these sizes.
private let singleThread: Void = openblas_set_num_threads(1)

/// `z ← α z + β x`, over the entries that `x` has.
package func linearSum(
  _ alpha: Double, of z: inout MutableSpan<Double>, _ beta: Double, _ x: Span<Double>
) {
  precondition(x.count <= z.count, "\(x.count) entries into \(z.count)")
  z.withUnsafeMutableBufferPointer { z in
    x.withUnsafeBufferPointer { x in
      layerpeel_linear_sum(x.count, alpha, z.baseAddress, beta, x.baseAddress, z.baseAddress)
    }
  }
}
