internal import CARPACK
internal import Synchronization

/// A symmetric operator: overwrites the second vector with its product with the first.
package typealias SymmetricOperator = (Span<Double>, inout MutableSpan<Double>) -> Void

/// The lowest eigenvalues of a symmetric operator that is known by its products only, by ARPACK.
///
/// Lanczos iteration from one vector, with implicit restarts, sees one copy of a repeated
/// eigenvalue; further ones come from iterating again with what was found lifted out of the way.
/// Errors are those of products made afterwards, so they hold whatever the iteration thought of
/// itself.
///
/// Equal arguments give equal results, unless the start spans an invariant subspace: then ARPACK
/// goes on from a random vector of its own, and results are equal to rounding.
///
/// > Source: Lehoucq, Sorensen & Yang, *ARPACK Users' Guide*, SIAM 1998.
package struct LowestEigenvalues: Sendable {
  /// An approximate eigenvalue, its vector, and how good they are.
  package struct Pair: Hashable, Sendable {
    /// `λ = vᵀ A v`.
    package let value: Double
    /// `v`, of norm 1.
    package let vector: [Double]
    /// `‖A v - λ v‖`: some eigenvalue of a symmetric `A` is within this of `λ`.
    package let error: Double
  }

  /// What to look for, and how hard.
  package struct Settings: Hashable, Sendable {
    /// How many different eigenvalues from below.
    package var wanted = 1
    /// The error to aim at, in the units of the operator.
    package var tolerance = 1e-10
    /// Eigenvalues this close are copies of one.
    package var separation = 1e-6
    /// Copies of the lowest that are looked for, itself included.
    package var mostCopies = 1
    /// Lanczos vectors that are kept.
    package var basis = 20
    /// Restarts of one iteration.
    package var mostRestarts = 300
    /// Of the first vector.
    package var seed: UInt64 = 0

    package init() {}
  }

  /// From the lowest up; with ``Settings/mostCopies`` above 1 the lowest may occur again.
  package let pairs: [Pair]
  /// Copies of the lowest among the pairs; nil where the limit was met before a higher one.
  package let multiplicity: Int?
  /// Products that were made.
  package let products: Int
  /// Whether every pair has the error that was asked for.
  package let isConverged: Bool

  /// The lowest eigenvalues of an operator on vectors of `count` entries.
  ///
  /// - Parameters:
  ///   - operation: The operator; it must not look for eigenvalues itself.
  ///   - count: The dimension, at least 2.
  ///   - size: About the largest eigenvalue in size, or above it.
  ///   - settings: What to look for.
  package init(
    of operation: SymmetricOperator, count: Int, size: Double, settings: Settings = Settings()
  ) {
    var found: [Pair] = []
    var products = 0
    var copies: Int?
    repeat {
      var run = LanczosRun(count, .lowest, shift: size, lifted: found, settings)
      let pairs = run.pairs(of: operation)
      products += run.products
      let ceiling = (found.first ?? pairs[0]).value + settings.separation
      if found.isEmpty {
        found = pairs
      } else if pairs[0].value <= ceiling {
        found.append(pairs[0])
      } else {
        copies = found.count { $0.value <= ceiling }
      }
    } while copies == nil && found.count < settings.mostCopies
    pairs = found.sorted { $0.value < $1.value }
    multiplicity = copies
    self.products = products
    isConverged =
      found.count >= settings.wanted && found.allSatisfy { $0.error <= settings.tolerance }
  }

  /// The largest eigenvalue in size, to a hundredth.
  package static func largestSize(
    of operation: SymmetricOperator, count: Int, seed: UInt64 = 0
  ) -> Double {
    var settings = Settings()
    (settings.tolerance, settings.basis, settings.seed) = (1e-2, 10, seed)
    var run = LanczosRun(count, .largestInSize, shift: 0, lifted: [], settings)
    return abs(run.pairs(of: operation)[0].value)
  }
}

/// One iteration, from a random vector to the eigenvalues at one end.
private struct LanczosRun {
  enum End: String {
    case lowest = "SA"
    case largestInSize = "LM"
  }

  private(set) var products = 0
  private let count: Int
  private let end: End
  /// Taken off the diagonal, so that ARPACK's tolerance, which is relative to an eigenvalue, means
  /// something for one near 0.
  private let shift: Double
  /// Pairs that are lifted by twice the shift, out of the way.
  private let lifted: [LowestEigenvalues.Pair]
  private let settings: LowestEigenvalues.Settings
  private var residual: [Double]
  private var work: Workspace

  /// ARPACK's own arrays, by the names of its manual.
  private struct Workspace {
    let ncv: Int32
    var v, workd, workl: [Double]
    var iparam = [Int32](repeating: 0, count: 11)
    var ipntr = [Int32](repeating: 0, count: 14)

    init(count: Int, basis: Int) {
      ncv = Int32(basis)
      v = Array(repeating: 0, count: count * basis)
      workd = Array(repeating: 0, count: 3 * count)
      workl = Array(repeating: 0, count: basis * (basis + 8))
    }
  }

  /// ARPACK keeps its place in variables of its own, one set a process.
  private static let turn = Mutex(())

  init(
    _ count: Int, _ end: End, shift: Double, lifted: [LowestEigenvalues.Pair],
    _ settings: LowestEigenvalues.Settings
  ) {
    precondition(count > settings.wanted, "\(count) unknowns, \(settings.wanted) eigenvalues")
    self.count = count
    self.end = end
    self.shift = shift
    self.lifted = lifted
    self.settings = settings
    var generator = SplitMix64(seed: settings.seed &+ UInt64(lifted.count))
    residual = (0..<count).map { _ in 2 * generator.openUnit() - 1 }
    work = Workspace(
      count: count, basis: min(count, max(settings.basis, 2 * settings.wanted + 1)))
  }

  /// The wanted pairs from the lowest up, or fewer if only those were found: at least one.
  mutating func pairs(of operation: SymmetricOperator) -> [LowestEigenvalues.Pair] {
    let vectors = LanczosRun.turn.withLock { _ in
      iterate(operation) ? eigenvectors() : []
    }
    let found = vectors.isEmpty ? [residual] : vectors
    return found.map { pair($0, operation) }.sorted { $0.value < $1.value }
  }

  /// ARPACK's tolerance, relative to the shifted eigenvalue.
  private var tolerance: Double {
    shift > 0 ? max(settings.tolerance / shift, .ulpOfOne) : settings.tolerance
  }

  /// Runs to the end; false if nothing was found.
  private mutating func iterate(_ operation: SymmetricOperator) -> Bool {
    pinToOneThread()
    var (ido, info): (Int32, Int32) = (0, 1)  // 1: the residual holds the first vector
    (work.iparam[0], work.iparam[2], work.iparam[6]) = (1, Int32(settings.mostRestarts), 1)
    repeat {
      dsaupd_c(
        &ido, "I", Int32(count), end.rawValue, Int32(settings.wanted), tolerance, &residual,
        work.ncv, &work.v, Int32(count), &work.iparam, &work.ipntr, &work.workd, &work.workl,
        Int32(work.workl.count), &info)
      if abs(ido) == 1 { multiply(operation) }
    } while ido != 99
    // 1: out of restarts; 3: no shifts to apply; -9: a zero vector; -9999: no factorisation.
    precondition(info >= 0 || info == -9 || info == -9999, "ARPACK dsaupd ended with \(info)")
    return info >= 0 && work.iparam[4] > 0
  }

  /// One product, between the two parts of the work array that ARPACK names.
  private mutating func multiply(_ operation: SymmetricOperator) {
    products += 1
    let (from, to) = (Int(work.ipntr[0]) - 1, Int(work.ipntr[1]) - 1)
    work.workd.withUnsafeMutableBufferPointer { buffer in
      let x = Span(_unsafeElements: UnsafeBufferPointer(rebasing: buffer[from..<from + count]))
      var y = MutableSpan(_unsafeElements: .init(rebasing: buffer[to..<to + count]))
      operation(x, &y)
      if shift != 0 { linearSum(1, of: &y, -shift, x) }
      for pair in lifted {
        linearSum(1, of: &y, 2 * shift * dotProduct(pair.vector.span, x), pair.vector.span)
      }
    }
  }

  private mutating func eigenvectors() -> [[Double]] {
    var values = [Double](repeating: 0, count: settings.wanted)
    var vectors = [Double](repeating: 0, count: count * settings.wanted)
    let select = [Int32](repeating: 1, count: Int(work.ncv))
    var info: Int32 = 0
    dseupd_c(
      1, "A", select, &values, &vectors, Int32(count), 0, "I", Int32(count), end.rawValue,
      Int32(settings.wanted), tolerance, &residual, work.ncv, &work.v, Int32(count), &work.iparam,
      &work.ipntr, &work.workd, &work.workl, Int32(work.workl.count), &info)
    // -14: none has the accuracy.
    precondition(info == 0 || info == -14, "ARPACK dseupd ended with \(info)")
    guard info == 0 else { return [] }
    let found = min(settings.wanted, Int(work.iparam[4]))
    return (0..<found).map { Array(vectors[$0 * count..<($0 + 1) * count]) }
  }

  /// The Rayleigh quotient of a vector and its residual.
  private mutating func pair(
    _ vector: [Double], _ operation: SymmetricOperator
  ) -> LowestEigenvalues.Pair {
    products += 1
    let norm = max(dotProduct(vector.span, vector.span).squareRoot(), .leastNormalMagnitude)
    let unit = vector.map { $0 / norm }
    var product = [Double](repeating: 0, count: count)
    var span = product.mutableSpan
    operation(unit.span, &span)
    let value = dotProduct(unit.span, product.span)
    span = product.mutableSpan
    linearSum(1, of: &span, -value, unit.span)
    let error = dotProduct(product.span, product.span).squareRoot()
    return LowestEigenvalues.Pair(value: value, vector: unit, error: error)
  }
}
