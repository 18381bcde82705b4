import LayerPeel

extension Claim {
  /// Every critical point that is not global has a way down.
  ///
  /// - Parameters:
  ///   - landscapes: Surveys, with a descent from each saddle.
  ///   - planned: How many were planned; fewer leave the claim open.
  public static func otherCriticalPointsAreStrictSaddles(
    _ landscapes: [LandscapeRecord], planned: Int? = nil
  ) -> Claim {
    let criterion = StrictSaddleCriterion(landscapes: landscapes, planned: planned ?? 0)
    return Claim(
      name: "other_critical_points_are_strict_saddles",
      statement: """
        At every size of the weights the landscape has no traps: a point where the loss is \
        stationary is the best of its size, or a saddle with a direction along which the loss \
        curves downwards.
        """,
      origin: .paper,
      criterion: """
        In at least six landscapes with d ≥ K − 1, two of them with unequal classes and one with \
        d = K − 1: every critical point found has a gradient on the sphere below 10^−10 of the \
        largest possible one, and either the bound (σ − μ)ρ²/2 proves its loss within 10^−8 of \
        the least, or it has certified negative curvature and a lower loss at the end of the \
        descent that starts along it; never both. In all at least 30 points that differ in loss, μ \
        and singular values of W, at least 8 each with μ < 0 and with μ > 0 that are not global; \
        and the family μ = 0 in at least four landscapes.
        """,
      verdict: criterion.verdict, measured: criterion.measured,
      remarks: landscapes.isEmpty
        ? []
        : [
          """
          Searching finds what it finds, here at one norm for each landscape: the claim is a \
          theorem for d ≥ K − 1, and this a test of it. In fewer dimensions there are local minima \
          that are not global, such as the square of four classes in the plane.
          """,
          """
          That each descent gets past its saddles shows the landscape's way out. It is no \
          statement about the gradient flow, whose saddles lie at infinity (arXiv:2512.04006).
          """,
        ])
  }
}

private struct StrictSaddleCriterion {
  let landscapes: [LandscapeRecord]
  let planned: Int
  private let points: [LandscapeRecord.Entry]
  private let distinct: [LandscapeRecord.Entry]

  init(landscapes: [LandscapeRecord], planned: Int) {
    self.landscapes = landscapes
    self.planned = planned
    points = landscapes.flatMap(\.points)
    distinct = distinctEntries(points)
  }

  var verdict: Verdict {
    guard !points.isEmpty else { return .notRun }
    let judgements = points.map(judge)
    if judgements.contains(.notHeld) { return .notHeld }
    return judgements.contains(.inconclusive) || !isWide ? .inconclusive : .held
  }

  private func judge(_ point: LandscapeRecord.Entry) -> Verdict {
    guard point.isCritical, point.isGlobal != point.isStrictSaddle else { return .notHeld }
    if point.isGlobal { return .held }
    guard let descent = point.descent else { return .inconclusive }
    return descent.logLoss < point.logLoss ? .held : .notHeld
  }

  /// Whether there are as many landscapes and points as the criterion asks for.
  private var isWide: Bool {
    let hasRoom = landscapes.filter { $0.dimension >= $0.sizes.classes - 1 }
    return landscapes.count >= planned && !landscapes.contains(where: \.isInterrupted)
      && hasRoom.count >= 6 && hasRoom.count == landscapes.count
      && hasRoom.count { !$0.sizes.areBalanced } >= 2
      && hasRoom.contains { $0.dimension == $0.sizes.classes - 1 }
      && distinct.count >= 30 && count(.negative) >= 8 && count(.positive) >= 8
      && landscapesWithFamily >= 4
  }

  private func count(_ kind: LandscapeRecord.Entry.Kind) -> Int {
    distinct.count { $0.kind == kind }
  }
  private var landscapesWithFamily: Int {
    landscapes.count { $0.points.contains(where: \.isFlat) }
  }

  var measured: [Claim.Measured] {
    guard !points.isEmpty else { return [] }
    let saddles = points.filter(\.isStrictSaddle)
    let numbers: [(String, Double?)] = [
      ("landscapes", Double(landscapes.count)),
      ("starts", Double(sum(\.starts))),
      ("starts that met the family μ = 0", Double(sum(\.trivialStarts))),
      ("starts that did not converge", Double(sum(\.failedStarts))),
      ("critical points, each landscape by itself", Double(points.count)),
      ("distinct in loss, μ and singular values", Double(distinct.count)),
      ("of these global, the bound closes", Double(count(.global))),
      ("of these with μ > 0, not global", Double(count(.positive))),
      ("of these with μ < 0", Double(count(.negative))),
      ("landscapes in which the family μ = 0 was met", Double(landscapesWithFamily)),
      ("of these met at a point of full rank, no axis free", Double(fullRankFamilies)),
      ("largest gradient over the largest possible", points.map(\.scaledGradientNorm).max()),
      (
        "weakest certified negative curvature, over σ",
        saddles.map { $0.certifiedRatio / $0.spectralNormRatio }.max()
      ),
      ("μ > 0: largest distance of that curvature from μ − σ, over σ", largestDeviation),
      (
        "smallest fall of log L along a descent",
        saddles.compactMap { s in s.descent.map { s.logLoss - $0.logLoss } }.min()
      ),
      ("descents that ended at a global point", Double(descentsToGlobal)),
      ("descents", Double(saddles.count { $0.descent != nil })),
    ]
    return numbers.map { Claim.Measured($0.0, $0.1) }
  }

  private func sum(_ count: (LandscapeRecord) -> Int) -> Int {
    landscapes.reduce(0) { $0 + count($1) }
  }

  private var fullRankFamilies: Int {
    landscapes.count { record in
      record.points.contains { $0.isFlat && $0.jointRank == record.dimension }
    }
  }

  /// Theory says `μ - σ` exactly where the point leaves an axis of `R^d` free.
  private var largestDeviation: Double? {
    points.filter { $0.kind == .positive }.compactMap { point in
      point.multiplierRatio.map {
        abs(point.curvatureRatio - ($0 - point.spectralNormRatio)) / point.spectralNormRatio
      }
    }.max()
  }

  private var descentsToGlobal: Int {
    landscapes.reduce(0) { total, record in
      let global = Set(record.points.filter(\.isGlobal).map(\.name))
      return total
        + record.points.count { $0.descent?.destination.map(global.contains) ?? false }
    }
  }
}

/// One of each kind of point that differs from the others in loss, `μρ²/L` or the singular values
/// of `W` by more than 1e-6, the error that a gradient of 1e-10 can leave at the flattest of them.
private func distinctEntries(_ points: [LandscapeRecord.Entry]) -> [LandscapeRecord.Entry] {
  points.reduce(into: []) { found, point in
    if !found.contains(where: { areAlike($0, point) }) { found.append(point) }
  }
}

private func areAlike(_ a: LandscapeRecord.Entry, _ b: LandscapeRecord.Entry) -> Bool {
  if a.isFlat, b.isFlat { return abs(a.logLoss - b.logLoss) <= 1e-6 }  // one family a loss
  let (u, v) = (a.scaledMultiplier, b.scaledMultiplier)
  let length = max(a.singularValues.count, b.singularValues.count)
  func padded(_ values: [Double]) -> [Double] {
    values + Array(repeating: 0, count: length - values.count)
  }
  return abs(a.logLoss - b.logLoss) <= 1e-6 && abs(u - v) <= 1e-6 * (1 + abs(u))
    && zip(padded(a.singularValues), padded(b.singularValues)).allSatisfy {
      abs($0 - $1) <= 1e-6 * (1 + max(a.radius, b.radius))
    }
}

extension LandscapeRecord.Entry {
  /// `μρ²/L`.
  fileprivate var scaledMultiplier: Double { (multiplierRatio ?? 0) * radius * radius }
}
