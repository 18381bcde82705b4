import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `layerpeel landscape` as users run it.
struct LandscapeCommandTests {
  private func landscape(_ arguments: String) throws -> Program.Result {
    try Program("layerpeel").run(["landscape"] + arguments.split(separator: " ").map(String.init))
  }

  @Test(arguments: ["", "--classes 6 --per-class 2", "--radius 60", "--weight-decay 0.01"])
  func `a table and a few sentences fit 80 columns`(_ arguments: String) throws {
    let result = try landscape(arguments)
    #expect(result.status == 0)
    #expect(result.output.contains("distinct critical points: 1 global minimum"))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func `without a name the escape starts at the first saddle with a rising multiplier`()
    throws
  {
    let result = try landscape("--restarts 0 --follow")
    #expect(result.status == 0)
    #expect(result.output.contains("From blocks-2+2, log L 0.66449, in "))
    #expect(result.output.contains("to collapse"))
    let named = try landscape("--restarts 0 --follow blocks-2 --quiet")
    #expect(named.output.contains("by way of blocks-2+2, to collapse"))
  }

  @Test func `from a point that is no saddle nothing is followed, and no file is written`() throws {
    let folder = try ScratchFolder()
    let files = ["escape.svg", "escape.json", "end.npz"].map(folder.file)
    let result = try landscape(
      "--restarts 0 --quiet --follow collapse --figure \(files[0]) --out \(files[1]) "
        + "--save-point \(files[2])")
    #expect(result.status == 3)
    #expect(result.output.contains("collapse is no saddle: there is nothing to follow"))
    for file in files { #expect(!FileManager.default.fileExists(atPath: file), "\(file)") }
  }

  @Test func `a point that only a descent meets is refused with the reason`() throws {
    let result = try landscape("--restarts 0 --follow met-1")
    #expect(result.status == 64)
    #expect(result.errors.contains("points that a descent alone meets"))
  }

  @Test func `the help explains every column and name of the table`() throws {
    let help = try Program("layerpeel").run(["help", "landscape"]).output
    for word in ["rk,", "neg,", "is,", "met,", "met-1", "degen.", "search-7"] {
      #expect(help.contains(word), "\(word)")
    }
    #expect(help.contains("leave status 0"))
  }

  @Test func `the trajectory and the last point are written, and start a flow`() throws {
    let folder = try ScratchFolder()
    let (steps, point) = (folder.file("escape.json"), folder.file("end.safetensors"))
    let result = try landscape(
      "--restarts 0 --follow blocks-2 --out \(steps) --save-point \(point) --json")
    #expect(result.status == 0)
    #expect(result.output.contains("\"escape\":{\"absent\":{},\"from\":\"blocks-2\""))
    let text = try String(contentsOfFile: steps, encoding: .utf8)
    #expect(text.contains("\"termination\":\"settled\""))
    #expect(text.contains("\"name\":\"saddle\",\"step\":0"))
    #expect(text.contains("\"follow\":\"blocks-2\""))
    let flow = try Program("layerpeel").run(
      ["flow", "--init", point, "--until-log-loss", "-100", "--quiet"])
    #expect(flow.status == 0)
    #expect(flow.output.contains("neural collapse"))
  }

  @Test func `a point of the table is written, and the flow knows it`() throws {
    let folder = try ScratchFolder()
    let point = folder.file("square.safetensors")
    let result = try landscape("--restarts 0 --dim 2 --point polygon --save-point \(point)")
    #expect(result.status == 0)
    let flow = try Program("layerpeel").run(
      ["flow", "--init", point, "--until-log-loss", "-1000", "--json", "--quiet"])
    #expect(flow.status == 0)
    #expect(flow.output.contains("\"margin_ratio\":0.75") || flow.output.contains("0.7499999"))
  }

  @Test func `the schema has the keys of the table and of the steps`() throws {
    let text = try Program("layerpeel").run(["schema"]).output
    for key in ["lowest_curvature", "curvature_error", "trivial_count", "gradient_norm", "step"] {
      #expect(text.contains("\n  \(key) "), "\(key)")
    }
    let json = try Program("layerpeel").run(["schema", "--json"]).output
    #expect(json.contains("\"landscape --follow\":[\"step\",\"gradient_norm\",\"mu\""))
  }

  @Test func `two runs with equal arguments print identical JSON but for timings`() throws {
    let arguments = "--classes 3 --per-class 2 --dim 2 --restarts 6 --seed 4 --json --quiet"
    let (first, second) = (try landscape(arguments), try landscape(arguments))
    #expect(first.status == 0 && first.errors.isEmpty)
    #expect(withoutTimings(first.output) == withoutTimings(second.output))
    #expect(first.output.split(separator: "\n").count == 1)
  }

  @Test func `the table is written as CSV`() throws {
    let folder = try ScratchFolder()
    let file = folder.file("points.csv")
    let result = try landscape("--classes 3 --per-class 1 --restarts 0 --out \(file)")
    #expect(result.status == 0)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("\nname,verdict,count,log_loss,mu,"))
    #expect(text.contains("\ncollapse,global_minimum,1,"))
  }

  @Test(arguments: [
    "--classes 2 --dim 1", "--classes 2 --per-class 1 --dim 1", "--classes 3 --dim 1",
    "--class-sizes 1,1,50 --dim 3", "--classes 3 --per-class 1 --weight-decay 1e-12",
    "--classes 3 --weight-decay 1e6", "--classes 4 --radius 0.1", "--classes 4 --radius 1000",
  ])
  func `the smallest and the strangest problems end in a table`(_ arguments: String) throws {
    let result = try landscape(arguments + " --restarts 4 --quiet")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.output.contains("distinct critical points"))
  }

  @Test func `the first saddle is found on the largest spheres, and dashes are explained`() throws {
    let result = try landscape("--radius 200 --restarts 0 --follow --quiet")
    #expect(result.status == 0)
    #expect(result.output.contains("From blocks-2+2"))
    #expect(result.output.contains("L is too small for a double"))
  }

  @Test func `a saddle that is not reached has status 3`() throws {
    // Two classes have no saddle with a positive multiplier.
    let result = try landscape("--classes 2 --restarts 0 --follow")
    #expect(result.status == 3)
    #expect(result.output.contains("nothing to follow"))
  }

  @Test func `Ctrl-C keeps the table so far and exits 130`() throws {
    let arguments = [
      "landscape", "--classes", "6", "--per-class", "60", "--dim", "16", "--restarts", "100000",
    ]
    let result = try Program("layerpeel").run(arguments, signal: SIGINT)
    #expect(result.status == 130)
    #expect(result.output.contains("Interrupted"))
  }
}
