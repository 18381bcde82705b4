import LayerPeel
import Testing

/// Blocks of classes, and a name for them.
struct BlockCase: Sendable, CustomTestStringConvertible {
  let sizes: [Int]
  var testDescription: String { "\(sizes)" }
  var classes: Int { sizes.reduce(0, +) }

  /// The block of each class.
  var block: [Int] { sizes.indices.flatMap { [Int](repeating: $0, count: sizes[$0]) } }

  static let all = [[2, 2], [3, 2], [4, 1], [2, 1, 1], [3, 3, 2], [1, 5], [7, 2, 4]].map(
    BlockCase.init)
}

struct ClassConfigurationTests {
  /// Scalar products of the vectors of two classes.
  private func gram(_ configuration: ClassConfiguration) -> (Int, Int) -> Double {
    let v = configuration.vectors
    return { k, l in (0..<v.columns).reduce(0) { $0 + v[k, $1] * v[l, $1] } }
  }

  /// A scalar product adds up to K terms of size one, each of a few roundings.
  private func rounding(_ classes: Int) -> Double { 8 * Double(classes) * .ulpOfOne }

  @Test(arguments: BlockCase.all)
  func `blocks are the projection onto what sums to zero in each`(_ one: BlockCase) {
    let gram = gram(.blocks(one.sizes))
    let block = one.block
    for k in block.indices {
      for l in block.indices {
        let within = block[k] == block[l] ? 1 / Double(one.sizes[block[k]]) : 0
        #expect(abs(gram(k, l) - ((k == l ? 1 : 0) - within)) <= rounding(one.classes))
      }
    }
  }

  @Test(arguments: BlockCase.all)
  func `merged classes are the projection onto block means without the mean of all`(
    _ one: BlockCase
  ) {
    let gram = gram(.merged(one.sizes))
    let block = one.block
    for k in block.indices {
      for l in block.indices {
        let within = block[k] == block[l] ? 1 / Double(one.sizes[block[k]]) : 0
        #expect(abs(gram(k, l) - (within - 1 / Double(one.classes))) <= rounding(one.classes))
      }
    }
  }

  @Test(arguments: BlockCase.all)
  func `unit vectors of a block lie at the angle of a simplex`(_ one: BlockCase) {
    let gram = gram(.unitBlocks(one.sizes))
    let block = one.block
    for k in block.indices {
      let size = Double(one.sizes[block[k]])
      for l in block.indices {
        let expected = size == 1 || block[k] != block[l] ? 0 : k == l ? 1 : -1 / (size - 1)
        #expect(abs(gram(k, l) - expected) <= rounding(one.classes))
      }
    }
  }

  @Test func `a simplex is one block, a polygon closes, and room is filled with zeros`() {
    #expect(ClassConfiguration.simplex(5) == .blocks([5]))
    let hexagon = ClassConfiguration.polygon(6)
    let gram = gram(hexagon)
    for k in 0..<6 {
      #expect(abs(gram(k, k) - 1) <= rounding(6))
      #expect(abs(gram(k, (k + 1) % 6) - 0.5) <= rounding(6))
    }
    let wide = hexagon.vectors(in: 4)
    for k in 0..<6 {
      #expect(Array(wide.row(k)) == Array(hexagon.vectors.row(k)) + [0, 0])
    }
  }
}
