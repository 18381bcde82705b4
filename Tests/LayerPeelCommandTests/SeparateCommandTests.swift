import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `layerpeel separate` as users run it.
struct SeparateCommandTests {
  private func separate(_ arguments: String) throws -> Program.Result {
    try Program("layerpeel").run(["separate"] + arguments.split(separator: " ").map(String.init))
  }

  /// What a script reads of a case.
  struct Case: Decodable {
    struct Met: Decodable {
      let value: Double
      let count: Int
    }
    let classes: Int
    let dim: Int
    let primal: Double?
    let dual: Double?
    let gap: Double?
    let kkt_stationarity: Double?
    let kkt_complementarity: Double?
    let margin_ratio: Double?
    let balanced_margin_ratio: Double?
    let tolerance: Double
    let verdict: String?
    let balanced_verdict: String?
    let escape: String?
    let restarts: Int?
    let reached: Int?
    let other_values: [Met]?
    let not_converged: Int?
    let least_residual: Double?
    let absent: [String: String]
  }

  private func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  @Test func `the JSON of one case says what was found and what was not proved`() throws {
    let result = try separate("--classes 7 --per-class 1 --dim 3 --json --quiet")
    #expect(result.status == 0 && result.errors.isEmpty)
    let one = try decoded(Case.self, result.output)
    let primal = try #require(one.primal)
    #expect(abs(primal - 8.84045) <= 0.5e-5)
    #expect(one.verdict == "kkt_gap_open" && one.balanced_verdict == "kkt_gap_open")
    #expect(one.restarts == 100 && one.not_converged == 0)
    let others = try #require(one.other_values)
    #expect(others.contains { abs($0.value - 9.23607) <= 0.5e-5 && $0.count > 0 })
    let (reached, random) = (try #require(one.reached), others.reduce(0) { $0 + $1.count })
    #expect(reached > 0 && reached + random == 100)
    #expect(try #require(one.kkt_stationarity) < 1e-10)
    #expect(abs(try #require(one.kkt_complementarity)) < 1e-10)
    // v* = 6 for seven classes of one; at a KKT point W and H are balanced and both ratios agree.
    #expect(abs(try #require(one.margin_ratio) - 6 / primal) <= 1e-12)
    #expect(abs(try #require(one.balanced_margin_ratio) - 6 / primal) <= 1e-9)
    #expect(abs(try #require(one.gap) - (primal - 6)) <= 1e-12)
    #expect(one.escape == nil && one.absent["escape"] != nil)
  }

  @Test func `in enough dimensions the closed form is certified and nothing is searched`() throws {
    let one = try decoded(
      Case.self, separate("--class-sizes 10,10,1,1 --dim 3 --json --quiet").output)
    #expect(abs(try #require(one.primal) - 6.50748554) <= 0.5e-8)
    #expect(one.verdict == "global" && one.balanced_verdict == "global")
    #expect(one.restarts == nil && one.absent["restarts"] == "a closed form needs no search")
  }

  @Test func `a grid is a table, a CSV, and cases in JSON`() throws {
    let folder = try ScratchFolder()
    let out = folder.file("grid.csv")
    let arguments = "--classes 4,5 --per-class 1,5 --dim 1..4 --restarts 10 --quiet"
    let table = try separate("\(arguments) --out \(out)")
    #expect(table.status == 0)
    let lines = table.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.count { $0.contains("kkt_gap_open") } == 6 + 1)
    #expect(lines.count { $0.contains("infeasible") } == 4 + 1)
    #expect(table.output.contains("best found, not proved"))

    let csv = try String(contentsOfFile: out, encoding: .utf8).split(separator: "\n")
    let rows = csv.drop { $0.hasPrefix("#") }
    #expect(rows.count == 1 + 16)
    #expect(try #require(rows.first).hasPrefix("classes,class_sizes,dim,primal,dual,gap,"))
    #expect(csv.contains { $0.hasPrefix("# settings.seed: 0") })

    struct Grid: Decodable { let cases: [Case] }
    let grid = try decoded(Grid.self, separate("\(arguments) --json").output)
    #expect(grid.cases.count == 16)
    let flat = try #require(grid.cases.first)
    #expect(flat.primal == nil && flat.verdict == nil)
    #expect(try #require(flat.absent["primal"]).contains("1 dimension cannot separate 4 classes"))
    #expect(grid.cases.count { $0.verdict == "global" } == 4 + 2)
  }

  @Test func `equal arguments give equal results`() throws {
    let arguments = "--classes 7 --per-class 1 --dim 3 --restarts 20 --json --quiet"
    let texts = try ["", "", " --seed 1"].map {
      withoutTimings(try separate(arguments + $0).output)
    }
    #expect(texts[0] == texts[1])
    #expect(texts[0] != texts[2])
  }

  @Test func `a saved point is where a flow from it stays`() throws {
    let folder = try ScratchFolder()
    let point = folder.file("best.safetensors")
    let found = try separate("--classes 5 --per-class 2 --dim 3 --save-point \(point)")
    #expect(found.status == 0)
    #expect(found.output.contains("Best found, not proved"))
    #expect(found.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let flow = try Program("layerpeel").run(
      ["flow", "--init", point, "--until-log-loss", "-1e4", "--quiet"])
    #expect(flow.status == 0)
    // v*/value = 4/4.89442719: the square root of the number of samples cancels.
    #expect(flow.output.contains("0.8172 of the bound"))
  }

  @Test func `starts that all refuse to converge are an answer with a residual, and status 3`()
    throws
  {
    let result = try separate("--classes 5 --per-class 1 --dim 3 --max-iterations 3 --json")
    #expect(result.status == 3)
    let one = try decoded(Case.self, result.output)
    #expect(one.primal == nil && one.absent["primal"] == "no start converged")
    #expect(one.verdict == nil && one.absent["verdict"] == "no start converged")
    #expect(one.balanced_verdict == nil && one.not_converged == 100 && one.reached == 0)
    #expect(try #require(one.least_residual) > 1e-10)
    let text = try separate("--classes 5 --per-class 1 --dim 3 --max-iterations 3")
    #expect(text.status == 3 && text.output.contains("No start converged: the least KKT residual"))
  }

  @Test func `Ctrl-C keeps the starts that were finished`() throws {
    let folder = try ScratchFolder()
    let out = folder.file("search.json")
    let arguments = [
      "separate", "--classes", "10", "--dim", "4", "--restarts", "1000000", "--out", out,
    ]
    let result = try Program("layerpeel").run(arguments, signal: SIGINT)
    #expect(result.status == 130)
    let one = try decoded(Case.self, String(contentsOfFile: out, encoding: .utf8))
    #expect(one.primal != nil)
    #expect(try #require(one.restarts) < 1_000_000)
  }

  @Test(arguments: [
    BadInputTests.Case("separate --classes 1", 64, "classes: expected at least 2, got 1"),
    BadInputTests.Case("separate --dim 0", 64, "dim: expected at least 1, got 0"),
    BadInputTests.Case("separate --dim 1", 64, "1 dimension cannot separate 4 classes"),
    BadInputTests.Case("separate --dim -2..-1", 64, "dim: expected at least 1, got -2"),
    BadInputTests.Case("separate --dim 5..2", 64, "rising ranges separated by commas"),
    BadInputTests.Case("separate --dim 1..9999999999", 64, "ranges of at most 10000 numbers"),
    BadInputTests.Case(
      "separate --classes 2..9999 --per-class 1..9999 --dim 2..9999", 64, "at most 10000 cases"),
    BadInputTests.Case("separate --classes 4,x", 64, "got 'x'"),
    BadInputTests.Case("separate --class-sizes 3,0", 64, "class 1 has 0 samples"),
    BadInputTests.Case("separate --class-sizes 3,3 --per-class 2", 64, "already says"),
    BadInputTests.Case("separate --restarts 0", 64, "restarts: expected 1 to 1000000, got 0"),
    BadInputTests.Case("separate --max-iterations 0", 64, "max-iterations: expected at least 1"),
    BadInputTests.Case("separate --tolerance 0", 64, "tolerance: expected a number above 0"),
    BadInputTests.Case("separate --tolerance nan", 64, "tolerance: expected a number above 0"),
    BadInputTests.Case("separate --classes 20000 --dim 3", 64, "of memory"),
    BadInputTests.Case("separate --out x.txt", 64, "ends in .json or .csv"),
    BadInputTests.Case("separate --out nowhere/x.json", 73, "there is no folder nowhere/"),
    BadInputTests.Case("separate --dim 2,3 --save-point x.safetensors", 64, "a single case"),
  ])
  func `bad input gets its sentence`(_ example: BadInputTests.Case) throws {
    let result = try Program("layerpeel").run(
      example.arguments.split(separator: " ").map(String.init))
    #expect(result.status == example.status)
    #expect(result.errors.contains(example.sentence), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
