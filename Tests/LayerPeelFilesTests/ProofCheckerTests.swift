import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import TestSupport
import Testing

/// Proofs against the checker in `Scripts`, which shares no code with what wrote them.
struct ProofCheckerTests {
  /// A proof's document with every field open to forgery.
  struct Fields: Codable {
    var format, statement, version: String
    var gmp_version: String
    var class_sizes, labels: [Int]
    var W, H, multipliers: [String]
    var denominator, squared_norm, least_margin, primal, bound: String
    var epsilon, epsilon_rounded_up: String

    init(_ proof: SeparationProof) throws {
      self = try JSONDecoder().decode(Fields.self, from: Data(ProofDocument(proof).json.utf8))
    }

    var text: String {
      get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }

    /// Puts in other multipliers, one sample a class, and all that follows from them.
    mutating func replaceMultipliers(
      _ numerators: [[BigInteger]], over denominator: BigInteger, primal: Rational
    ) {
      let bound = Rational(numerators.joined().reduce(BigInteger(0), +), denominator)
      let epsilon = primal / bound - Rational(BigInteger(1))
      multipliers = numerators.map { row in row.map { "\($0)" }.joined(separator: " ") }
      (self.denominator, self.bound) = ("\(denominator)", "\(bound)")
      (self.epsilon, epsilon_rounded_up) = ("\(epsilon)", epsilon.roundedUp)
    }

    /// Replaces one number of a row of numbers.
    static func replace(_ row: inout String, at i: Int, _ change: (String) -> String) {
      var words = row.split(separator: " ").map(String.init)
      words[i] = change(words[i])
      row = words.joined(separator: " ")
    }
  }

  private func check(_ text: String) throws -> Program.Result {
    let scratch = try Scratch()
    let path = try scratch.file(text.utf8, named: "proof.json")
    return try Program(path: "/usr/bin/env").run(
      ["python3", Fixture.repository("Scripts/check_proof.py"), path])
  }

  private static func labels(_ counts: [Int]) throws -> Labels {
    Labels(sorted: try ClassSizes(counts))
  }

  private static func optimum(_ counts: [Int], dimension: Int) throws -> SeparationProof {
    let labels = try labels(counts)
    let point = SeparationProblem(sizes: labels.sizes).optimum(dimension: dimension)
    return try #require(try SeparationProof(point: point, labels: labels))
  }

  /// Two antipodal pairs: a third above the optimum, so there is something to lie about.
  private static func pairs() throws -> SeparationProof {
    let rows: [Double] = [1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 1, -1, 0, 0, -1, 1]
    let matrix = Matrix(rows: 4, columns: 4, elements: rows)
    return try #require(
      try SeparationProof(
        point: Point(classifier: matrix, features: matrix), labels: labels([1, 1, 1, 1])))
  }

  @Test func `the end of a flow is accepted`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 10, perClass: 20), dimension: 16)
    var generator = SplitMix64(seed: 7)
    var settings = Flow.Settings()
    settings.untilMarginRatio = 0.99999
    let run = try Flow(model, settings: settings).run(from: model.gaussianPoint(using: &generator))
    #expect(run.trajectory.termination == .marginRatio)
    let proof = try #require(try SeparationProof(point: run.end, labels: model.labels))
    // The flow stopped at a margin ratio of 0.99999, which is 1/(1 + ε).
    #expect(abs(proof.epsilon.approximation - 1e-5) <= 1e-9)
    let result = try check(ProofDocument(proof).json)
    #expect(result.status == 0)
    #expect(
      result.output == """
        accepted: this point (K = 10, N = 200, d = 16) is within a factor 1 + \
        \(proof.epsilon.roundedUp) of the best possible in any dimension

        """)
  }

  @Test(arguments: [
    [10, 10, 1, 1], [1, 1], [3, 5], [1, 1, 1, 1, 1], [100, 1, 7], Array(repeating: 2, count: 12),
  ])
  func `optima of any class sizes are accepted`(_ counts: [Int]) throws {
    let proof = try Self.optimum(counts, dimension: counts.count - 1)
    let result = try check(ProofDocument(proof).json)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test func `points that are not optimal are accepted for what they are`() throws {
    let pairs = try check(ProofDocument(Self.pairs()).json)
    #expect(pairs.status == 0 && pairs.output.contains("1 + 3.34e-1 "))

    // A square in the plane: fewer dimensions than K - 1, labels in no order, entries of every
    // size.
    let plane = Point(
      classifier: Matrix(rows: 4, columns: 2, elements: [1, 0, 0, 1, -1, 0, 0, -1]),
      features: Matrix(rows: 5, columns: 2, elements: [0, 1e-30, 1, 0.1, 0, -1, -3, 0, 1e30, 1]))
    let proof = try #require(
      try SeparationProof(point: plane, labels: Labels([1, 0, 3, 2, 0])))
    let result = try check(ProofDocument(proof).json)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func `multipliers that are exactly tight are accepted, and a third is a third`() throws {
    // λ = 1/K: Σ b bᵀ = K(K I - 11ᵀ) over s = K, and what is left is K 11ᵀ, of rank one.
    let proof = try Self.pairs()
    var fields = try Fields(proof)
    let numerators = (0..<4).map { y in (0..<4).map { BigInteger($0 == y ? 0 : 1) } }
    fields.replaceMultipliers(numerators, over: BigInteger(4), primal: proof.primal)
    #expect(fields.bound == "3/1" && fields.epsilon == "1/3")
    let result = try check(fields.text)
    #expect(result.status == 0, "\(result.output)")
  }

  /// A way to lie, and what the checker must say to it.
  struct Forgery: Sendable, CustomStringConvertible {
    let description: String
    let reason: String
    let forge: @Sendable (inout Fields, SeparationProof) throws -> Void

    init(
      _ name: String, _ reason: String,
      _ forge: @escaping @Sendable (inout Fields, SeparationProof) throws -> Void
    ) {
      (description, self.reason, self.forge) = (name, reason, forge)
    }
  }

  static let forgeries = [
    Forgery("a multiplier's last digit", "bound is not") { fields, _ in
      Fields.replace(&fields.multipliers[0], at: 1) {
        String($0.dropLast()) + ($0.hasSuffix("1") ? "2" : "1")
      }
    },
    Forgery("a multiplier's sign flipped", "a multiplier is negative") { fields, _ in
      Fields.replace(&fields.multipliers[2], at: 1) { "-" + $0 }
    },
    Forgery("a multiplier of a sample's own class", "own class") { fields, _ in
      Fields.replace(&fields.multipliers[2], at: 2) { _ in "5" }
    },
    Forgery("all multipliers zero", "all zero") { fields, _ in
      fields.multipliers = Array(repeating: "0 0 0 0", count: 4)
    },
    Forgery("the bound improved", "bound is not") { fields, _ in fields.bound = "4/1" },
    Forgery("the bound improved, and all that hangs on it", "do not prove") { fields, proof in
      let numerators = proof.multipliers.numerators.map { $0.map { BigInteger(5) * $0 } }
      fields.replaceMultipliers(
        numerators, over: BigInteger(4) * proof.multipliers.denominator, primal: proof.primal)
    },
    Forgery("a pivot of zero in a row that is not zero", "do not prove") { fields, _ in
      // Σ b bᵀ = (3² + 4²)[1 -1; -1 1] and s² = 5²: what is left is [0 25; 25 0].
      let matrix = Matrix(rows: 2, columns: 1, elements: [1, -1])
      let proof = try #require(
        try SeparationProof(
          point: Point(classifier: matrix, features: 8 * matrix),
          labels: ProofCheckerTests.labels([1, 1])))
      fields = try Fields(proof)
      fields.replaceMultipliers(
        [[0, 3], [4, 0]].map { $0.map(BigInteger.init) }, over: BigInteger(5), primal: proof.primal)
    },
    Forgery("a denominator of the other sign", "a multiplier is negative") { fields, _ in
      fields.denominator = "-" + fields.denominator
    },
    Forgery("another point", "is not what the point") { fields, _ in
      let other = try Fields(ProofCheckerTests.optimum([1, 1, 1, 1], dimension: 4))
      (fields.W, fields.H) = (other.W, other.H)
    },
    Forgery("another point's numbers", "is not what the point") { fields, _ in
      let other = try Fields(ProofCheckerTests.optimum([1, 1, 1, 1], dimension: 4))
      (fields.squared_norm, fields.least_margin) = (other.squared_norm, other.least_margin)
      (fields.primal, fields.epsilon) = (other.primal, other.epsilon)
      fields.epsilon_rounded_up = other.epsilon_rounded_up
    },
    Forgery("an entry's last bit", "squared_norm is not") { fields, _ in
      Fields.replace(&fields.W[0], at: 0) { _ in "0x10000000000001p-52" }
    },
    Forgery("an entry's sign", "does not separate") { fields, _ in
      Fields.replace(&fields.W[0], at: 1) { _ in "0x1p0" }
    },
    Forgery("labels permuted", "does not separate") { fields, _ in fields.labels.swapAt(0, 1) },
    Forgery("a label beyond the classes", "no class") { fields, _ in fields.labels[0] = 4 },
    Forgery("a class without samples", "no sample") { fields, _ in fields.labels[0] = 1 },
    Forgery("class sizes of other labels", "class_sizes") { fields, _ in fields.class_sizes[0] = 2
    },
    Forgery("epsilon lowered", "epsilon is not") { fields, _ in fields.epsilon = "1/4" },
    Forgery("epsilon's decimal lowered", "rounded up") { fields, _ in
      fields.epsilon_rounded_up = "3.33e-1"
    },
    Forgery("epsilon's decimal out of reach", "rounded up") { fields, _ in
      fields.epsilon_rounded_up = "1.00e999999999"
    },
    Forgery("a fraction not in lowest terms", "primal is not") { fields, _ in
      fields.primal = "8/2"
    },
    Forgery("a statement of more", "statement") { fields, _ in fields.statement += " Truly." },
    Forgery("another format", "format") { fields, _ in fields.format = "layerpeel-proof-2" },
    Forgery("an entry that is no number", "no double in hexadecimal") { fields, _ in
      Fields.replace(&fields.W[0], at: 1) { _ in "nan" }
    },
    Forgery("an entry beyond any double", "is no double") { fields, _ in
      Fields.replace(&fields.H[0], at: 1) { _ in "0x1p972" }
    },
    Forgery("an entry below any double", "is no double") { fields, _ in
      Fields.replace(&fields.H[0], at: 1) { _ in "-0x1p-1075" }
    },
    Forgery("an entry with more bits than a double", "is no double") { fields, _ in
      Fields.replace(&fields.W[0], at: 0) { _ in "0x20000000000001p-53" }
    },
    // Each of these becomes the same double by `float.fromhex`, so that nothing else would tell.
    Forgery("an entry that would be rounded", "no double in hexadecimal") { fields, _ in
      Fields.replace(&fields.W[0], at: 0) { _ in "0x1.000000000000000001p0" }
    },
    Forgery("an entry that would be lost", "no double") { fields, _ in
      Fields.replace(&fields.W[0], at: 2) { _ in "0x1p-1080" }
    },
    Forgery("an entry in decimal, or so it seems", "no double in hexadecimal") { fields, _ in
      Fields.replace(&fields.W[0], at: 0) { _ in "1" }
    },
    Forgery("entries apart by another space", "no double in hexadecimal") { fields, _ in
      fields.W[0] = fields.W[0].replacing(" ", with: "\u{2003}")
    },
    Forgery("a digit of another script", "no whole number") { fields, _ in
      Fields.replace(&fields.multipliers[0], at: 0) { _ in "\u{0660}" }
    },
    Forgery("a multiplier with a sign", "no whole number") { fields, _ in
      Fields.replace(&fields.multipliers[0], at: 1) { "+" + $0 }
    },
    Forgery("a denominator with a separator", "no whole number") { fields, _ in
      fields.denominator.insert(
        "_", at: fields.denominator.index(after: fields.denominator.startIndex))
    },
    Forgery("epsilon's decimal in another script", "rounded up") { fields, _ in
      fields.epsilon_rounded_up = "\u{0663}.34e-1"
    },
    Forgery("a row too short", "differ in length") { fields, _ in fields.H[1] = "0x1p0" },
    Forgery("a column of H that W has not", "differ in dimension") { fields, _ in
      for i in fields.H.indices { fields.H[i] += " 0x0p0" }
    },
    Forgery("a sample too few", "one label for each row") { fields, _ in fields.H.removeLast() },
    Forgery("a row of multipliers too few", "one multiplier a pair") { fields, _ in
      fields.multipliers.removeLast()
    },
  ]

  @Test(arguments: forgeries)
  func `a forged proof is refused, and why`(_ forgery: Forgery) throws {
    let proof = try Self.pairs()
    var fields = try Fields(proof)
    #expect(try fields.text.count > 100)
    try forgery.forge(&fields, proof)
    let result = try check(fields.text)
    #expect(result.status == 1)
    #expect(result.output.hasPrefix("refused: "), "\(result.output)")
    #expect(result.output.contains(forgery.reason), "\(result.output)")
    #expect(result.errors == "")
  }

  @Test func `a file that is no proof is refused with a sentence`() throws {
    let whole = ProofDocument(try Self.pairs()).json
    let texts = [
      whole.replacing(#""version""#, with: #""extra":1,"version""#),
      "{\"bound\":\"9/1\"," + whole.dropFirst(),
      whole.replacing(#""gmp_version""#, with: #""gmp""#),
      // Python's `1.0`, `true` and `1` are equal.
      whole.replacing(#""class_sizes":[1,1,"#, with: #""class_sizes":[1.0,true,"#),
      whole.replacing(#""labels":[0,1,"#, with: #""labels":[0,true,"#),
      whole.replacing(#""labels":[0,1,"#, with: #""labels":[0,1.0,"#),
      String(whole.dropLast(20)), "", "[]", "null", "7", "{\"format\":",
      String(repeating: "[", count: 100_000),
    ]
    for text in texts {
      #expect(text != whole)
      let result = try check(text)
      #expect(result.status == 1, "\(text.prefix(60))")
      #expect(result.output.hasPrefix("refused: ") && result.output.last == "\n")
      #expect(result.errors == "")
    }
    let nothing = try Program(path: "/usr/bin/env").run(
      ["python3", Fixture.repository("Scripts/check_proof.py"), "/nowhere/proof.json"])
    #expect(nothing.status == 1 && nothing.output.hasPrefix("refused: "))
  }

  @Test func `the checker says how it is used`() throws {
    let script = Fixture.repository("Scripts/check_proof.py")
    let help = try Program(path: "/usr/bin/env").run(["python3", script, "--help"])
    #expect(help.status == 0 && help.output.contains("usage: check_proof.py PROOF.json"))
    let none = try Program(path: "/usr/bin/env").run(["python3", script])
    #expect(none.status == 2 && none.output == "" && none.errors.contains("usage:"))
  }

  @Test(arguments: [[1, 1], [10, 10, 1, 1], Array(repeating: 20, count: 10)])
  func `the estimated size is an upper bound of the right order`(_ counts: [Int]) throws {
    let proof = try Self.optimum(counts, dimension: 16)
    let estimate = SeparationProof.estimatedSize(labels: proof.labels, dimension: 16)
    let size = Double(ProofDocument(proof).json.utf8.count)
    #expect(size <= estimate)
    // Beyond the fixed part, nothing is overestimated more than an entry that is zero.
    #expect(estimate <= 16_384 + 4 * size)
  }

  @Test func `a proof is written as a whole, the same each time`() throws {
    let scratch = try Scratch()
    let file = try OutputFile(
      path: scratch.path("proof.json"), formats: ProofDocument.formats)
    let document = ProofDocument(try Self.pairs())
    try document.write(to: file)
    #expect(try content(of: file.path) == Array(document.json.utf8))
    #expect(try scratch.names == ["proof.json"])
    #expect(document == ProofDocument(try Self.pairs()))
  }
}
