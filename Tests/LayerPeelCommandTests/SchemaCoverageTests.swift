import FoundationEssentials
import TestSupport
import Testing

/// `layerpeel schema` leaves out no key that other commands write.
struct SchemaCoverageTests {
  private func output(_ arguments: String) throws -> JSONTree {
    try JSONTree(
      Program("layerpeel").run(arguments.split(separator: " ").map(String.init)).output)
  }

  @Test func `every key of a flow is in the schema`() throws {
    let schema = try Schema()
    let flow = try output("flow --classes 3 --per-class 2 --dim 3 --json --quiet")
    #expect(schema.lacks(flow, in: "trajectory") == [])
    let points = flow.elements("points")
    #expect(points.count > 1)
    for point in points { #expect(schema.lacks(point, in: "flow") == []) }
  }

  @Test func `every key of a training and its forecast is in the schema, every null has a reason`()
    throws
  {
    let schema = try Schema()
    let training = try output(
      "train --per-class 5 --batch 25 --hidden 4,4 --epochs 2 --threads 1 --quiet --json "
        + "--forecast 1 --forecast-evaluations 20")
    #expect(schema.lacks(training, in: "trajectory") == [])
    for point in training.elements("points") { #expect(schema.lacks(point, in: "train") == []) }
    let executed = try #require(training["settings"]?["executed"])
    #expect(executed["zero_error_epoch"] == .null && executed.nullsWithoutReason == [])
    let forecast = try #require(training.elements("forecasts").first)
    #expect(schema.lacks(forecast, in: "forecast") == [])
    for point in forecast.elements("points") { #expect(schema.lacks(point, in: "flow") == []) }
    let comparison = try #require(forecast.elements("comparisons").first)
    #expect(schema.lacks(comparison, in: "forecast", "train") == [])
    let distance = try #require(comparison["to_start"])
    #expect(schema.lacks(distance, in: "forecast", "train") == [])
  }

  @Test func `every key of a data set is in the schema`() throws {
    let schema = try Schema()
    let sets = try output("data list --json").elements("data_sets")
    #expect(sets.count == 4)
    for set in sets { #expect(schema.lacks(set, in: "data list") == []) }
    let shown = try output("data show fashion-mnist --json")
    #expect(schema.lacks(shown, in: "data show", "trajectory") == [])
  }
}

/// The keys that `layerpeel schema --json` prints.
struct Schema {
  private let keys: [String: [String]]

  init() throws {
    let text = try Program("layerpeel").run(["schema", "--json"]).output
    keys = try JSONDecoder().decode([String: [String]].self, from: Data(text.utf8))
  }

  /// Keys of an object that no section has, dotted where nested.
  func lacks(_ tree: JSONTree, in sections: String...) -> [String] {
    lacks(tree, Set(sections.flatMap { keys[$0] ?? [] }), prefix: "")
  }

  private func lacks(_ tree: JSONTree, _ known: Set<String>, prefix: String) -> [String] {
    guard case .object(let members) = tree else { return [prefix] }
    return members.flatMap { key, value -> [String] in
      if known.contains(prefix + key) { return [] }
      guard case .object = value else { return [prefix + key] }
      return lacks(value, known, prefix: prefix + key + ".")
    }.sorted()
  }
}

/// Any JSON, by its shape.
indirect enum JSONTree: Decodable, Equatable {
  case object([String: JSONTree])
  case array([JSONTree])
  case null
  case other

  init(_ text: String) throws {
    self = try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let members = try? container.decode([String: JSONTree].self) {
      self = .object(members)
    } else if let elements = try? container.decode([JSONTree].self) {
      self = .array(elements)
    } else {
      self = .other
    }
  }

  subscript(key: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// The elements of an array under a key; none where there is no such array.
  func elements(_ key: String) -> [JSONTree] {
    guard case .array(let elements) = self[key] else { return [] }
    return elements
  }

  /// Keys that are null without standing in `absent`.
  var nullsWithoutReason: [String] {
    guard case .object(let members) = self else { return [] }
    return members.filter { $0.value == .null && members["absent"]?[$0.key] == nil }.map(\.key)
      .sorted()
  }
}
