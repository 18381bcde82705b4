import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import TestSupport
import Testing

/// `layerpeel schema` names the keys that other commands really write.
struct SchemaCommandTests {
  private struct Keys: Decodable {
    let separate: [String]
    let certify: [String]
    let dataList: [String]
    let dataShow: [String]
    let trainSettings: [String]

    enum CodingKeys: String, CodingKey {
      case separate, certify
      case dataList = "data list"
      case dataShow = "data show"
      case trainSettings = "train settings"
    }
  }

  private func schema() throws -> Keys {
    let text = try Program("layerpeel").run(["schema", "--json"]).output
    return try JSONDecoder().decode(Keys.self, from: Data(text.utf8))
  }

  @Test func `every key of a separation is written`() throws {
    let arguments = ["separate", "--classes", "4", "--dim", "2", "--restarts", "3", "--json"]
    let output = try Program("layerpeel").run(arguments).output
    let keys = try schema().separate
    #expect(keys.count > 10)
    for key in keys { #expect(output.contains("\"\(key)\":"), "\(key)") }
  }

  @Test func `every key of a judgement is written`() throws {
    let folder = try ScratchFolder()
    let sizes = try ClassSizes(classes: 3, perClass: 2)
    try PointFile.write(
      SeparationProblem(sizes: sizes).optimum(dimension: 2), labels: Labels(sorted: sizes),
      to: folder.file("optimum.npz"))
    let output = try Program("layerpeel").run(
      ["certify", "optimum.npz", "--json"], in: folder.path
    ).output
    let keys = try schema().certify
    #expect(keys.count > 10)
    for key in keys { #expect(output.contains("\"\(key)\":"), "\(key)") }
  }

  @Test func `every key of a data set and of what was trained on it is written`() throws {
    let (keys, program) = (try schema(), Program("layerpeel"))
    for (keys, arguments) in [
      (keys.dataList, "data list --json"), (keys.dataShow, "data show fashion-mnist --json"),
      (
        keys.trainSettings,
        "train --per-class 5 --batch 25 --hidden 4,4 --epochs 1 --threads 1 --quiet --json"
      ),
    ] {
      let output = try program.run(arguments.split(separator: " ").map(String.init)).output
      #expect(keys.count > 10)
      for key in keys { #expect(output.contains("\"\(key)\":"), "\(key) of \(arguments)") }
    }
  }

  @Test func `the schema fits a terminal`() throws {
    let text = try Program("layerpeel").run(["schema"]).output
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
