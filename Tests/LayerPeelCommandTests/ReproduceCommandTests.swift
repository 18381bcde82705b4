import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `layerpeel reproduce`, small.
struct ReproduceCommandTests {
  @Test func `a report is one page, a PDF of each figure, and the data of each run`() throws {
    let folder = try ScratchFolder()
    let result = try Program("layerpeel").run([
      "reproduce", "--quick", "--out", folder.file("report"), "--threads", "1", "--json", "--quiet",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    let claims = try JSONDecoder().decode(Claims.self, from: Data(result.output.utf8))
    #expect(
      claims.claims.map(\.verdict)
        == [
          "held", "held", "held", "held", "held", "held", "inconclusive", "inconclusive", "not_run",
          "held", "inconclusive",
        ])
    #expect(claims.report.hasSuffix("report/index.html"))
    let (schema, printed) = (try Schema(), try JSONTree(result.output))
    #expect(schema.lacks(printed, in: "reproduce") == [])
    for claim in printed.elements("claims") {
      #expect(schema.lacks(claim, in: "reproduce") == [])
    }

    let page = try String(contentsOfFile: claims.report, encoding: .utf8)
    #expect(page.contains("(shown, not judged)"))
    #expect(page.hasPrefix("<!DOCTYPE html>") || page.hasPrefix("<!doctype html>"))
    for claim in claims.claims where claim.verdict != "not_run" {
      #expect(!claim.measured.isEmpty, "\(claim.name)")
    }
    let pictures = [
      "alignment.pdf", "bridge.pdf", "class-vectors.pdf", "escape.pdf", "flow-panels.pdf",
      "kkt.pdf",
      "landscape.pdf", "margin.pdf", "network-panels.pdf", "resnet18-panels.pdf",
      "saddle-escape.pdf", "simplex.pdf",
    ]
    #expect(try folder.names(in: "report/figures") == pictures)
    let data = try folder.names(in: "report/data")
    let kinds = ["flow", "network", "proof", "kkt", "landscape", "routes", "descent"].map { kind in
      data.count { $0.hasPrefix("\(kind)-") }
    }
    #expect(kinds == [5, 6, 3, 1, 8, 8, 1] && data.count == kinds.reduce(0, +))
  }

  @Test func `an interrupted report keeps what was finished, and says what was not`() throws {
    let folder = try ScratchFolder()
    let result = try Program("layerpeel").run(
      ["reproduce", "--quick", "--only", "model", "--out", folder.file("report")], signal: SIGINT)
    #expect(result.status == 130, "\(result.errors)")
    #expect(result.output.contains("Interrupted: the report holds what was finished."))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains("/") })
    let page = try String(contentsOfFile: folder.file("report/index.html"), encoding: .utf8)
    #expect(page.contains("This run was interrupted"))
    #expect(try folder.names(in: "report/data").contains("flow-gaussian-seed-0.json"))
  }

  @Test func `only the paper's networks need the preset that has them`() throws {
    let result = try Program("layerpeel").run(["reproduce", "--only", "paper"])
    #expect(result.status == 64 && result.errors.contains("expected --preset full"))
  }

  private struct Claims: Decodable {
    let claims: [Entry]
    let report: String
    struct Entry: Decodable {
      let name: String
      let verdict: String
      let criterion: String
      let measured: [String: Double?]
    }
  }
}
