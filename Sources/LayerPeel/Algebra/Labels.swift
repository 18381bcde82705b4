/// The class of each sample, valid by construction: every class from 0 to `K - 1` occurs.
public struct Labels: Hashable, Sendable {
  /// `y_i`, in the order of the samples; any order of classes.
  public let values: [Int32]
  /// How often each class occurs.
  public let sizes: ClassSizes

  /// Labels as given; `K` is one more than the largest.
  ///
  /// - Throws: ``ModelError/labelOutOfRange(index:value:)`` or, where a class below the largest has
  ///   no sample, ``ModelError/skippedClass(_:largest:)``.
  public init(_ values: [Int]) throws(ModelError) {
    // A class needs a sample, so no label of N samples that skip nothing reaches N.
    guard let largest = values.max() else { throw .tooFewClasses(0) }
    var counts = [Int](repeating: 0, count: max(0, min(largest, values.count)) + 1)
    for (i, value) in values.enumerated() {
      guard value >= 0, value <= Int32.max else { throw .labelOutOfRange(index: i, value: value) }
      if value < counts.count { counts[value] += 1 }
    }
    if let skipped = counts.firstIndex(of: 0) {
      throw .skippedClass(skipped, largest: largest)
    }
    self.sizes = try ClassSizes(counts)
    self.values = values.map(Int32.init)
  }

  /// The first `n_0` samples of class 0, the next `n_1` of class 1, and so on.
  public init(sorted sizes: ClassSizes) {
    self.sizes = sizes
    self.values = sizes.counts.enumerated().flatMap { k, n in
      Array(repeating: Int32(k), count: n)
    }
  }

  /// `N`.
  public var count: Int { values.count }
  /// `K`.
  public var classes: Int { sizes.classes }
  /// `y_i`.
  public subscript(i: Int) -> Int { Int(values[i]) }
}
