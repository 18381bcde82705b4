import Foundation
import TestSupport
import Testing

/// `Scripts/check_metrics.py`, which computes a probe's metrics from exported features by other code.
struct MetricsCheckTests {
  private func check(_ point: String, _ trajectory: String) throws -> Program.Result {
    try Program(path: "/usr/bin/env").run(
      ["python3", Fixture.repository("Scripts/check_metrics.py"), point, trajectory])
  }

  @Test func `a second program agrees with a probe's metrics, and notices one that is wrong`()
    throws
  {
    let folder = try ScratchFolder()
    let (point, trajectory) = (folder.file("net.safetensors"), folder.file("net.json"))
    let trained = try Program("layerpeel").run([
      "train", "--per-class", "20", "--hidden", "32,16", "--threads", "1", "--epochs", "2",
      "--quiet", "--save-point", point, "--out", trajectory,
    ])
    #expect(trained.status == 0, "\(trained.errors)")
    let agreed = try check(point, trajectory)
    #expect(agreed.status == 0, "\(agreed.output)")
    #expect(agreed.output.contains("nc1_trace"))

    // The last point's value, a millionth and a half larger.
    let text = try String(contentsOfFile: trajectory, encoding: .utf8)
    let key = "\"nc1_trace\":"
    let pieces = text.components(separatedBy: key)
    let last = try #require(pieces.last)
    let digits = last.prefix { $0 != "," && $0 != "}" }
    let value = try #require(Double(digits))
    let forged = "\(value * (1 + 1.5e-6))" + last.dropFirst(digits.count)
    let wrong = folder.file("wrong.json")
    try (pieces.dropLast() + [forged]).joined(separator: key).write(
      toFile: wrong, atomically: true, encoding: .utf8)
    let refused = try check(point, wrong)
    #expect(refused.status == 1)
    #expect(refused.output.contains("1 of 22 differ"), "\(refused.output)")
  }
}
