import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import TestSupport
import Testing

/// `layerpeel certify` as users run it.
struct CertifyCommandTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func certify(_ file: String, _ options: String = "") throws -> Program.Result {
    try Program("layerpeel").run(
      ["certify", file] + options.split(separator: " ").map(String.init), in: folder.path)
  }

  private func write(_ example: SeparationPoint, _ name: String = "point.safetensors") throws
    -> String
  {
    try PointFile.write(example.point, labels: example.labels, to: folder.file(name))
    return name
  }

  @Test func `people get distances with every verdict, in 80 columns`() throws {
    let pairs = try certify(write(.blocks([2, 2], perClass: 1, dimension: 4)))
    #expect(pairs.status == 0 && pairs.errors.isEmpty)
    let text = pairs.output.replacing("\n", with: " ")
    #expect(text.contains("a KKT point that is not global: gap 1 (25 % of its value)"))
    #expect(text.contains("margin ratio 0.75."))
    #expect(text.contains("the value has changed by -1 s² (predicted: -1)"))
    let square = try certify(write(.polygon(4, perClass: 2, dimension: 2)))
    #expect(square.status == 0)
    #expect(square.output.replacing("\n", with: " ").contains("the bound cannot close"))
    #expect(square.output.contains("No way out was found: W and H have full rank"))
    let sizes = try ClassSizes([4, 3, 2])
    let optimum = SeparationPoint(
      name: "optimum", point: SeparationProblem(sizes: sizes).optimum(dimension: 3),
      labels: Labels(sorted: sizes))
    let global = try certify(write(optimum))
    #expect(global.output.contains("As given: a global optimum to within the tolerance: gap "))
    for result in [pairs, square, global] {
      #expect(result.output.contains("stationarity"))
      #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  }

  @Test func `every key is always there, and two runs print the same`() throws {
    let keys = [
      "primal", "dual", "gap", "kkt_stationarity", "kkt_complementarity", "margin_ratio",
      "balanced_margin_ratio", "tolerance", "verdict", "balanced_verdict", "escape", "imbalance",
      "margin_quantiles", "active_constraints", "not_separated", "absent", "multipliers",
    ]
    let file = try write(.blocks([2, 2], perClass: 1, dimension: 4))
    let zero = SeparationPoint(
      name: "zero",
      point: Point(
        classifier: Matrix(rows: 2, columns: 3), features: Matrix(rows: 2, columns: 3)),
      labels: try Labels([0, 1]))
    for name in [file, try write(zero, "zero.safetensors")] {
      let (first, second) = (try certify(name, "--json"), try certify(name, "--json"))
      #expect(first.status == 0 && first.errors.isEmpty)
      #expect(withoutTimings(first.output) == withoutTimings(second.output))
      for key in keys { #expect(first.output.contains("\"\(key)\":"), "\(name): \(key)") }
    }
    let output = try certify(file, "--json").output
    #expect(output.contains("\"verdict\":\"kkt_not_global\""))
    let none = try certify("zero.safetensors", "--json").output
    #expect(none.contains("\"escape\":null") && none.contains("\"primal\":null"))
    #expect(none.contains("\"escape\":\"only a KKT point has one\""))
  }

  @Test func `the direction and the better point are files that others read`() throws {
    let pairs = try SeparationPoint.blocks([2, 2], perClass: 3, dimension: 5)
    let result = try certify(
      write(pairs), "--escape out.safetensors --save-point better.safetensors --out j.json")
    #expect(result.status == 0, "\(result.errors)")
    let direction = try PointFile(path: folder.file("out.safetensors"))
    #expect(abs(direction.point.norm - 2.0.squareRoot()) <= 1e-12)
    #expect(direction.labels == pairs.labels)
    // Unseen by the point: Wa = 0, Ha = 0.
    let unseen = pairs.point.features * direction.point.classifier.transposed
    #expect(unseen.norm <= 1e-12)
    let better = try certify("better.safetensors", "--json")
    let ratio = try #require(better.output.firstMatch(of: /[{,]"margin_ratio":([0-9.]+),"multipl/))
    #expect(try #require(Double(ratio.1)) > 0.9)
    #expect(try folder.names().contains("j.json"))

    let none = try certify(
      write(.polygon(5, perClass: 1, dimension: 2)), "--escape none.safetensors")
    #expect(none.status == 0)
    #expect(none.errors.contains("No escape to write: W and H have full rank"))
    #expect(try !folder.names().contains("none.safetensors"))
  }

  @Test func `samples on the wrong side are named, and left out when asked`() throws {
    let pairs = try SeparationPoint.blocks([2, 2], perClass: 2, dimension: 4)
    var point = pairs.point
    for j in 0..<4 { point.features[5, j] *= -0.5 }
    let broken = SeparationPoint(name: "broken", point: point, labels: pairs.labels)
    let file = try write(broken)
    let whole = try certify(file)
    #expect(whole.status == 0)
    let text = whole.output.replacing("\n", with: " ")
    #expect(text.contains("Not on their side: 1 of 8 samples, with margins as low as -1."))
    #expect(text.contains("Rows of H from 0, with the least margin of each: 5 (-1)."))
    let part = try certify(file, "--separable-part")
    #expect(part.output.replacing("\n", with: " ").contains("They were left out"))
    #expect(
      try certify(file, "--separable-part --json").output
        .contains("\"not_separated\":{\"count\":1,"))

    for j in 0..<4 { point.features[4, j] *= -0.5 }
    let lost = SeparationPoint(name: "lost", point: point, labels: pairs.labels)
    let refused = try certify(write(lost), "--separable-part")
    #expect(refused.status == 65)
    #expect(refused.errors.contains("class 2: expected a sample that separates"))
  }

  @Test func `unusable input is refused in one sentence`() throws {
    let file = try write(.blocks([2, 2], perClass: 1, dimension: 4))
    var point = try SeparationPoint.blocks([2, 2], perClass: 1, dimension: 4).point
    point.features[2, 1] = .nan
    try PointFile.write(
      point, labels: Labels([0, 1, 2, 3]), to: folder.file("nan.safetensors"))
    let skipped = [
      NamedArray("W", shape: [3, 1], [1.0, 2, 3]),
      NamedArray("H", shape: [2, 1], [1.0, 2]),
      NamedArray("labels", shape: [2], [0, 2]),
    ]
    try SafetensorsFile.write(skipped, to: folder.file("skipped.safetensors"))
    let cases: [(String, String, Int32, String)] = [
      ("nowhere.safetensors", "", 66, "nowhere.safetensors: no such file"),
      (file, "--tolerance 0", 64, "tolerance: expected a number above 0 and below 1, got 0"),
      (file, "--tolerance -1", 64, "tolerance: expected a number above 0 and below 1"),
      (file, "--tolerance nan", 64, "tolerance: expected a number above 0 and below 1"),
      (file, "--escape x.txt", 64, "ends in .safetensors"),
      (file, "--out x.csv", 64, "ends in .json"),
      (file, "--escape nowhere/x.safetensors", 73, "there is no folder nowhere/"),
      ("nan.safetensors", "", 65, "array H, entry (2, 1): expected a finite number, got nan"),
      ("skipped.safetensors", "", 65, "no sample has class 1, yet a label is 2"),
    ]
    for (file, options, status, sentence) in cases {
      let result = try certify(file, options)
      #expect(result.status == status, "\(file) \(options): \(result.errors)")
      #expect(result.errors.contains(sentence), "\(result.errors)")
      #expect(result.errors.hasPrefix("Error: ") && result.output.isEmpty)
    }
  }
}
