/// The way out of a KKT point that is not global: a curve along which the norm falls and no margin.
///
/// With `σ = ‖A(λ)‖₂ > 1`, its top singular pair `(u, v)` and a unit `a` with `Wa = 0`, `Ha = 0`,
///
///     θ(s) = θ̃ + s Δ + s² Δ₂,   Δ = (u aᵀ, v aᵀ),   J Δ₂ = -(u_{y_i} - u_j) v_i,
///
/// `Δ₂` of least norm over the active constraints and `J` the derivative of their margins. The value
/// `ρ²/(2 q_min)` then changes by `-(σ - 1) s²` and terms of fourth order; without `Δ₂` the margins
/// would change in second order too, and the margin ratio fall. Lengths are those of `θ̃`, the point
/// scaled to least margins of 1.
///
/// Where the active constraints depend on each other, as with three blocks of classes or more,
/// multipliers are not unique and one pair alone has no `Δ₂`. Several pairs, each along its own `a`,
/// can have one together; the change is then `-(tr(M S) - 1) s²`, `M` their weights and `S` their
/// singular values.
public struct WayOut: Hashable, Sendable {
  /// `σ = ‖A(λ)‖₂`.
  public let sigma: Double
  /// The predicted second-order coefficient of the value along the curve: `-(σ - 1)` for one pair.
  public let predicted: Double
  /// The same coefficient, measured on the curve by extrapolation.
  public let measured: Double
  /// Slope, in logarithms, of what the prediction leaves against the step, over a decade of steps
  /// above rounding: 4 where the prediction is right.
  public let remainderSlope: Reading
  /// How far the curve was followed: `s` where the value is least among the steps tried.
  public let step: Double
  /// The value there: that of a better point of the same dimension.
  public let value: Double
  /// `v* / value` there.
  public let marginRatio: Double

  private let start: Point
  private let first: Point
  private let second: Point
  private let basis: Matrix

  /// `Δ`, `K × d` and `N × d`, of norm `√2`.
  public var direction: Point { lifted(first) }
  /// `Δ₂`.
  public var correction: Point { lifted(second) }
  /// `θ(s)`, from the part of the point that its classifier sees.
  public func point(at step: Double) -> Point { lifted(curve.point(at: step)) }

  private var curve: WayOutCurve { WayOutCurve(start: start, first: first, second: second) }

  private func lifted(_ point: Point) -> Point {
    Point(classifier: point.classifier * basis, features: point.features * basis)
  }
}

extension WayOut {
  /// Finds and follows the way out of a separated point with given multipliers.
  ///
  /// *Cost:* some hundred products of `K × N × r`.
  ///
  /// - Returns: The reason, where there is none.
  static func find(
    from point: ReducedPoint, margins: Matrix, leastMargin: Double, choice: MultiplierChoice,
    value bestValue: Double, tolerance: Double
  ) -> Result<WayOut, Absence> {
    let pairs = LeavingPairs(choice.multipliers.dualMatrix, tolerance: tolerance)
    guard pairs.count > 0 else {
      return .failure(Absence(reason: "the norm of A(λ) is \(pairs.norm), not above 1"))
    }
    let room = FreeDirections(point, atMost: pairs.count, tolerance: tolerance)
    guard room.count > 0 else {
      return .failure(
        Absence(
          reason: "W and H have full rank in \(point.basis.columns) dimensions, so no unit vector "
            + "a has Wa = 0 and Ha = 0"))
    }
    let start = (1 / leastMargin.squareRoot()) * room.widened(point.inside)
    // Margins that are nearly tight are kept too: they would be the first to be violated.
    let constraints = ActiveConstraints(
      margins, labels: point.labels, within: (1 + tolerance.squareRoot()) * leastMargin)
    guard
      let mixture = SingularMixture(
        pairs, room: room.count, constraints: constraints, start: start,
        distance: choice.distance)
    else {
      return .failure(
        Absence(
          reason: "the active constraints depend on each other, and the \(room.count) dimensions "
            + "that are free are too few to keep all margins"))
    }
    let curve = WayOutCurve(
      start: start, first: mixture.direction(pairs, room.vectors), second: mixture.correction)
    let survey = curve.survey(labels: point.labels, predicted: mixture.predicted)
    guard survey.bestStep > 0 else {
      return .failure(Absence(reason: "the value did not fall along the predicted direction"))
    }
    return .success(
      WayOut(
        sigma: pairs.norm, predicted: mixture.predicted, measured: survey.coefficient,
        remainderSlope: survey.remainderSlope, step: survey.bestStep, value: survey.bestValue,
        marginRatio: bestValue / survey.bestValue, start: start, first: curve.first,
        second: curve.second, basis: room.basis))
  }
}

/// Why something is not there.
struct Absence: Error, Hashable {
  let reason: String
}
