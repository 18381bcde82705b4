/// A search for the optimum of the separation problem where no closed form is known.
///
/// Below `K - 1` dimensions the problem is not convex. Every start, Gaussian or a named construction,
/// goes through an augmented Lagrangian and then Newton's method on the KKT system, and counts if
/// its residual ends below ``Settings/tolerance``. The least value met is the best found; nothing
/// proves that there is no better. Equal arguments give equal results on one machine.
///
/// The search also works in `K - 1` dimensions or more, where ``SeparationProblem/value`` says what it
/// must find.
public struct SeparationSearch: Sendable {
  /// The problem.
  public let problem: SeparationProblem
  /// `d`.
  public let dimension: Int
  /// What is asked for.
  public let settings: Settings

  /// What a search is asked to do.
  public struct Settings: Hashable, Sendable {
    /// Gaussian starts.
    public var restarts = 100
    /// Seed of the Gaussian starts; fewer of them are the first of more.
    public var seed: UInt64 = 0
    /// Whether the named constructions that the sizes allow are starts too, besides the Gaussian ones.
    public var usesConstructions = true
    /// Gradients that one start may take: a hundred or two up to `K = 8`, up to a hundred thousand for
    /// thirty classes in the plane.
    public var maximumIterations = 200_000
    /// The largest KKT residual of a start that counts as converged.
    public var tolerance = 1e-10
    /// Values within this share of each other are one.
    public var mergeTolerance = 1e-8

    /// A hundred starts to residuals of 1e-10.
    public init() {}

    /// Whether every setting is in its range.
    public func validate() throws(ModelError) {
      guard (1...1_000_000).contains(restarts) else {
        throw .badSetting(argument: "restarts", value: "\(restarts)", expected: "1 to 1000000")
      }
      guard maximumIterations >= 1 else {
        throw .badSetting(
          argument: "max-iterations", value: "\(maximumIterations)", expected: "at least 1")
      }
      guard tolerance >= 1e-14, tolerance <= 1e-3 else {
        throw .badSetting(
          argument: "tolerance", value: "\(tolerance)", expected: "between 1e-14 and 1e-3")
      }
      guard mergeTolerance >= 1e-12, mergeTolerance <= 1e-2 else {
        throw .badSetting(
          argument: "merge-tolerance", value: "\(mergeTolerance)",
          expected: "between 1e-12 and 1e-2")
      }
    }
  }

  /// How far a running search has come.
  public struct Progress: Sendable {
    /// Starts that are done.
    public let finished: Int
    /// Starts in all.
    public let starts: Int
    /// The least value met so far, if any start converged.
    public let best: Double?
  }

  /// A search in `dimension` dimensions.
  ///
  /// - Throws: ``ModelError/dimensionTooSmall(_:)``, ``ModelError/inseparable(classes:)`` where no
  ///   point satisfies the constraints, or a setting out of range.
  public init(
    _ problem: SeparationProblem, dimension: Int, settings: Settings = Settings()
  ) throws(ModelError) {
    try settings.validate()
    guard dimension >= 1 else { throw .dimensionTooSmall(dimension) }
    guard dimension > 1 || problem.sizes.classes == 2 else {
      throw .inseparable(classes: problem.sizes.classes)
    }
    self.problem = problem
    self.dimension = dimension
    self.settings = settings
  }

  /// Bytes that a search takes: the Newton matrix and workspace, the memory of the minimiser, and
  /// the solution of all samples with the matrices that certify it.
  public static func memoryNeeded(sizes: ClassSizes, dimension: Int) -> Double {
    let (classes, d) = (Double(sizes.classes), Double(dimension))
    let unknowns = 2 * classes * d
    let newton =
      unknowns
      + Double(ActiveSetNewton.mostActive(classes: sizes.classes, dimension: dimension))
    return 8 * (2 * newton * newton + 50 * unknowns + 20 * classes * classes)
      + SeparationSolution.memoryNeeded(sizes: sizes, dimension: dimension)
  }

  /// Runs all starts, telling how far it is and stopping when asked to.
  ///
  /// *Cost* of one start: some hundred to thousand products of `K × K × d`, then a few
  /// factorisations of a system of at most `2Kd + K(K - 1)` unknowns.
  ///
  /// - Parameters:
  ///   - progress: Called after every start.
  ///   - isCancelled: Asked at every gradient and step; the starts that were finished are kept.
  public func result(
    progress: (Progress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) -> SeparationResult {
    let reduced = ClassProblem(sizes: problem.sizes, dimension: dimension)
    let constructions =
      settings.usesConstructions ? Construction.all(of: problem.sizes, dimension: dimension) : []
    var tally = SearchTally(reduced, settings: settings)
    var generator = SplitMix64(seed: settings.seed)
    let starts = settings.restarts + constructions.count
    for index in 0..<starts {
      let construction = index < settings.restarts ? nil : constructions[index - settings.restarts]
      let start = construction?.point ?? reduced.gaussianPoint(using: &generator)
      let attempt = Attempt(reduced, from: start, settings: settings, isCancelled: isCancelled)
      if isCancelled() {
        tally.wasCancelled = true
        break
      }
      tally.add(attempt, construction: construction?.name)
      progress(Progress(finished: index + 1, starts: starts, best: tally.bestValue))
    }
    return tally.result(problem)
  }
}

extension ClassProblem {
  /// A start with independent entries of variance `1/d`: about as long as a solution.
  func gaussianPoint(using generator: inout some RandomNumberGenerator) -> Point {
    let count = 2 * classes * dimension
    let deviation = 1 / Double(dimension).squareRoot()
    var numbers: [Double] = []
    while numbers.count < count {
      let (a, b) = generator.gaussianPair()
      numbers += [deviation * a, deviation * b]
    }
    let split = classes * dimension
    return Point(
      classifier: Matrix(
        rows: classes, columns: dimension, elements: Array(numbers[..<split])),
      features: Matrix(
        rows: classes, columns: dimension, elements: Array(numbers[split..<count])))
  }
}

/// What became of one start.
struct Attempt {
  let point: Point
  let multipliers: Matrix
  /// How far it is from a KKT point.
  let residual: Double

  /// Follows a start until its residual is below the tolerance, or work or patience ends.
  init(
    _ problem: ClassProblem, from start: Point, settings: SeparationSearch.Settings,
    isCancelled: () -> Bool
  ) {
    var lagrangian = AugmentedLagrangian(problem, from: start)
    var best = ActiveSetNewton(problem, point: start, multipliers: lagrangian.multipliers)
    var (innerTolerance, polishBelow) = (1e-2, 1e-2)
    for _ in 0..<Attempt.mostRounds {
      let residual = lagrangian.advance(
        tolerance: innerTolerance, limit: settings.maximumIterations, isCancelled: isCancelled)
      var newton = ActiveSetNewton(
        problem, point: lagrangian.point, multipliers: lagrangian.multipliers)
      if residual < polishBelow, lagrangian.iterations < settings.maximumIterations {
        newton.polish(isCancelled: isCancelled)
        polishBelow = 0.1 * residual
      }
      if newton.residual < best.residual { best = newton }
      if best.residual <= settings.tolerance { break }
      if lagrangian.iterations >= settings.maximumIterations || isCancelled() { break }
      innerTolerance = max(1e-12, min(innerTolerance, 0.1 * residual))
    }
    (point, multipliers, residual) = (best.point, best.multipliers, best.residual)
  }

  /// Rounds of the augmented Lagrangian; those that converge take a few dozen.
  private static let mostRounds = 300
}
