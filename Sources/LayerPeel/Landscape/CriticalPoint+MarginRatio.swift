extension CriticalPoint {
  /// `γ/γ*`: 1 at a global optimum of the separation problem, 0 or less where a sample is not on its
  /// side.
  public var marginRatio: Reading {
    let least = model.margins(at: point).min() ?? 0
    let best = SeparationProblem(sizes: model.sizes).largestGamma
    return Reading(
      least / Point.dot(point, point) / best, otherwise: "the point is the origin")
  }
}
