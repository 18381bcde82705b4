import LayerPeel
import Testing

struct LabelsTests {
  @Test func `labels of any order count their classes`() throws {
    let labels = try Labels([2, 0, 1, 2, 2, 0])
    #expect(labels.sizes.counts == [2, 1, 3])
    #expect(labels.count == 6)
    #expect(labels.classes == 3)
    #expect((0..<6).map { labels[$0] } == [2, 0, 1, 2, 2, 0])
  }

  @Test func `sorted labels stand class after class`() throws {
    let labels = Labels(sorted: try ClassSizes([2, 1, 3]))
    #expect(labels.values == [0, 0, 1, 2, 2, 2])
    #expect(try labels == Labels([0, 0, 1, 2, 2, 2]))
  }

  @Test func `sizes know whether they are balanced`() throws {
    #expect(try ClassSizes([3, 3, 3]).areBalanced)
    #expect(try !ClassSizes([3, 3, 2]).areBalanced)
    #expect(try ClassSizes(classes: 4, perClass: 5) == ClassSizes([5, 5, 5, 5]))
    #expect(try ClassSizes([7, 1]).samples == 8)
  }

  struct Refusal<Input: Sendable>: Sendable, CustomStringConvertible {
    let input: Input
    let error: ModelError
    let sentence: String
    var description: String { "\(input)" }
  }

  static let badLabels = [
    Refusal(
      input: [0, 2, 2], error: .skippedClass(1, largest: 2),
      sentence:
        "labels: no sample has class 1, yet a label is 2; number the classes 0, 1, … without gaps"),
    Refusal(
      input: [1, 1, 2], error: .skippedClass(0, largest: 2),
      sentence:
        "labels: no sample has class 0, yet a label is 2; number the classes 0, 1, … without gaps"),
    Refusal(
      input: [0, 1, -1], error: .labelOutOfRange(index: 2, value: -1),
      sentence: "labels: sample 2 has label -1; expected classes numbered from 0"),
    Refusal(
      input: [-5, -4], error: .labelOutOfRange(index: 0, value: -5),
      sentence: "labels: sample 0 has label -5; expected classes numbered from 0"),
    Refusal(
      input: [0, 1, Int.max], error: .labelOutOfRange(index: 2, value: .max),
      sentence:
        "labels: sample 2 has label 9223372036854775807; expected classes numbered from 0"),
    Refusal(
      input: [0, 1, 2_147_483_647], error: .skippedClass(2, largest: 2_147_483_647),
      sentence: "labels: no sample has class 2, yet a label is 2147483647; "
        + "number the classes 0, 1, … without gaps"),
    Refusal(input: [], error: .tooFewClasses(0), sentence: "classes: expected at least 2, got 0"),
    Refusal(
      input: [0, 0], error: .tooFewClasses(1), sentence: "classes: expected at least 2, got 1"),
  ]

  @Test(arguments: badLabels)
  func `labels that number no classes are refused in a sentence`(_ example: Refusal<[Int]>) {
    #expect(throws: example.error) { try Labels(example.input) }
    #expect("\(example.error)" == example.sentence)
  }

  private static let tooMany =
    "class sizes: more than 2147483647 classes or samples; use fewer"
  static let badSizes = [
    Refusal(
      input: [5], error: .tooFewClasses(1), sentence: "classes: expected at least 2, got 1"),
    Refusal(input: [], error: .tooFewClasses(0), sentence: "classes: expected at least 2, got 0"),
    Refusal(
      input: [3, 0], error: .emptyClass(1, count: 0),
      sentence: "class sizes: class 1 has 0 samples; every class needs at least 1"),
    Refusal(
      input: [-2, 3], error: .emptyClass(0, count: -2),
      sentence: "class sizes: class 0 has -2 samples; every class needs at least 1"),
    Refusal(input: [.max, .max], error: .tooManySamples, sentence: tooMany),
    Refusal(input: [2_147_483_647, 1], error: .tooManySamples, sentence: tooMany),
  ]

  @Test(arguments: badSizes)
  func `sizes that leave a class empty or overflow are refused`(_ example: Refusal<[Int]>) {
    #expect(throws: example.error) { try ClassSizes(example.input) }
    #expect("\(example.error)" == example.sentence)
  }

  @Test func `equal sizes are checked before any list is made`() {
    #expect(throws: ModelError.tooFewClasses(1)) { try ClassSizes(classes: 1, perClass: 5) }
    #expect(throws: ModelError.tooFewClasses(-3)) { try ClassSizes(classes: -3, perClass: 5) }
    #expect(throws: ModelError.emptyClass(0, count: 0)) { try ClassSizes(classes: 3, perClass: 0) }
    #expect(throws: ModelError.tooManyClasses(.max)) { try ClassSizes(classes: .max, perClass: 1) }
    #expect(throws: ModelError.tooManyClasses(20_001)) {
      try ClassSizes(classes: 20_001, perClass: 1)
    }
    #expect(throws: ModelError.tooManySamples) { try ClassSizes(classes: 4, perClass: .max) }
    #expect(throws: ModelError.tooManySamples) {
      try ClassSizes(classes: 20_000, perClass: 2_000_000)
    }
  }
}
