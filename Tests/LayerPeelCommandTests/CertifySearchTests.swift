import FoundationEssentials
import Glibc
import LayerPeel
import LayerPeelFiles
import TestSupport
import Testing

/// The search for a better point that `layerpeel certify` does beside a KKT point.
struct CertifySearchTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// What a script reads.
  private struct Judged: Decodable {
    struct Search: Decodable {
      let restarts: Int
      let reached: Int
      let primal: Double?
      let interrupted: Bool
    }
    let primal: Double
    let verdict: String
    let search: Search?
    let absent: [String: String]
  }

  private func decoded(_ text: String) throws -> Judged {
    try JSONDecoder().decode(Judged.self, from: Data(text.utf8))
  }

  private func certify(_ file: String, _ options: String = "") throws -> Program.Result {
    try Program("layerpeel").run(
      ["certify", file] + options.split(separator: " ").map(String.init), in: folder.path)
  }

  /// A pentagon in a plane and a pair across it, a KKT point of seven classes.
  ///
  /// Its value is that of both together, 5/(1 - cos 72°) + 2 = 9.23607. A search finds 8.84045.
  private func writePentagonAndPair() throws -> String {
    let angle = 2 * Double.pi / 5
    let scale = 1 / (1 - cos(angle)).squareRoot()
    let rows = Matrix(rows: 7, columns: 3) { k, j in
      if k >= 5 { return j < 2 ? 0 : k == 5 ? 1 : -1 }
      return scale * (j == 0 ? cos(angle * Double(k)) : j == 1 ? sin(angle * Double(k)) : 0)
    }
    try PointFile.write(
      Point(classifier: rows, features: rows), labels: Labels(Array(0..<7)),
      to: folder.file("seven.npz"))
    return "seven.npz"
  }

  private func writePolygon(_ classes: Int) throws -> String {
    let polygon = try SeparationPoint.polygon(classes, perClass: 1, dimension: 2)
    try PointFile.write(polygon.point, labels: polygon.labels, to: folder.file("polygon.npz"))
    return "polygon.npz"
  }

  @Test func `a better point shows that a KKT point is not global, and can be kept`() throws {
    let file = try writePentagonAndPair()
    let result = try certify(file, "--json --quiet --save-point better.npz")
    #expect(result.status == 0 && result.errors.isEmpty)
    let judged = try decoded(result.output)
    #expect(abs(judged.primal - 9.23607) <= 0.5e-5)
    #expect(judged.verdict == "kkt_not_global")
    let search = try #require(judged.search)
    #expect(search.restarts == 20 && search.reached > 0 && !search.interrupted)
    #expect(abs(try #require(search.primal) - 8.84045) <= 0.5e-5)
    let better = try decoded(certify("better.npz", "--json --quiet --restarts 3").output)
    #expect(abs(better.primal - 8.84045) <= 0.5e-5)
    #expect(better.verdict == "kkt_gap_open" && better.search?.restarts == 3)
  }

  @Test func `without a search nothing better is known`() throws {
    let file = try writePentagonAndPair()
    let result = try certify(file, "--json --restarts 0 --save-point better.npz")
    let judged = try decoded(result.output)
    #expect(judged.verdict == "kkt_gap_open" && judged.search == nil)
    #expect(judged.absent["search"] == "--restarts 0 asks for none")
    #expect(result.errors.hasPrefix("No better point to write: W and H have full rank"))
    #expect(try folder.names() == ["seven.npz"])
    let text = try certify(file, "--restarts 0").output
    #expect(text.contains("No better point was looked for: --restarts 0 asks for none."))
  }

  @Test func `Ctrl-C ends the search and keeps the judgement`() throws {
    let arguments = [
      "certify", try writePolygon(10), "--restarts", "1000000", "--out", "judged.json",
    ]
    let result = try Program("layerpeel").run(arguments, in: folder.path, signal: SIGINT)
    #expect(result.status == 130)
    let text = result.output.replacing("\n", with: " ")
    #expect(text.contains("The search for a better point was interrupted. Of "))
    let judged = try decoded(
      String(contentsOfFile: folder.file("judged.json"), encoding: .utf8))
    let search = try #require(judged.search)
    #expect(search.interrupted && search.restarts < 1_000_000)
  }

  @Test func `a search that would take minutes is left out, and it is said`() throws {
    let result = try certify(writePolygon(60), "--json")
    #expect(result.status == 0)
    let judged = try decoded(result.output)
    #expect(judged.verdict == "kkt_gap_open" && judged.search == nil)
    #expect(
      judged.absent["search"]
        == "with 60 classes in 2 dimensions it would take minutes; --restarts 20 asks for it all "
        + "the same")
  }
}
