import Glibc
import LayerPeel
import TestSupport
import Testing

struct ConstructionTests {
  private func starts(_ counts: [Int], dimension: Int) throws -> [String: Point] {
    let model = try LayerPeeledModel(sizes: ClassSizes(counts), dimension: dimension)
    return Dictionary(
      uniqueKeysWithValues: model.landscapeStarts.map { ($0.name, $0.direction) })
  }

  @Test func `four classes have these constructions, and fewer in the plane`() throws {
    let bases = [
      "collapse", "blocks-2+2", "blocks-3", "blocks-2", "merged-2+2", "merged-3", "merged-2",
      "polygon",
    ]
    let names = ["origin"] + bases.flatMap { [$0, "\($0)-flip"] } + ["flat"]
    let all = try LayerPeeledModel(sizes: ClassSizes([1, 1, 1, 1]), dimension: 3).landscapeStarts
    #expect(all.map(\.name) == names)
    let plane = try LayerPeeledModel(sizes: ClassSizes([1, 1, 1, 1]), dimension: 2).landscapeStarts
    #expect(plane.map(\.name) == names.filter { !$0.hasPrefix("collapse") })
  }

  @Test(arguments: [(2, 4), (3, 8), (5, 26), (6, 42), (12, 30)])
  func `names are distinct, norms 1, and W and H balanced`(_ classes: Int, count: Int) throws {
    let starts = try starts(Array(repeating: 2, count: classes), dimension: classes)
    #expect(starts.count == count)
    for (name, point) in starts where name != "origin" {
      #expect(abs(point.norm - 1) <= 8 * .ulpOfOne, "\(name)")
      if name != "flat" { #expect(point.imbalance.norm <= 64 * .ulpOfOne, "\(name)") }
    }
    #expect(starts["origin"]?.norm == 0)
  }

  @Test(arguments: [4, 6, 8])
  func `collapse, equal blocks, polygon and continuum are critical as they are`(_ classes: Int)
    throws
  {
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: classes, perClass: 3), dimension: classes)
    for start in model.landscapeStarts {
      let isExact =
        ["collapse", "polygon", "flat"].contains { start.name.hasPrefix($0) }
        || ["blocks-2+2", "blocks-3+3", "blocks-4+4", "blocks-3x2", "blocks-4x2"]
          .contains { start.name.hasPrefix($0) } && start.name.first != "m"
      guard isExact, !(classes > 4 && start.name.hasPrefix("blocks-2+2")) else { continue }
      for radius in [0.3, 3.0, 10] {
        let point = radius * start.direction
        let loss = SphereLoss(model, at: point)
        // A gradient is a sum of N K terms of size 1 times ρ.
        let rounding = Double(model.sizes.samples * classes) * .ulpOfOne * radius
        #expect(loss.gradient.norm <= rounding, "\(start.name) at \(radius)")
      }
    }
  }

  @Test(arguments: [(4, "blocks-2+2", 2.0), (6, "blocks-3+3", 3), (6, "blocks-3x2", 2)])
  func `equal blocks have the sigma and the multiplier of their closed form`(
    _ classes: Int, name: String, size: Double
  ) throws {
    let counts = Array(repeating: 2, count: classes)
    let model = try LayerPeeledModel(sizes: ClassSizes(counts), dimension: classes)
    let direction = try #require(try starts(counts, dimension: classes)[name])
    for radius in [1.0, 4, 10] {
      let point = try CriticalPoint(model, at: radius * direction, name: name)
      // Margins are a b/(b - 1) within a block and a across, at ρ² = 2 a K √n. Along a block's
      // simplex G has the singular value √n (b p_in + (K - b) p_out), along block against block
      // √n K p_out; their ratio tends to K / (K - b).
      let a = radius * radius / (2 * Double(classes) * 2.squareRoot())
      let (inner, outer) = (exp(-a * size / (size - 1)), exp(-a))
      let others = Double(classes) - size
      let sum = 1 + (size - 1) * inner + others * outer
      let multiplier = 2.squareRoot() * (size * inner + others * outer) / sum
      let sigma = 2.squareRoot() * Double(classes) * outer / sum
      // Sums of N K terms of size 1 at most.
      let rounding = Double(8 * classes * classes) * .ulpOfOne
      #expect(abs((point.multiplier ?? .nan) - multiplier) <= rounding, "\(radius)")
      #expect(abs(point.spectralNorm - sigma) <= rounding, "\(radius)")
    }
  }

  @Test func `imbalanced classes start at the optimum of the separation problem`() throws {
    let counts = [6, 6, 2, 2]
    let seli = try #require(try starts(counts, dimension: 5)["seli"])
    let problem = SeparationProblem(sizes: try ClassSizes(counts))
    let optimum = problem.optimum(dimension: 5)
    #expect((seli - (1 / optimum.norm) * optimum).norm <= 64 * .ulpOfOne)
  }

  @Test func `the default radius gives collapse margins of four nats`() throws {
    let model = try LayerPeeledModel(sizes: ClassSizes(classes: 5, perClass: 3), dimension: 4)
    let collapse = try #require(model.landscapeStarts.first { $0.name == "collapse" })
    let margins = model.margins(at: model.radius() * collapse.direction)
    #expect(margins.allSatisfy { abs($0 - 4) <= 256 * .ulpOfOne })
  }
}
