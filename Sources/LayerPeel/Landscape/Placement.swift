extension Landscape {
  /// The name of the `number`th random start, from zero.
  static func searchName(_ number: Int) -> String { "search-\(number + 1)" }

  /// The `number`th random direction, with independent Gaussian entries.
  ///
  /// Every second one is of low rank, 1 to `K - 1` in turn, and is descended first: descent and
  /// refinement stay in its span, whose best points are saddles of the whole. At full rank the
  /// descent goes nearer, to minima. The others are refined as they are, and most of them meet the
  /// continuum `μ = 0`.
  func randomStart(_ number: Int, using generator: inout SplitMix64) -> LandscapeStart {
    var point = model.gaussianPoint(using: &generator)
    var share: Double?
    if number % 2 == 1 {
      let ranks = min(model.dimension, model.labels.classes - 1)
      let rank = 1 + number / 2 % ranks
      point = point.confined(toAxes: rank)
      share = rank < ranks ? 1e-2 : 1e-4
    }
    return LandscapeStart(
      name: Landscape.searchName(number), direction: (1 / point.norm) * point,
      descendedToShare: share)
  }

  /// The point from which a start is refined; nil if a construction has none.
  func placed(
    _ start: LandscapeStart, isRandom: Bool, constructions: [LandscapeStart]
  ) -> Point? {
    guard let radius = radius(of: start, isRandom: isRandom, constructions) else { return nil }
    let point = radius * start.direction
    return start.descendedToShare.map { roughlyDescended(from: point, toShare: $0) } ?? point
  }

  /// How far out on its ray a start is: on the sphere, or where the multiplier is the weight decay.
  private func radius(
    of start: LandscapeStart, isRandom: Bool, _ constructions: [LandscapeStart]
  ) -> Double? {
    guard case .weightDecay(let decay) = settings.level else { return settings.level.radius }
    guard start.direction.norm > 0 else { return 0 }
    let own = radius(along: start.direction, multiplier: decay)
    guard isRandom, own == nil else { return own }
    // A random direction need not be a good one; it gets the length of the first construction.
    let first = constructions.first { $0.direction.norm > 0 }
    return first.flatMap { radius(along: $0.direction, multiplier: decay) } ?? 1
  }

  /// The radius at which the multiplier `μ = -⟨∇L, θ⟩/ρ²` has a given value.
  ///
  /// Along a ray the loss is convex in `ρ²`, and `μ` is `-2 dL/dρ²`: it falls from its value at the
  /// origin towards zero or below, so there is one radius or none; one
  /// above 1e5 counts as none.
  private func radius(along direction: Point, multiplier: Double) -> Double? {
    let excess = { (radius: Double) in
      SphereLoss(self.model, at: radius * direction).multiplier - multiplier
    }
    var (low, high) = (1e-6, 1.0)
    guard excess(low) > 0 else { return nil }
    while high < 1e5, excess(high) > 0 {
      (low, high) = (high, 2 * high)
    }
    guard excess(high) <= 0 else { return nil }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if excess(middle) > 0 { low = middle } else { high = middle }
    }
    return low
  }
}

extension Point {
  /// The same point with all but the first few coordinates set to zero.
  fileprivate func confined(toAxes count: Int) -> Point {
    let cut = { (matrix: Matrix) in
      Matrix(rows: matrix.rows, columns: matrix.columns) { $1 < count ? matrix[$0, $1] : 0 }
    }
    return Point(classifier: cut(classifier), features: cut(features))
  }
}
