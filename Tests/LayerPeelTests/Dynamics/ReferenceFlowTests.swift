import LayerPeel
import TestSupport
import Testing

/// Flows in physical time against SciPy's DOP853, measured by mpmath at 50 digits.
struct ReferenceFlowTests {
  struct Reference: Sendable, CustomStringConvertible {
    let name: String
    let example: FlowCase
    var description: String { "flow \(name)" }
  }

  static let references = [
    Reference(name: "A", example: FlowCase([2, 2, 2], dimension: 4, .square(noise: 0))),
    Reference(name: "B", example: FlowCase([5, 5, 5, 5], dimension: 8, .square(noise: 0))),
  ]

  /// Agreement that the fixtures' own two tolerances would allow, and rounding of small values.
  private func agree(_ value: Double?, _ truth: Double?) -> Bool {
    guard let value, let truth else { return value == nil && truth == nil }
    return abs(value - truth) <= 1e-5 * abs(truth)
  }

  @Test(arguments: references)
  func `every column agrees to 1e-5 at every time`(_ reference: Reference) throws {
    let table = try Fixture.table("flow/flow-\(reference.name).csv")
    let times = try table.dropFirst().map { try #require($0["t"] ?? nil) }
    let trajectory = try reference.example.run {
      $0.logTimes = times.map(Double.log)
      $0.relativeTolerance = 1e-11
    }.trajectory
    #expect(trajectory.termination == .logTime)
    try #require(trajectory.records.count == table.count)

    for (record, row) in zip(trajectory.records, table) {
      let time = row["t"]!!
      var compared: Set = ["t", "grad_norm", "imbalance"]
      for key in row.keys {
        let quantity = Quantity(rawValue: key) ?? Quantity(rawValue: "metrics.\(key)")
        var value = quantity.flatMap { record.measurement[$0].number }
        if key == "loss" { value = record.measurement[.logLoss].number.map(Double.exp) }
        if key == "norm" { value = record.measurement[.logNorm].number.map(Double.exp) }
        guard quantity != nil || ["loss", "norm"].contains(key) else { continue }
        compared.insert(key)
        #expect(
          agree(value, row[key]!), "\(key) at t = \(time): \(value as Any), \(row[key]! as Any)")
      }
      #expect(compared == Set(row.keys))
    }
  }

  @Test(arguments: references)
  func `the point itself has the gradient and the imbalance`(_ reference: Reference) throws {
    let model = try reference.example.model()
    for row in try Fixture.table("flow/flow-\(reference.name).csv").dropFirst() {
      let time = row["t"]!!
      let run = try reference.example.run { $0.untilLogTime = .log(time) }
      let loss = model.logLoss(at: run.end)
      let gradient = Double.exp(loss.value) * loss.gradient.norm
      #expect(agree(gradient, row["grad_norm"]!), "t = \(time): \(gradient)")
      #expect(agree(run.end.imbalance.norm, row["imbalance"]!), "t = \(time)")
    }
  }
}
