extension Measurement {
  /// The seven quantiles of the margins, interpolated between neighbours.
  ///
  /// - Precondition: At least one margin.
  package init(marginQuantilesOf margins: [Double]) {
    self.init()
    let sorted = margins.sorted()
    let shares: [(Quantity, Double)] = [
      (.marginLeast, 0), (.margin01, 0.01), (.margin10, 0.1), (.margin50, 0.5), (.margin90, 0.9),
      (.margin99, 0.99), (.marginLargest, 1),
    ]
    for (quantity, share) in shares {
      self[quantity] = Reading(sorted.quantile(share), otherwise: "beyond any double")
    }
  }
}

extension [Double] {
  /// The value that `share` of these sorted numbers stay below.
  fileprivate func quantile(_ share: Double) -> Double {
    let position = share * Double(count - 1)
    let i = Swift.min(Int(position), count - 1)
    let next = Swift.min(i + 1, count - 1)
    return self[i] + (position - Double(i)) * (self[next] - self[i])
  }
}
