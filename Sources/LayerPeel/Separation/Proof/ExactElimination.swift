/// Whether a symmetric matrix of integers is positive semidefinite, decided without rounding.
///
/// Elimination without fractions (Bareiss): after step `k` every entry is a minor of the matrix, and
/// the pivots are the leading principal ones, so all signs are exact. A pivot of zero is allowed
/// where the rest of its row is zero too, and only there; that row then says nothing.
///
/// *Cost:* `K³/6` steps on integers of up to `K` times the digits of an entry.
///
/// > Source: Bareiss, Mathematics of Computation 22 (1968), 565-578.
///
/// - Parameter lower: Row `i` holds the entries `(i, 0)` to `(i, i)`.
package func isPositiveSemidefinite(lower: [[BigInteger]]) -> Bool {
  var rows = lower
  var previous = BigInteger(1)
  for k in rows.indices {
    let pivot = rows[k][k]
    let below = k + 1..<rows.count
    if pivot.signum == 0 {
      guard below.allSatisfy({ rows[$0][k].signum == 0 }) else { return false }
      continue
    }
    guard pivot.signum > 0 else { return false }
    for i in below {
      for j in k + 1...i {
        rows[i][j] = BigInteger.eliminated(
          rows[i][j], pivot: pivot, rows[i][k], rows[j][k], previous: previous)
      }
    }
    previous = pivot
  }
  return true
}
