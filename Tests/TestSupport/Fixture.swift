internal import FoundationEssentials
package import LayerPeel

/// Reference data in `Tests/Fixtures`, each beside the script that made it.
package enum Fixture {
  /// The path of a fixture, such as `flow/seli.json`.
  package static func path(_ name: String) -> String {
    let support = URL(filePath: #filePath).deletingLastPathComponent()
    return support.deletingLastPathComponent().appending(path: "Fixtures/\(name)").path()
  }

  /// The path of a file of the repository, such as `README.md`.
  package static func repository(_ name: String) -> String {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.deletingLastPathComponent().appending(path: name).path()
  }

  /// The text of a fixture.
  package static func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  /// A value read from a JSON fixture.
  package static func json<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: path(name))))
  }

  /// The rows of a CSV fixture of numbers; an empty cell is nil.
  package static func table(_ name: String) throws -> [[String: Double?]] {
    let lines = try text(name).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { cells in
      Dictionary(uniqueKeysWithValues: zip(lines[0], cells.map { Double($0) }))
    }
  }
}

/// Everything mpmath knows of one point, of `flow/metrics.json`.
package struct PointFixture: Decodable, Sendable, CustomStringConvertible {
  /// What is special about it.
  package let name: String
  package let labels: [Int]
  package let dimension: Int
  /// `W`, row by row.
  package let classifier: [Double]
  /// `H`, row by row.
  package let features: [Double]
  /// Under the keys of ``Quantity``; nil where a value does not exist.
  package let values: [String: Double?]
  /// What has no key of its own.
  package let extra: [String: Double]

  private enum CodingKeys: String, CodingKey {
    case name, labels, dimension, values, extra
    case classifier = "W"
    case features = "H"
  }

  package var description: String { name }

  /// The model that the point belongs to.
  package func model() throws -> LayerPeeledModel {
    try LayerPeeledModel(labels: Labels(labels), dimension: dimension)
  }

  /// The point itself.
  package func point() throws -> Point {
    try model().point(flat: classifier + features)
  }

  /// All of them.
  package static func all() throws -> [PointFixture] {
    struct File: Decodable { let points: [PointFixture] }
    return try Fixture.json(File.self, "flow/metrics.json").points
  }
}
