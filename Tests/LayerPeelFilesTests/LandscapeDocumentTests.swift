import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import TestSupport
import Testing

struct LandscapeDocumentTests {
  private static let survey = Result {
    try LandscapeCase([2, 2, 2], dimension: 2, restarts: 2).landscape().survey()
  }

  private func document() throws -> (LandscapeDocument, Survey) {
    let survey = try LandscapeDocumentTests.survey.get()
    return (
      LandscapeDocument(
        survey, version: "1", time: "now", seconds: 0.5, settings: ["radius": 3.5]), survey
    )
  }

  private struct Decoded: Decodable {
    struct Entry: Decodable {
      let name: String
      let log_loss: Double
      let mu: Double?
      let sigma: Double
      let gradient_norm: Double
      let verdict: String
      let lowest_curvature: Double
      let multiplicity: Int?
      let curvature_error: Double
      let index: Int?
      let rank: Int
      let bound: Double?
      let count: Int
      let margin_ratio: Double?
      let absent: [String: String]
    }
    let points: [Entry]
    let settings: [String: Double]
    let start_count: Int
    let trivial_count: Int
  }

  @Test func `JSON holds every point with the survey's own numbers`() throws {
    let (document, survey) = try document()
    let decoded = try JSONDecoder().decode(Decoded.self, from: Data(document.json.utf8))
    #expect(decoded.points.map(\.name) == survey.entries.map(\.name))
    #expect(decoded.points.map(\.log_loss) == survey.entries.map(\.point.logLoss))
    #expect(decoded.points.map(\.lowest_curvature) == survey.entries.map(\.point.lowestCurvature))
    #expect(decoded.points.map(\.index) == survey.entries.map(\.point.index))
    #expect(decoded.points.map(\.verdict) == survey.entries.map(\.verdict.rawValue))
    #expect(decoded.points.map(\.count).reduce(0, +) + survey.failures.count == decoded.start_count)
    #expect(decoded.trivial_count == survey.trivialCount)
    #expect(decoded.settings == ["radius": 3.5])
  }

  @Test func `what the origin does not have is null, with the reason`() throws {
    let (document, _) = try document()
    let decoded = try JSONDecoder().decode(Decoded.self, from: Data(document.json.utf8))
    let origin = try #require(decoded.points.first { $0.name == "origin" })
    #expect(origin.mu == nil && origin.margin_ratio == nil)
    #expect(Set(origin.absent.keys) == ["mu", "margin_ratio", "log_norm"])
    #expect(origin.absent["mu"] == "the point is the origin")
    let rest = decoded.points.filter { $0.name != "origin" }
    #expect(rest.allSatisfy { $0.absent.isEmpty && $0.mu != nil })
    for key in LandscapeDocument.Key.allCases {
      #expect(document.json.contains("\"\(key.rawValue)\":"))
    }
  }

  @Test func `numbers that underflow are absent with their ratio to the loss, and signs are kept`()
    throws
  {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 4, perClass: 5), dimension: 8)
    var settings = Landscape.Settings(level: .radius(200))
    settings.restarts = 0
    let survey = try Landscape(model, settings: settings).survey()
    let saddle = try #require(survey.firstSaddle)
    #expect(saddle.name == "blocks-2+2" && saddle.point.logLoss < -744)
    let document = LandscapeDocument(
      survey, version: "1", time: "now", seconds: 0.5, settings: ["radius": 200.0])
    struct Tiny: Decodable {
      struct Entry: Decodable {
        let name: String
        let mu: Double?
        let sigma: Double?
        let lowest_curvature: Double?
        let bound: Double?
        let absent: [String: String]
      }
      let points: [Entry]
    }
    let decoded = try JSONDecoder().decode(Tiny.self, from: Data(document.json.utf8))
    let pairs = try #require(decoded.points.first { $0.name == "blocks-2+2" })
    #expect(pairs.mu == nil && pairs.sigma == nil && pairs.bound == nil)
    let ratios = ["mu", "sigma", "lowest_curvature", "bound"].map { key in
      pairs.absent[key]?.split(separator: " ").last.flatMap { Double($0) } ?? .nan
    }
    // μ > 0, σ > μ, and the lowest curvature is their difference.
    #expect(ratios[0] > 0 && ratios[1] > 1.01 * ratios[0] && ratios[3] > 0)
    #expect(abs(ratios[2] - (ratios[0] - ratios[1])) <= 1e-8 * ratios[1])
    #expect(abs(ratios[3] / ((ratios[1] - ratios[0]) * 20_000) - 1) <= 1e-8)
    // A point of ordinary loss in the same table has its numbers.
    let flipped = try #require(decoded.points.first { $0.name == "collapse-flip" })
    #expect((flipped.mu ?? 0) < 0 && flipped.absent.isEmpty)
  }

  @Test func `an escape says why a key of it is null, and no escape says so too`() throws {
    let (document, found) = try document()
    #expect(document.json.contains("\"absent\":{\"escape\":\"no saddle was followed\"}"))
    #expect(document.csv.contains("# absent.escape: no saddle was followed"))
    let landscape = try LandscapeCase([2, 2, 2], dimension: 2, restarts: 2).landscape()
    let entry = try #require(found.entries.first { $0.verdict == .strictSaddle })
    let escape = try landscape.escape(from: entry.point, isCancelled: { true })
    let route = found.route(from: entry, escape: escape)
    let written = LandscapeDocument(
      found, route: route, version: "1", time: "now", seconds: 0.5, settings: ["radius": 3.5])
    #expect(written.json.contains("\"to\":\"it did not settle\""))
    #expect(written.json.contains("\"to\":null"))
    #expect(RoutesDocument([route, route]).json.contains("\"to\":\"it did not settle\""))
  }

  @Test func `CSV has the same rows, an empty cell where there is nothing`() throws {
    let (document, survey) = try document()
    let lines = document.csv.split(separator: "\n").map(String.init)
    let rows = lines.filter { line in !line.hasPrefix("#") }
    #expect(rows.count == survey.entries.count + 1)
    let heading =
      "name,verdict,count,log_loss,mu,sigma,gradient_norm,lowest_curvature,multiplicity,"
      + "curvature_error,index,rank,bound,margin_ratio,log_norm"
    #expect(rows.first == heading)
    let origin = try #require(rows.first { row in row.hasPrefix("origin,") })
    #expect(origin.contains(",,"))
    #expect(lines.contains("# settings.radius: 3.5"))
  }
}
