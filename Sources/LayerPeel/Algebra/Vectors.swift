/// Arithmetic of plain vectors, in place where they are long.
extension [Double] {
  /// `‖x‖`.
  var euclideanNorm: Double { dot(self, self).squareRoot() }

  /// `self ← self + factor · other`.
  mutating func add(_ factor: Double, _ other: [Double]) {
    var entries = mutableSpan
    linearSum(1, of: &entries, factor, other.span)
  }

  /// `self ← factor · self`.
  mutating func scale(by factor: Double) {
    for i in indices { self[i] *= factor }
  }
}

/// `Σ a_i b_i`, in a fixed order of summation.
func dot(_ a: [Double], _ b: [Double]) -> Double { dotProduct(a.span, b.span) }
