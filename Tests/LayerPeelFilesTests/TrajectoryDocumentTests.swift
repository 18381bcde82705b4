import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import Testing

/// A coordinate that can be absent, like the logarithm of time zero.
private struct Mark: TrajectoryCoordinate {
  typealias Settings = Int
  static let key = "log_time"
  static let quantities: [Quantity] = [.logLoss, .rowSumDrift, .nc0, .alignmentPerClass]
  let time: Double
  var reading: Reading { Reading(time, otherwise: "time zero") }
}

private struct Seed: Encodable {
  let seed: UInt64
  let target: Double
}

private struct Tolerance: Encodable {
  let rtol: Double
  let comment: String?
  let sizes: [Int]
  let inner: [String: Bool]
  let zero: Double
}

struct TrajectoryDocumentTests {
  private static let trajectory = {
    var first = Measurement()
    first[.logLoss] = .value(1.5)
    first[.rowSumDrift] = .absent(because: "the start has \"none\"")
    first[.nc0] = .value(.nan)
    var second = Measurement()
    second[.logLoss] = .value(-1e-300)
    second[.rowSumDrift] = .value(0.1)
    second[.nc0] = .value(3)
    second[.alignmentPerClass] = .list([0.5, -0.0, 1e22])
    var cost = Cost()
    cost.steps = 7
    return Trajectory<Mark>(
      settings: 0,
      records: [.init(Mark(time: -.infinity), first), .init(Mark(time: 2.5), second)],
      events: [
        .init(.lossBelowLog2, at: Mark(time: 1), logLoss: -.infinity),
        .init(.marginRatio, at: Mark(time: -.infinity), logLoss: -0.5, value: 0.9),
      ],
      termination: .logLoss, cost: cost)
  }()

  private static let document = TrajectoryDocument(
    trajectory, command: "flow", version: "0.1", time: "2025-01-01T00:00:00Z", seconds: 0.25,
    settings: [
      Seed(seed: .max, target: .infinity),
      Tolerance(rtol: 1e-8, comment: "two\nlines", sizes: [3, 4], inner: ["on": true], zero: -0.0),
    ])

  @Test func `the JSON is this`() {
    #expect(
      Self.document.json == #"{"command":"flow","#
        + #""cost":{"gradient_evaluations":0,"hessian_products":0,"seconds":0.25,"steps":7},"#
        + #""events":[{"log_loss":null,"log_time":1,"name":"loss_below_log2"},"#
        + #"{"log_loss":-0.5,"log_time":null,"name":"margin_ratio","value":0.9}],"#
        + #""points":[{"absent":{"alignment.per_class":"not measured here","#
        + #""invariant_drift.row_sum":"the start has \"none\"","log_time":"time zero","#
        + #""metrics.nc0":"came out as nan"},"alignment":{"per_class":null},"#
        + #""invariant_drift":{"row_sum":null},"log_loss":1.5,"log_time":null,"#
        + #""metrics":{"nc0":null}},"#
        + #"{"absent":{},"alignment":{"per_class":[0.5,-0,1e+22]},"#
        + #""invariant_drift":{"row_sum":0.1},"log_loss":-1e-300,"log_time":2.5,"#
        + #""metrics":{"nc0":3}}],"#
        + #""settings":{"comment":"two\nlines","inner":{"on":true},"rtol":1e-08,"#
        + #""seed":18446744073709551615,"sizes":[3,4],"target":"inf","zero":-0},"#
        + #""termination":"log_loss","time":"2025-01-01T00:00:00Z","version":"0.1"}"# + "\n")
  }

  @Test func `the CSV is this`() {
    #expect(
      Self.document.csv == #"""
        # command: flow
        # cost.gradient_evaluations: 0
        # cost.hessian_products: 0
        # cost.seconds: 0.25
        # cost.steps: 7
        # settings.comment: "two\nlines"
        # settings.inner.on: true
        # settings.rtol: 1e-08
        # settings.seed: 18446744073709551615
        # settings.sizes: [3,4]
        # settings.target: inf
        # settings.zero: -0
        # termination: log_loss
        # time: 2025-01-01T00:00:00Z
        # version: 0.1
        # event: {"log_loss":null,"log_time":1,"name":"loss_below_log2"}
        # event: {"log_loss":-0.5,"log_time":null,"name":"margin_ratio","value":0.9}
        log_time,log_loss,invariant_drift.row_sum,nc0,alignment.per_class
        ,1.5,,,
        2.5,-1e-300,0.1,3,0.5;-0;1e+22

        """#)
  }

  @Test func `every quantity has its place, whether it was measured or not`() throws {
    let document = TrajectoryDocument(
      Trajectory<Everything>(
        settings: 0, records: [.init(Everything(), Measurement())], events: [],
        termination: .epochs, cost: Cost()),
      command: "train", version: "0", time: "", seconds: 0, settings: [])
    let lines = document.csv.split(separator: "\n")
    let columns = lines[lines.count - 2].split(separator: ",")
    #expect(columns.count == Quantity.allCases.count + 1)
    #expect(Set(columns).count == columns.count)
    for quantity in Quantity.allCases {
      #expect(document.json.contains("\"\(quantity.rawValue)\":\"not measured here\""))
      let key = try #require(quantity.rawValue.split(separator: ".").last)
      #expect(document.json.contains("\"\(key)\":null"))
    }
  }

  private struct Everything: TrajectoryCoordinate {
    typealias Settings = Int
    static let key = "epoch"
    static let quantities = Quantity.allCases
    let reading = Reading.value(0)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `a double comes back from JSON and CSV to the last bit`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var numbers: [Double] = [0.1, 1e22, 1e23, -0.0, 1 / 3, 9_007_199_254_740_991]
    numbers += [.leastNonzeroMagnitude, .greatestFiniteMagnitude]
    numbers += (0..<100).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
    let records = numbers.map { number in
      var measurement = Measurement()
      measurement[.logLoss] = .value(number)
      return Trajectory<Mark>.Record(Mark(time: number), measurement)
    }
    let document = TrajectoryDocument(
      Trajectory<Mark>(
        settings: 0, records: records, events: [], termination: .logTime, cost: Cost()),
      command: "flow", version: "0", time: "", seconds: 0, settings: [])
    let read = try JSONDecoder().decode(Points.self, from: Data(document.json.utf8))
    #expect(read.points.map(\.log_loss.bitPattern) == numbers.map(\.bitPattern))
    let rows = document.csv.split(separator: "\n").suffix(numbers.count)
    #expect(
      rows.map { Double($0.split(separator: ",")[0])?.bitPattern } == numbers.map(\.bitPattern))
  }

  private struct Points: Decodable {
    struct Point: Decodable { let log_loss: Double }
    let points: [Point]
  }

  @Test func `equal trajectories give equal text`() {
    for _ in 0..<10 { #expect(Self.document.json == Self.document.json) }
  }

  @Test func `the name of the file says what is written`() throws {
    let scratch = try Scratch()
    for (name, text) in [("a.json", Self.document.json), ("a.csv", Self.document.csv)] {
      let path = scratch.path(name)
      let file = try OutputFile(path: path, formats: TrajectoryDocument.formats)
      try Self.document.write(to: file)
      #expect(try content(of: path) == Array(text.utf8))
    }
  }
}
