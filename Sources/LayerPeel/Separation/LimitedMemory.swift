/// The last moves of a minimisation and how they changed the slope: an inverse Hessian in small.
///
/// > Source: Nocedal, Mathematics of Computation 1980.
struct LimitedMemory {
  private var pairs: [(move: [Double], change: [Double], product: Double)] = []
  private static let capacity = 20

  /// Takes in a move, with the slopes before and after it; one along which the slope did not rise
  /// says nothing of a minimum, and is left out.
  mutating func remember(move: [Double], before: [Double], after: [Double]) {
    var change = after
    change.add(-1, before)
    let product = dotProduct(move.span, change.span)
    let norms = dotProduct(move.span, move.span) * dotProduct(change.span, change.span)
    guard product > 1e-12 * norms.squareRoot() else { return }
    if pairs.count == LimitedMemory.capacity { pairs.removeFirst() }
    pairs.append((move, change, product))
  }

  /// Minus the inverse Hessian times the slope.
  func direction(for slope: [Double]) -> [Double] {
    var direction = slope
    direction.scale(by: -1)
    var shares = [Double](repeating: 0, count: pairs.count)
    for i in pairs.indices.reversed() {
      let pair = pairs[i]
      shares[i] = dotProduct(pair.move.span, direction.span) / pair.product
      direction.add(-shares[i], pair.change)
    }
    if let last = pairs.last {
      direction.scale(by: last.product / dotProduct(last.change.span, last.change.span))
    }
    for (pair, share) in zip(pairs, shares) {
      let back = dotProduct(pair.change.span, direction.span) / pair.product
      direction.add(share - back, pair.move)
    }
    return direction
  }
}
