import LayerPeel
import Testing

struct ModelErrorTests {
  private func model(dimension: Int = 3) throws -> LayerPeeledModel {
    try LayerPeeledModel(sizes: ClassSizes([2, 1]), dimension: dimension)
  }

  /// The sentence of the error that `body` throws.
  private func sentence(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "nothing was thrown"
  }

  @Test(arguments: [0, -1, Int.min])
  func `a dimension below one is refused`(_ dimension: Int) {
    #expect(throws: ModelError.dimensionTooSmall(dimension)) { try model(dimension: dimension) }
    #expect(
      sentence { _ = try model(dimension: dimension) }
        == "dim: expected at least 1, got \(dimension)")
  }

  @Test(arguments: [Int.max, Int.max / 4, Int.max / 4096, 1 << 31])
  func `a dimension beyond any memory is refused before memory is taken`(_ dimension: Int) {
    #expect(
      sentence { _ = try model(dimension: dimension) }
        .hasPrefix("the problem needs about "))
  }

  @Test func `a point of another shape is refused, with what was expected`() throws {
    let good = Point(classifier: Matrix(rows: 2, columns: 3), features: Matrix(rows: 3, columns: 3))
    try model().validate(good)
    var point = good
    point.classifier = Matrix(rows: 3, columns: 2)
    #expect(sentence { try model().validate(point) } == "W: expected a 2×3 matrix, got 3×2")
    point = good
    point.features = Matrix(rows: 2, columns: 3)
    #expect(sentence { try model().validate(point) } == "H: expected a 3×3 matrix, got 2×3")
    #expect(throws: ModelError.self) { try Flow(model()).trajectory(from: point) }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `an entry that is not finite is refused, with its place`(_ value: Double) throws {
    var point = Point(
      classifier: Matrix(rows: 2, columns: 3), features: Matrix(rows: 3, columns: 3))
    point.features[2, 1] = value
    #expect(
      sentence { try model().validate(point) }
        == "H: entry (2, 1) is not a finite number; a start needs finite entries")
    point.classifier[1, 2] = value
    #expect(
      sentence { try model().validate(point) }
        == "W: entry (1, 2) is not a finite number; a start needs finite entries")
    #expect(throws: ModelError.notFinite(argument: "W", row: 1, column: 2)) {
      try Flow(model()).trajectory(from: point)
    }
  }

  @Test func `entries whose squares overflow are refused`() throws {
    let huge = Point(
      classifier: Matrix(rows: 2, columns: 3, repeating: 1e160),
      features: Matrix(rows: 3, columns: 3))
    let expected =
      "W and H: expected a norm between 1e-150 and 1e70, so that doubles hold what is made of it, "
      + "got one whose square no double holds"
    #expect(sentence { try model().validate(huge) } == expected)
    #expect(sentence { _ = try Flow(model()).trajectory(from: huge) } == expected)
  }

  @Test func `sizes in bytes are said in units that can be read`() {
    let gibibyte = 1_073_741_824.0
    #expect(
      "\(ModelError.tooLarge(needed: 12.34 * gibibyte, available: 4 * gibibyte))"
        == "the problem needs about 12.3 GiB of memory and 4.0 GiB are available; "
        + "use fewer samples or a smaller dimension")
    #expect(
      "\(ModelError.tooLarge(needed: .infinity, available: gibibyte))"
        == "the problem needs about a million GiB of memory and 1.0 GiB are available; "
        + "use fewer samples or a smaller dimension")
  }
}
