import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `layerpeel flow` as users run it.
struct FlowCommandTests {
  private func flow(_ arguments: String) throws -> Program.Result {
    try Program("layerpeel").run(["flow"] + arguments.split(separator: " ").map(String.init))
  }

  @Test func `two runs with equal arguments print identical JSON but for timings`() throws {
    let arguments =
      "--classes 3 --per-class 4 --dim 5 --seed 3 --until-log-loss -1e4 --json --quiet"
    let (first, second) = (try flow(arguments), try flow(arguments))
    #expect(first.status == 0 && first.errors.isEmpty)
    #expect(withoutTimings(first.output) == withoutTimings(second.output))
    #expect(first.output.split(separator: "\n").count == 1)
  }

  @Test func `a table, a sentence and nothing else tell people where it went`() throws {
    let result = try flow("--until-log-loss -1e6 --seed 7")
    #expect(result.status == 0)
    #expect(result.output.contains("of the global optimum: neural collapse."))
    #expect(result.output.contains("loss below log 2"))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let square = try flow("--init square --until-log-loss -1e5")
    #expect(
      square.output.contains("A KKT direction that is not global: 0.7500 of the best margin."))
    let line = try flow("--classes 3 --dim 1 --until-log-loss -1e5")
    #expect(line.output.contains("Never separated"))
    #expect(line.status == 3)
  }

  @Test func `an end that was not asked for is a success, a target that was missed is not`() throws
  {
    let (open, limited, missed) = (
      try flow("--classes 3 --dim 1"), try flow("--max-evaluations 50"),
      try flow("--until-log-loss -1e14")
    )
    #expect(open.status == 0)
    #expect(limited.status == 3)
    #expect(missed.status == 3)
  }

  @Test(arguments: ["safetensors", "npz"])
  func `a saved point starts another flow`(_ format: String) throws {
    let folder = try ScratchFolder()
    let (point, csv) = (folder.file("end.\(format)"), folder.file("flow.csv"))
    let first = try flow("--until-log-loss -100 --save-point \(point) --out \(csv)")
    #expect(first.status == 0)
    let second = try flow("--init \(point) --until-log-loss -1000")
    #expect(second.status == 0)
    #expect(second.output.contains("-100"))
    let names = try folder.names()
    #expect(names == ["end.\(format)", "flow.csv"])
    let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("# settings.rtol: ") })
    #expect(lines.contains { $0.hasPrefix("log_time,") && $0.contains(",nc1_trace,") })
  }

  @Test func `a start that NumPy saved is followed like any other`() throws {
    let ours = try flow("--init \(Fixture.path("files/point_double.safetensors")) --json")
    let numpy = try flow("--init \(Fixture.path("files/point.npz")) --json")
    #expect(numpy.status == 0, "\(numpy.errors)")
    #expect(points(numpy.output) == points(ours.output))
  }

  @Test(arguments: [
    ("point_other", "array bias: expected none, as the model has no bias, got one"),
    ("bomb", "array W: expected 64 bytes of data, as its shape says, got 8388608"),
    ("refused", "array W: expected a K × d array of floating-point numbers, got none"),
  ])
  func `an archive that holds no start is refused`(_ name: String, _ sentence: String) throws {
    let result = try flow("--init \(Fixture.path("files/\(name).npz"))")
    #expect(result.status == 65)
    #expect(result.errors.contains("\(name).npz: \(sentence)"), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test func `Ctrl-C writes what was finished and exits 130`() throws {
    let folder = try ScratchFolder()
    let out = folder.file("flow.json")
    // Large enough to still run when the first line of progress appears, two seconds in.
    let arguments = [
      "flow", "--classes", "10", "--per-class", "2000", "--dim", "128", "--out", out,
      "--until-log-loss", "-1e9",
    ]
    let result = try Program("layerpeel").run(arguments, signal: SIGINT)
    #expect(result.status == 130)
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(text.contains("\"termination\":\"interrupted\""))
  }
}

/// The records of a trajectory, as they stand in its JSON.
private func points(_ text: String) -> Substring? {
  text.firstRange(of: "\"points\":").map { text[$0.upperBound...].prefix { $0 != "]" } }
}

/// The text without the values of `seconds`, `time` and other timings.
func withoutTimings(_ text: String) -> String {
  text.replacing(/"(\w*seconds|time|images_per_second)":[^,}]*/, with: "")
}
