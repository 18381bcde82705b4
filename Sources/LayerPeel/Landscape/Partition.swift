/// A way to cut the classes into blocks: sizes in falling order, single classes at the end.
struct Partition: Hashable, Sendable {
  /// Sizes of the blocks; their sum is `K`.
  let blocks: [Int]

  /// Sizes of those blocks that are more than one class.
  var proper: [Int] { blocks.filter { $0 > 1 } }
  /// Whether all blocks have one size.
  var isEqual: Bool { blocks.allSatisfy { $0 == blocks[0] } }
  /// `3+2`, single classes left out; `3x2` for three or more blocks of two and no other.
  var name: String {
    guard proper.count > 2, proper.allSatisfy({ $0 == proper[0] }) else {
      return proper.map(String.init).joined(separator: "+")
    }
    return "\(proper.count)x\(proper[0])"
  }

  /// Partitions of `classes`, those into equal blocks first, with at least two blocks and not all
  /// of them single: every one up to six classes; beyond that, where they are legion, those into
  /// equal blocks and those with one block of two or of all but one.
  static func all(of classes: Int) -> [Partition] {
    let every = classes <= 6 ? partitions(of: classes, largest: classes - 1) : []
    guard every.isEmpty else {
      let proper = every.filter { !$0.proper.isEmpty }
      return proper.filter(\.isEqual) + proper.filter { !$0.isEqual }
    }
    let equal = (2...classes / 2).filter { classes % $0 == 0 }.map { size in
      Partition(blocks: Array(repeating: size, count: classes / size))
    }
    let single = [classes - 1, 2].map { size in
      Partition(blocks: [size] + Array(repeating: 1, count: classes - size))
    }
    return equal.reversed() + single
  }

  private static func partitions(of total: Int, largest: Int) -> [Partition] {
    guard total > 0 else { return [Partition(blocks: [])] }
    guard largest > 0 else { return [] }
    return (1...min(total, largest)).reversed().flatMap { first in
      partitions(of: total - first, largest: first).map { Partition(blocks: [first] + $0.blocks) }
    }
  }
}
