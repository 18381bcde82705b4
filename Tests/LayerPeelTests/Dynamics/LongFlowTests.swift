import LayerPeel
import TestSupport
import Testing

/// Where the flow is where no clock can count: destinations, and the escape from the square.
struct LongFlowTests {
  @Test func `nine of ten starts reach the optimum at log L = -1e6, drifting less than 1e-5`()
    throws
  {
    var reached = 0
    for seed in 0..<10 as Range<UInt64> {
      let trajectory = try FlowCase(seed: seed).run { $0.untilLogLoss = -1e6 }.trajectory
      #expect(trajectory.termination == .logLoss, "seed \(seed)")
      let last = trajectory.last
      let ratio = try #require(last[.marginRatio].number)
      #expect(try #require(last[.balanceDrift].number) < 1e-5, "seed \(seed)")
      #expect(try #require(last[.rowSumDrift].number) < 1e-5, "seed \(seed)")
      #expect(trajectory.values(.marginRatio).allSatisfy { $0 <= 1 }, "seed \(seed)")
      if ratio > 0.99999 { reached += 1 }
    }
    #expect(reached >= 9)
  }

  @Test func `noise of 1e-4 takes the flow out of the square at the tabulated losses`() throws {
    let table = [
      (-26.0, 0.74988), (-600, 0.75182), (-1e4, 0.77727), (-3.8e4, 0.83251), (-1e5, 0.90718),
      (-2e5, 0.97708), (-5e5, 1.00000),
    ]
    let trajectory = try FlowCase([5, 5, 5, 5], dimension: 8, .square(noise: 1e-4)).run {
      $0.logLosses = table.map(\.0)
    }.trajectory
    #expect(trajectory.termination == .logLoss)
    try #require(trajectory.records.count == table.count + 1)
    for (record, (logLoss, ratio)) in zip(trajectory.records.dropFirst(), table) {
      let measured = try #require(record.measurement[.marginRatio].number)
      #expect(abs(measured - ratio) <= 2e-3 * ratio, "log L = \(logLoss)")
    }
  }

  @Test func `without noise it stays at the square, at three quarters of the best margin`() throws {
    let losses = [-26.0, -600, -1e4, -3.8e4, -1e5, -2e5, -5e5]
    let trajectory = try FlowCase([5, 5, 5, 5], dimension: 8, .square(noise: 0)).run {
      $0.logLosses = losses
    }.trajectory
    try #require(trajectory.records.count == losses.count + 1)
    for record in trajectory.records.dropFirst() {
      #expect(abs(try #require(record.measurement[.marginRatio].number) - 0.75) <= 2e-3)
    }
    #expect(
      Destination(trajectory.last, classes: 4, dimension: 8)
        == .otherDirection(marginRatio: trajectory.last[.marginRatio].number!))
  }
}
