import FoundationEssentials
import LayerPeel
import LayerPeelFiles
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

  /// A command that the README shows and what it is said to print; nothing where that is left out.
  struct Shown: CustomTestStringConvertible, Sendable {
    let words: [String]
    let output: String
    var testDescription: String { words.joined(separator: " ") }
  }

  /// Every command of a console block but for those that train, install, start from a network, or tell
  /// which data this machine has.
  private func shownCommands() throws -> [Shown] {
    try blocks("console").flatMap { block in
      block.split(separator: "$ ").map { entry in
        let lines = entry.split(separator: "\n", maxSplits: 1).map(String.init)
        let command = lines[0].split(separator: " ").map(String.init)
        return Shown(words: command, output: lines.count > 1 ? lines[1] : "")
      }
    }.filter { shown in
      let program = shown.words[0]
      let isOurs = program == "layerpeel" || program.hasPrefix("Scripts/")
      return isOurs && !shown.words.contains("train") && !shown.words.contains("net.safetensors")
        && !shown.words.contains("--help") && !shown.words.contains("data")
    }
  }

  @Test func `what the console blocks show is printed, timings and rounding aside`() throws {
    let folder = try ScratchFolder()
    // What the README has NumPy write.
    let pairs = Matrix(
      rows: 4, columns: 3, elements: [1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0])
    try PointFile.write(
      Point(classifier: pairs, features: pairs), labels: Labels([0, 1, 2, 3]),
      to: folder.file("pairs.npz"))
    let shown = try shownCommands()
    #expect(shown.count >= 6)
    for command in shown {
      let program = command.words[0]
      let run =
        program == "layerpeel"
        ? try Program("layerpeel").run(Array(command.words.dropFirst()), in: folder.path)
        : try Program(path: Fixture.repository(program))
          .run(Array(command.words.dropFirst()), in: folder.path)
      #expect(run.status == 0, "\(command.testDescription): \(run.errors)")
      guard !command.output.isEmpty else { continue }
      #expect(comparable(run.output) == comparable(command.output), "\(command.testDescription)")
    }
  }

  /// Words alone, without what one processor does not share with another: times, numbers of steps
  /// and evaluations, residuals that are nothing but rounding, and how many random starts went
  /// where.
  private func comparable(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      .replacing(/[0-9.]+ s(?=[ ,.]|$)/, with: "TIME")
      .replacing(/[0-9.]+e-1[4-9]/, with: "ROUNDING")
      .replacing(/[0-9]+(?= (?:refinement )?steps| gradients| Hessian products)/, with: "N")
      .replacing(/[0-9]+ of [0-9]+ random starts/, with: "N of M random starts")
      // The column of starts, after a value of eight decimals and a ratio of six.
      .replacing(/([0-9]\.[0-9]{8} [0-9]\.[0-9]{6}) [0-9]+/) { "\($0.1) N" }
  }
}
