extension Landscape {
  /// The name of the `number`th random start, from zero.
  static func searchName(_ number: Int) -> String { "search-\(number + 1)" }

  /// The `number`th random direction, with independent Gaussian entries.
  ///
  /// Every second one is of low rank, 1 to `K - 1` in turn, and is descended first: descent and
  /// refinement stay in its span, whose best points are saddles of the whole. The others are refined
  /// as they are, and most of them meet the continuum `μ = 0`.
  func randomStart(_ number: Int, using generator: inout SplitMix64) -> LandscapeStart {
    var point = model.gaussianPoint(using: &generator)
    let isDescended = number % 2 == 1
    if isDescended {
      let ranks = min(model.dimension, model.labels.classes - 1)
      point = point.confined(toAxes: 1 + number / 2 % ranks)
    }
    return LandscapeStart(
      name: Landscape.searchName(number), direction: (1 / point.norm) * point,
      isDescended: isDescended)
  }

  /// The point of a start's ray from which it is refined: on the sphere, or where the multiplier is
  /// the weight decay; nil if a construction has no such point.
  func placed(
    _ start: LandscapeStart, isRandom: Bool, constructions: [LandscapeStart]
  ) -> Point? {
    switch settings.level {
    case .radius:
      let point = settings.level.place(start.direction)
      return start.isDescended ? roughlyDescended(from: point) : point
    case .weightDecay(let decay):
      guard start.direction.norm > 0 else { return start.direction }
      if let radius = radius(along: start.direction, multiplier: decay) {
        return radius * start.direction
      }
      // A random direction need not be a good one; its length is the optimum's.
      guard isRandom, let first = constructions.dropFirst().first,
        let radius = radius(along: first.direction, multiplier: decay)
      else { return nil }
      let point = radius * start.direction
      return start.isDescended ? roughlyDescended(from: point) : point
    }
  }

  /// The radius at which the multiplier `μ = -⟨∇L, θ⟩/ρ²` has a given value.
  ///
  /// Along a ray the loss is convex in `ρ²`, and `μ` is `-2 dL/dρ²`: it falls from its value at the
  /// origin towards zero or below, so there is one radius or none.
  private func radius(along direction: Point, multiplier: Double) -> Double? {
    let excess = { (radius: Double) in
      SphereLoss(self.model, at: radius * direction).multiplier - multiplier
    }
    var (low, high) = (1e-6, 1.0)
    guard excess(low) > 0 else { return nil }
    while excess(high) > 0 {
      (low, high) = (high, 2 * high)
    }
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
