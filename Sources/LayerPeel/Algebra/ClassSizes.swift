/// How many samples each class has: at least two classes, none of them empty.
public struct ClassSizes: Hashable, Sendable {
  /// `n_k`, the number of samples of class `k`.
  public let counts: [Int]

  /// Sizes as given, class by class.
  public init(_ counts: [Int]) throws(ModelError) {
    guard counts.count >= 2 else { throw .tooFewClasses(counts.count) }
    guard counts.count <= ClassSizes.mostClasses else { throw .tooManyClasses(counts.count) }
    for (k, count) in counts.enumerated() where count < 1 {
      throw .emptyClass(k, count: count)
    }
    var total = 0
    for count in counts {
      let sum = total.addingReportingOverflow(count)
      guard !sum.overflow, sum.partialValue <= Int32.max else { throw .tooManySamples }
      total = sum.partialValue
    }
    self.counts = counts
  }

  /// `classes` classes of `perClass` samples each.
  public init(classes: Int, perClass: Int) throws(ModelError) {
    guard classes >= 2 else { throw .tooFewClasses(classes) }
    guard classes <= ClassSizes.mostClasses else { throw .tooManyClasses(classes) }
    guard perClass >= 1 else { throw .emptyClass(0, count: perClass) }
    // Before a list of that length takes memory.
    let samples = classes.multipliedReportingOverflow(by: perClass)
    guard !samples.overflow, samples.partialValue <= Int32.max else { throw .tooManySamples }
    try self.init(Array(repeating: perClass, count: classes))
  }

  /// Beyond this LAPACK's workspace for a `K × K` matrix outgrows its 32-bit indices.
  static let mostClasses = 20_000

  /// `K`.
  public var classes: Int { counts.count }
  /// `N`, all samples together.
  public var samples: Int { counts.reduce(0, +) }
  /// Whether all classes have one size.
  public var areBalanced: Bool { counts.allSatisfy { $0 == counts[0] } }
}
