import FoundationEssentials
import TestSupport
import Testing

/// The README shows what the program really does.
struct ReadmeTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: Fixture.repository(path), encoding: .utf8)
  }

  /// The blocks between fences that open with the given line.
  private func blocks(_ opening: String) throws -> [String] {
    try text("README.md").split(separator: "```\(opening)\n").dropFirst().compactMap {
      $0.split(separator: "```").first.map(String.init)
    }
  }

  @Test func `the library's block is the example's, which runs`() throws {
    let block = try #require(try blocks("swift").first)
    let example = try text("Examples/FollowFlow/FollowFlow.swift")
    for line in block.split(separator: "\n") {
      #expect(example.contains(line.drop { $0 == " " }), "\(line)")
    }
    let run = try Program("FollowFlow").run([])
    #expect(run.status == 0)
    let last = try #require(run.output.split(separator: "\n").last)
    // A root of the margin ratio, found to some units in the last place of the clock.
    let ratio = try #require(last.split(separator: " ").last.flatMap { Double($0) })
    #expect(abs(ratio - 0.9999) <= 1e-12)
  }

  @Test func `the flow's block is what the flow prints, timings aside`() throws {
    let block = try #require(try blocks("console").first { $0.hasPrefix("$ layerpeel flow") })
    let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
    let arguments = lines[0].split(separator: " ").dropFirst(2).map(String.init)
    let run = try Program("layerpeel").run(arguments)
    let printed = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(printed.count == lines.count - 1)
    for (shown, real) in zip(lines.dropFirst(), printed) where !shown.contains("Hessian products") {
      #expect(shown == real)
    }
  }
}
