import Glibc
import LayerPeel
import TestSupport
import Testing

struct JudgementTests {
  /// What rounding leaves of a residual: a few hundred operations on numbers of the point's size.
  static let rounding = 1e-14

  // MARK: Closed forms

  @Test func `of 300 random class sizes, the closed form is certified global`() throws {
    var generator = SplitMix64(seed: 20_250_101)
    for round in 0..<300 {
      let counts = Self.sizes(&generator)
      let sizes = try ClassSizes(counts)
      let problem = SeparationProblem(sizes: sizes)
      let labels = Labels(sorted: sizes)
      let optimum = problem.optimum(dimension: counts.count - 1 + round % 5)
      let judgement = try Judgement(of: optimum, labels: labels)
      #expect(judgement.verdict == .global, "\(counts)")
      #expect(judgement.balancedVerdict == .global, "\(counts)")
      #expect(abs(judgement.given.gap.number!) <= 1e-9 * problem.value, "\(counts)")
      #expect(judgement.multipliers?.source == .closedForm, "\(counts)")
      #expect(judgement.given.stationarity.number! <= 1e-9)
      #expect(judgement.imbalance.number! <= Self.rounding)

      let stretched = Point(
        classifier: 3 * optimum.classifier, features: 1.0 / 3 * optimum.features)
      let other = try Judgement(of: stretched, labels: labels)
      #expect(other.verdict == .notKKT, "\(counts)")
      #expect(other.balancedVerdict == .global, "\(counts)")
      // ½(9 + 1/9) of each half: the share that balancing saves.
      #expect(abs(other.imbalance.number! - (1 - 2 / (9 + 1.0 / 9))) <= 1e-9)
    }
  }

  /// From 2 to 12 classes of 1 to 50 samples; the fixture's script draws the same.
  static func sizes(_ generator: inout SplitMix64) -> [Int] {
    let classes = 2 + Int(generator.next() % 11)
    return (0..<classes).map { _ in 1 + Int(generator.next() % 50) }
  }

  @Test func `of 300 random points none is called KKT, and all that fail to separate are told`()
    throws
  {
    var generator = SplitMix64(seed: 31)
    var verdicts: [Standing.Verdict: Int] = [:]
    for _ in 0..<300 {
      let counts = (0..<2 + Int(generator.next() % 5)).map { _ in 1 + Int(generator.next() % 3) }
      let model = try LayerPeeledModel(
        sizes: ClassSizes(counts), dimension: 1 + Int(generator.next() % 12))
      var point = model.gaussianPoint(using: &generator)
      if generator.next() % 2 == 0 {  // features that lean towards their class
        for i in 0..<model.labels.count {
          for j in 0..<model.dimension {
            point.features[i, j] += 3 * point.classifier[model.labels[i], j]
          }
        }
      }
      let judgement = try Judgement(of: point, labels: model.labels)
      let margins = model.margins(at: point)
      verdicts[judgement.verdict, default: 0] += 1
      #expect([.notKKT, .notSeparating].contains(judgement.verdict))
      #expect((judgement.verdict == .notSeparating) == (margins.min()! <= 0))
      #expect(judgement.notSeparated.count == margins.count { $0 <= 0 })
      #expect(judgement.escape == nil)
      #expect(judgement.given.marginRatio.number! <= 1)
    }
    // So that neither verdict passes for want of a case.
    #expect(verdicts[.notKKT] ?? 0 > 10 && verdicts[.notSeparating] ?? 0 > 10, "\(verdicts)")
  }

  @Test func `a network's point near the optimum is not KKT, and near in the logits alone`() throws
  {
    let example = ModelCase("noise", counts: [6, 6, 2, 2], dimension: 9, seed: 5)
    let model = try example.model()
    let optimum = SeparationProblem(sizes: model.sizes).optimum(dimension: 9)
    let noisy = optimum + 1e-3 * (try example.direction())
    let judgement = try Judgement(of: noisy, labels: model.labels)
    #expect(judgement.verdict == .notKKT)
    // Distances are of the noise's size, not of the point's.
    let stationarity = judgement.given.stationarity.number!
    #expect(stationarity > 1e-4 && stationarity < 1e-2)
    #expect(judgement.given.complementarity.number! < 1e-2)
    #expect(judgement.balanced.primal.number! <= judgement.given.primal.number!)
    let relaxed = try Judgement(of: noisy, labels: model.labels, tolerance: 0.02)
    #expect(relaxed.verdict == .global)
  }

  @Test func `distances are those of the point itself, with what its classifier does not see`()
    throws
  {
    let blocks = try SeparationPoint.blocks([2, 3], perClass: 3, dimension: 9)
    let sizes = try ClassSizes([6, 6, 2, 2])
    let optimum = SeparationPoint(
      name: "optimum", point: SeparationProblem(sizes: sizes).optimum(dimension: 9),
      labels: Labels(sorted: sizes))
    var generator = SplitMix64(seed: 12)
    for example in [blocks, optimum] {
      let model = try LayerPeeledModel(labels: example.labels, dimension: 9)
      for noise in [0, 1e-9, 1e-4, 1e-2] {
        var point = example.point + noise * model.gaussianPoint(using: &generator)
        // Features that leave the row space of W; no margin changes.
        for i in 0..<model.labels.count { point.features[i, 8] += 10 * noise }
        for j in 0..<model.labels.classes { point.classifier[j, 8] = 0 }
        let judgement = try Judgement(of: point, labels: model.labels)
        let choice = try #require(judgement.multipliers)
        let plain = try #require(Certificate(point: point, multipliers: choice.multipliers))
        #expect(abs(choice.stationarity - plain.stationarity) <= Self.rounding)
        #expect(abs(choice.complementarity - plain.complementarity) <= Self.rounding)
        #expect(abs(judgement.given.primal.number! / plain.primal - 1) <= Self.rounding)
        #expect(choice.stationarity >= 10 * noise / point.norm)
      }
    }
  }

  // MARK: KKT points

  @Test func `published values have their digits`() throws {
    let points = try [
      (SeparationPoint.polygon(4, perClass: 5, dimension: 2), 8.94427191),
      (.polygon(5, perClass: 5, dimension: 2), 16.18033989),
      (.blocks([2, 2], perClass: 1, dimension: 4), 4),
      (.blocks([2, 2, 2], perClass: 1, dimension: 6), 6),
      (.blocks([2, 2, 2, 2], perClass: 1, dimension: 8), 8),
    ]
    for (example, value) in points {
      let judgement = try Judgement(of: example.point, labels: example.labels)
      #expect(abs(judgement.given.primal.number! - value) <= 0.5e-8, "\(example)")
      // At a KKT point the multipliers add up to the value.
      #expect(abs(judgement.multipliers!.multipliers.total - value) <= 0.5e-8, "\(example)")
    }
    for (counts, value) in [
      ([1, 1, 1], 2), ([5, 5, 5, 5], 6.70820393), ([10, 10, 1, 1], 6.50748554),
      (Array(repeating: 20, count: 10), 40.24922359),
    ] {
      let sizes = try ClassSizes(counts)
      let optimum = SeparationProblem(sizes: sizes).optimum(dimension: counts.count - 1)
      let judgement = try Judgement(of: optimum, labels: Labels(sorted: sizes))
      #expect(abs(judgement.given.primal.number! - value) <= 0.5e-8, "\(counts)")
      #expect(abs(judgement.given.dual - value) <= 0.5e-8, "\(counts)")
    }
  }

  @Test func `two antipodal pairs: half across, zero inside, three quarters of the best margin`()
    throws
  {
    let pairs = try SeparationPoint.blocks([2, 2], perClass: 1, dimension: 4)
    let judgement = try Judgement(of: pairs.point, labels: pairs.labels)
    #expect(judgement.verdict == .notGlobal)
    #expect(judgement.balancedVerdict == .notGlobal)
    #expect(abs(judgement.given.marginRatio.number! - 0.75) <= Self.rounding)
    #expect(judgement.given.stationarity.number! < 1e-14)
    #expect(judgement.given.complementarity.number! < 1e-14)
    #expect(judgement.activeConstraints == 8)
    let values = try #require(judgement.multipliers).multipliers.values
    for i in 0..<4 {
      for j in 0..<4 { #expect(abs(values[j, i] - (i / 2 == j / 2 ? 0 : 0.5)) <= Self.rounding) }
    }
    let escape = try #require(judgement.escape)
    #expect(abs(escape.sigma - 2) <= Self.rounding)
    #expect(escape.marginRatio > 0.9)
  }

  static let partitions = [
    [2, 2], [2, 2, 2], [2, 2, 2, 2], [3, 3], [2, 3], [2, 2, 3], [2, 3, 4],
  ]

  @Test(arguments: partitions, [1, 5])
  func `block partitions are KKT with their multipliers, and not global`(
    _ sizes: [Int], perClass: Int
  ) throws {
    let classes = sizes.reduce(0, +)
    let blocks = try SeparationPoint.blocks(sizes, perClass: perClass, dimension: classes)
    let judgement = try Judgement(of: blocks.point, labels: blocks.labels)
    #expect(judgement.verdict == .notGlobal)
    #expect(abs(judgement.given.primal.number! - blocks.value) <= Self.rounding * blocks.value)
    let ratio = Double(classes - 1) / Double(classes)
    #expect(abs(judgement.given.marginRatio.number! - ratio) <= Self.rounding)
    #expect(judgement.given.stationarity.number! <= Self.rounding)
    let choice = try #require(judgement.multipliers)
    #expect(choice.source == .leastSquares)
    #expect(abs(choice.multipliers.total - blocks.value) <= Self.rounding * blocks.value)
    // Inside a block every constraint is slack by 1/(b - 1) at least.
    let blockOf = sizes.enumerated().flatMap { Array(repeating: $0, count: $1) }
    for i in 0..<blocks.labels.count {
      for j in 0..<classes where blockOf[j] == blockOf[blocks.labels[i]] {
        #expect(choice.multipliers.values[j, i] == 0)
      }
    }
    // Along the top pairs the value falls, and by what is predicted.
    let escape = try #require(judgement.escape, "\(judgement.escapeReason)")
    #expect(escape.value < blocks.value)
  }

  @Test(arguments: [[2, 2], [2, 2, 2], [3, 3], [2, 3]], [1, 4])
  func `multipliers of a partition are 1/((K - b)√n) where they are those closest to equal`(
    _ sizes: [Int], perClass: Int
  ) throws {
    let classes = sizes.reduce(0, +)
    let blocks = try SeparationPoint.blocks(sizes, perClass: perClass, dimension: classes)
    let judgement = try Judgement(of: blocks.point, labels: blocks.labels)
    let values = try #require(judgement.multipliers).multipliers.values
    let blockOf = sizes.enumerated().flatMap { Array(repeating: $0, count: $1) }
    for i in 0..<blocks.labels.count {
      let own = blockOf[blocks.labels[i]]
      let weight = 1 / (Double(classes - sizes[own]) * Double(perClass).squareRoot())
      for j in 0..<classes where blockOf[j] != own {
        #expect(abs(values[j, i] - weight) <= 10 * Self.rounding)
      }
    }
  }

  @Test(arguments: 4...8, [1, 5])
  func `a regular polygon is open in the plane, and not global in space`(
    _ classes: Int, perClass: Int
  ) throws {
    let plane = try SeparationPoint.polygon(classes, perClass: perClass, dimension: 2)
    let flat = try Judgement(of: plane.point, labels: plane.labels)
    #expect(flat.verdict == .gapOpen)
    #expect(abs(flat.given.primal.number! - plane.value) <= Self.rounding * plane.value)
    #expect(flat.given.stationarity.number! <= Self.rounding)
    #expect(flat.escape == nil && flat.escapeReason.contains("full rank in 2 dimensions"))
    // Multipliers on the two neighbours alone.
    let values = try #require(flat.multipliers).multipliers.values
    let angle = 2 * Double.pi / Double(classes)
    let weight = 1 / (2 * (1 - cos(angle)) * Double(perClass).squareRoot())
    for i in 0..<plane.labels.count {
      for j in 0..<classes {
        let steps = (j - plane.labels[i] + classes) % classes
        let expected = steps == 1 || steps == classes - 1 ? weight : 0
        #expect(abs(values[j, i] - expected) <= 10 * Self.rounding)
      }
    }

    let space = try SeparationPoint.polygon(classes, perClass: perClass, dimension: 3)
    let judgement = try Judgement(of: space.point, labels: space.labels)
    #expect(judgement.verdict == .notGlobal)
    #expect(try #require(judgement.escape).value < 0.9 * space.value)
  }

  @Test func `a better value that is known settles what the plane leaves open`() throws {
    let plane = try SeparationPoint.polygon(6, perClass: 1, dimension: 2)
    let judgement = try Judgement(of: plane.point, labels: plane.labels)
    let open = judgement.knowing(value: 12)
    #expect(open.verdict == .gapOpen)
    let settled = judgement.knowing(value: 11.9)
    #expect(settled.verdict == .notGlobal)
  }

  @Test func `multipliers by least squares are the best non-negative ones`() throws {
    var fitted = 0
    let blocks = try SeparationPoint.blocks([2, 3], perClass: 2, dimension: 5)
    let (labels, model) = (
      blocks.labels, try LayerPeeledModel(labels: blocks.labels, dimension: 5)
    )
    for seed in 0..<20 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      let point = blocks.point + 1e-3 * model.gaussianPoint(using: &generator)
      let choice = try #require(try Judgement(of: point, labels: labels).multipliers)
      guard choice.source == .leastSquares else { continue }
      fitted += 1
      let (values, dual) = (choice.multipliers.values, choice.multipliers.dualMatrix)
      let rest =
        point
        - Point(classifier: dual * point.features, features: dual.transposed * point.classifier)
      #expect(abs(choice.stationarity - rest.norm / point.norm) <= Self.rounding)
      // J (θ - Jᵀλ): zero where λ is positive, not positive where it is 0 and might grow.
      let change =
        rest.classifier * point.features.transposed + point.classifier * rest.features.transposed
      let logits = point.logits
      // ‖J r‖ ≤ 0.001 ‖J‖ ‖r‖ ends the fit; ‖J‖² is at most 2 (‖W‖² + ‖H‖²).
      let limit = 1e-3 * 2.0.squareRoot() * point.norm * rest.norm
      let least = model.margins(at: point).min()!
      for i in 0..<labels.count {
        for j in 0..<5 where j != labels[i] {
          let descent = change[labels[i], i] - change[j, i]
          if values[j, i] > 0 {
            #expect(abs(descent) <= limit)
          } else if logits[labels[i], i] - logits[j, i] <= (1 + choice.slack) * least {
            #expect(descent <= limit)
          }
        }
      }
    }
    #expect(fitted == 20)
  }

  // MARK: Scale

  @Test(arguments: [1e-100, 1e-30, 1, 1e30, 1e60])
  func `the scale of a point changes nothing but its margins`(_ scale: Double) throws {
    let pairs = try SeparationPoint.blocks([2, 3], perClass: 2, dimension: 5)
    let (one, other) = (
      try Judgement(of: pairs.point, labels: pairs.labels),
      try Judgement(of: scale * pairs.point, labels: pairs.labels)
    )
    #expect(other.verdict == .notGlobal && other.balancedVerdict == .notGlobal)
    #expect(abs(other.given.primal.number! / one.given.primal.number! - 1) <= Self.rounding)
    #expect(other.given.stationarity.number! <= Self.rounding)
    #expect(abs(other.escape!.value / one.escape!.value - 1) <= 1e-9)
    let margin = other.marginQuantiles[.marginLeast].number!
    #expect(abs(margin / (scale * scale) - 1) <= Self.rounding)
  }

  @Test(arguments: [1e-12, 1e-3, 1e9])
  func `stretched points are global or KKT once balanced`(_ factor: Double) throws {
    let pairs = try SeparationPoint.blocks([2, 2], perClass: 3, dimension: 6)
    let stretched = Point(
      classifier: factor * pairs.point.classifier, features: 1 / factor * pairs.point.features)
    let judgement = try Judgement(of: stretched, labels: pairs.labels)
    #expect(judgement.verdict == .notKKT)
    #expect(judgement.balancedVerdict == .notGlobal)
    #expect(abs(judgement.balanced.marginRatio.number! - 0.75) <= Self.rounding)
    let balanced = stretched.balanced
    #expect((balanced.logits - stretched.logits).norm <= Self.rounding * stretched.logits.norm)
    #expect(balanced.imbalance.norm <= Self.rounding * Point.dot(balanced, balanced))
    #expect(try Judgement(of: balanced, labels: pairs.labels).verdict == .notGlobal)
  }

  // MARK: Edges

  @Test func `zero points have reasons, not numbers`() throws {
    let labels = try Labels([0, 1, 2])
    let zero = Point(classifier: Matrix(rows: 3, columns: 2), features: Matrix(rows: 3, columns: 2))
    let judgement = try Judgement(of: zero, labels: labels)
    #expect(judgement.verdict == .notSeparating && judgement.balancedVerdict == .notSeparating)
    #expect(judgement.notSeparated.count == 3)
    #expect(judgement.given.marginRatio.reason == "the point is the origin")
    #expect(judgement.imbalance.reason == "all logits are zero")
  }

  @Test func `a margin that rounding made does not separate`() throws {
    for seed in 0..<20 as Range<UInt64> {
      let example = ModelCase("twins", counts: [3, 2, 2], dimension: 7, seed: seed)
      var point = try example.point()
      let labels = try example.labels()
      for j in 0..<7 {
        // Two classes with one row, and features of the third on its side.
        point.classifier[1, j] = point.classifier[0, j]
        for i in 0..<3 { point.features[i, j] = point.classifier[0, j] - point.classifier[2, j] }
      }
      let judgement = try Judgement(of: point, labels: labels)
      #expect(judgement.verdict == .notSeparating)
      let twins = judgement.notSeparated.first.prefix { $0.index < 3 }
      #expect(twins.map(\.margin) == [0, 0, 0], "seed \(seed)")
      // What is left out is what a judgement finds.
      let separable = SeparablePart(of: point, labels: labels)
      #expect(separable.notSeparated == judgement.notSeparated, "seed \(seed)")
    }
  }

  @Test func `one dimension, two classes, one sample each`() throws {
    let labels = try Labels([1, 0])
    let point = Point(
      classifier: Matrix(rows: 2, columns: 1, elements: [1, -1]),
      features: Matrix(rows: 2, columns: 1, elements: [-1, 1]))
    let judgement = try Judgement(of: point, labels: labels)
    #expect(judgement.verdict == .global)
    #expect(abs(judgement.given.primal.number! - 1) <= Self.rounding)
  }

  @Test func `unsorted labels give the same judgement`() throws {
    let blocks = try SeparationPoint.blocks([2, 3], perClass: 2, dimension: 6)
    var generator = SplitMix64(seed: 8)
    let order = (0..<blocks.labels.count).shuffled(using: &generator)
    let features = Matrix(rows: order.count, columns: 6) { blocks.point.features[order[$0], $1] }
    let judgement = try Judgement(
      of: Point(classifier: blocks.point.classifier, features: features),
      labels: Labels(order.map { blocks.labels[$0] }))
    #expect(judgement.verdict == .notGlobal)
    #expect(abs(judgement.given.primal.number! - blocks.value) <= Self.rounding * blocks.value)
  }

  @Test func `unusable arguments are refused`() throws {
    let pairs = try SeparationPoint.blocks([2, 2], perClass: 1, dimension: 4)
    for tolerance in [0, -1, 1, .nan] {
      #expect(throws: ModelError.self) {
        try Judgement(of: pairs.point, labels: pairs.labels, tolerance: tolerance)
      }
    }
    #expect(throws: ModelError.self) { try Judgement(of: pairs.point, labels: Labels([0, 1, 2])) }
    var broken = pairs.point
    broken.features[1, 2] = .nan
    #expect(throws: ModelError.notFinite(argument: "H", row: 1, column: 2)) {
      try Judgement(of: broken, labels: pairs.labels)
    }
  }

  @Test func `the separable part leaves out exactly the samples that fail`() throws {
    let blocks = try SeparationPoint.blocks([2, 2], perClass: 3, dimension: 4)
    var point = blocks.point
    for j in 0..<4 { point.features[4, j] *= -1 }
    let separable = SeparablePart(of: point, labels: blocks.labels)
    #expect(separable.notSeparated.first.map(\.index) == [4])
    #expect(separable.samples == (0..<12).filter { $0 != 4 })
    let (part, labels) = try #require(separable.part(of: point))
    #expect(try Judgement(of: point, labels: blocks.labels).verdict == .notSeparating)
    #expect(try Judgement(of: part, labels: labels).verdict == .notKKT)
    for i in 3..<6 where i != 4 { for j in 0..<4 { point.features[i, j] *= -1 } }
    let lost = SeparablePart(of: point, labels: blocks.labels)
    #expect(lost.lostClass == 1 && lost.part(of: point) == nil)
  }
}
