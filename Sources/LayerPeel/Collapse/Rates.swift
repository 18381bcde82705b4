extension Trajectory where Coordinate == FlowTime {
  /// The power of `log t` with which a quantity falls: least squares of `log(quantity)` on
  /// `log log t` over the records whose `log t` is in `range`; nil with fewer than three of them.
  ///
  /// - Precondition: `range` is above 0.
  public func rate(of quantity: Quantity, over range: ClosedRange<Double>) -> LineFit? {
    precondition(range.lowerBound > 0, "log log t needs log t above 0")
    let points: [(Double, Double)] = records.compactMap { record in
      let logTime = record.coordinate.logTime
      guard range.contains(logTime), let value = record.measurement[quantity].number, value > 0
      else { return nil }
      return (.log(logTime), .log(value))
    }
    return points.count >= 3 ? LineFit(points) : nil
  }
}
