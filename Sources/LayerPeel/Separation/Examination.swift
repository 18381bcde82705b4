/// Examines points of one separation problem.
struct Examination {
  let problem: SeparationProblem
  let closedForm: Multipliers

  init(_ problem: SeparationProblem, closedForm: Multipliers) {
    (self.problem, self.closedForm) = (problem, closedForm)
  }

  /// One point, and what was found.
  struct Finding {
    let problem: SeparationProblem
    let point: ReducedPoint
    /// `m_ij`, in units of `u²`.
    let margins: Matrix
    /// `q_min`, in units of `u²`.
    let leastMargin: Double
    /// nil where the point does not separate.
    let choice: MultiplierChoice?
  }

  /// Examines a point as it is, and the balanced one of its logits; that is nil where all are zero.
  func examine(_ point: Point, labels: Labels, tolerance: Double) -> (
    given: Finding, balanced: Finding?
  ) {
    let (reduced, pull) = ReducedPoint.read(
      point, labels: labels, dualColumns: problem.dualColumns)
    let classifier = (1 / reduced.unit) * point.classifier
    let given = examine(reduced, tolerance: tolerance) { multipliers, source in
      if source == .closedForm { return (classifier - pull).norm }
      return (classifier - (1 / reduced.unit) * (multipliers.dualMatrix * point.features)).norm
    }
    let balanced = reduced.balanced.map { balanced in
      examine(balanced, tolerance: tolerance) { multipliers, _ in
        let inside = balanced.inside
        return (inside.classifier - multipliers.dualMatrix * inside.features).norm
      }
    }
    return (given, balanced)
  }

  /// Measures a point and, where it separates, finds its multipliers.
  private func examine(
    _ point: ReducedPoint, tolerance: Double,
    classifierResidual: @escaping (Multipliers, MultiplierChoice.Source) -> Double
  ) -> Finding {
    let margins = point.margins
    let least = margins.leastOffDiagonal(point.labels).min()!
    let search = MultiplierSearch(
      point: point, margins: margins, leastMargin: least, classifierResidual: classifierResidual)
    let choice = least > 0 ? search.best(closedForm: closedForm, tolerance: tolerance) : nil
    return Finding(
      problem: problem, point: point, margins: margins, leastMargin: least, choice: choice)
  }

  /// The way out of the first of these points that is KKT and not global.
  func escape(_ findings: [Finding], tolerance: Double) -> (escape: WayOut?, reason: String) {
    let standings = findings.map { $0.standing() }
    let verdicts = standings.map { $0.verdict(tolerance: tolerance) }
    guard let i = verdicts.firstIndex(where: { $0 == .notGlobal || $0 == .gapOpen }) else {
      let isGlobal = verdicts.contains(.global)
      return (nil, isGlobal ? "the point is global" : "only a KKT point has one")
    }
    let finding = findings[i]
    let result = WayOut.find(
      from: finding.point, margins: finding.margins, leastMargin: finding.leastMargin,
      choice: finding.choice!, value: problem.value, tolerance: tolerance)
    switch result {
    case .success(let escape): return (escape, "")
    case .failure(let absence): return (nil, absence.reason)
    }
  }
}

extension Examination.Finding {
  /// `min_{j≠y_i} m_ij` of each sample, in nats.
  var sampleMargins: [Double] { point.sampleMargins(margins) }

  /// The numbers that a verdict needs.
  func standing(knownValue: Double? = nil) -> Standing {
    let square = point.norm * point.norm
    let unseparated = "not separated: the least margin is \(leastMargin * point.unit * point.unit)"
    let value = square / (2 * leastMargin)
    return Standing(
      classes: problem.sizes.classes, dimension: point.basis.columns,
      primal: leastMargin > 0
        ? Reading(value, otherwise: "beyond any double") : .absent(because: unseparated),
      dual: problem.certifiedBound,
      stationarity: choice.map { Reading($0.stationarity, otherwise: "beyond any double") }
        ?? .absent(because: unseparated),
      complementarity: choice.map { Reading($0.complementarity, otherwise: "beyond any double") }
        ?? .absent(because: unseparated),
      marginRatio: Reading(
        2 * problem.value * leastMargin / square, otherwise: "the point is the origin"),
      knownValue: knownValue)
  }

  /// How much of the norm the balanced point of the same logits saves.
  func imbalance(against balanced: Self?) -> Reading {
    guard let balanced else { return .absent(because: "all logits are zero") }
    let ratio = balanced.point.norm * (balanced.point.unit / point.unit) / point.norm
    return .value(max(0, 1 - ratio * ratio))
  }

  func activeConstraints(tolerance: Double) -> Int {
    guard leastMargin > 0 else { return 0 }
    return ActiveConstraints(
      margins, labels: point.labels, within: (1 + tolerance) * leastMargin
    ).count
  }
}

extension Matrix {
  /// The least entry of each column, but for the one at its label.
  func leastOffDiagonal(_ labels: Labels) -> [Double] {
    var least = [Double](repeating: .infinity, count: columns)
    for j in 0..<rows {
      for i in 0..<columns where j != labels[i] { least[i] = min(least[i], self[j, i]) }
    }
    return least
  }
}
