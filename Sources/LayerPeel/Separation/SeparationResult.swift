/// The best that is known of a separation problem, and how it is known.
public struct SeparationResult: Sendable {
  /// The problem.
  public let problem: SeparationProblem
  /// `d`.
  public let dimension: Int
  /// The best KKT point, if one was found.
  public let solution: SeparationSolution?
  /// How the search for it went; nil where it has a closed form.
  public let search: Search?

  /// A KKT value, and how many starts ended there.
  public struct MetValue: Hashable, Sendable {
    /// The least of the values that were merged.
    public let value: Double
    /// Gaussian starts that ended there.
    public let count: Int
    /// Named constructions that ended there.
    public let constructions: [String]
  }

  /// How the starts of a search ended.
  public struct Search: Hashable, Sendable {
    /// Gaussian starts that were finished.
    public let restarts: Int
    /// Values of KKT points, in rising order: the best first.
    public let values: [MetValue]
    /// KKT residuals of the Gaussian starts that did not converge, in rising order.
    public let refused: [Double]
    /// The least KKT residual of any start.
    public let leastResidual: Double
    /// Whether it was stopped before its last start.
    public let wasCancelled: Bool

    /// Gaussian starts that ended at the best value.
    public var reached: Int { values.first?.count ?? 0 }
    /// The other values met.
    public var otherValues: ArraySlice<MetValue> { values.dropFirst() }
  }

  /// What the verdict of the solution depends on; nil where there is none.
  public var standing: Standing? {
    solution.map { solution in
      Standing(
        classes: problem.sizes.classes, dimension: dimension,
        primal: .value(solution.certificate.primal), dual: bound,
        stationarity: .value(solution.certificate.stationarity),
        complementarity: .value(solution.certificate.complementarity),
        marginRatio: .value(problem.value / solution.certificate.primal))
    }
  }

  /// What the solution is; nil where there is none.
  public func verdict(tolerance: Double) -> Standing.Verdict? {
    standing?.verdict(tolerance: tolerance)
  }

  /// A bound on the optimum that weak duality proves: the closed-form multipliers'.
  public var bound: Double { problem.certifiedBound }
  /// `γ/γ*` of the solution, `v*` over its value; below `K - 1` dimensions `v*` is the relaxation's.
  public var marginRatio: Double? { solution.map { problem.value / $0.certificate.primal } }
  /// `v* / ‖W Hᵀ‖_*`, the same judgement of the logits alone.
  ///
  /// *Cost:* singular values of a `K × N` matrix.
  public var balancedMarginRatio: Double? {
    solution.map { problem.value / $0.point.logits.nuclearNorm }
  }
}

/// A KKT point of the separation problem with its multipliers, judged.
public struct SeparationSolution: Hashable, Sendable {
  /// `W` and `H`, samples class after class, scaled to a least margin of 1.
  public let point: Point
  /// Multipliers that balance the point's norm.
  public let multipliers: Multipliers
  /// Residuals and value, computed from the two above alone.
  public let certificate: Certificate

  /// Nil where some sample is not on its side.
  init?(point: Point, multipliers: Multipliers) {
    guard let certificate = Certificate(point: point, multipliers: multipliers) else { return nil }
    self.point = point
    self.multipliers = multipliers
    self.certificate = certificate
  }

  /// Bytes that a solution takes while it is certified: a few copies of the point, and matrices
  /// with an entry a logit.
  public static func memoryNeeded(sizes: ClassSizes, dimension: Int) -> Double {
    let (classes, samples) = (Double(sizes.classes), Double(sizes.samples))
    return 8
      * (5 * (classes + samples) * Double(dimension) + 7 * classes * samples
        + 8 * classes * classes)
  }
}

extension SeparationProblem {
  /// The closed form in `K - 1` dimensions or more, certified like any other point.
  ///
  /// - Precondition: `dimension ≥ K - 1`.
  public func closedForm(dimension: Int) -> SeparationResult {
    let solution = SeparationSolution(
      point: optimum(dimension: dimension), multipliers: multipliers(labels: Labels(sorted: sizes)))
    return SeparationResult(
      problem: self, dimension: dimension, solution: solution, search: nil)
  }
}
