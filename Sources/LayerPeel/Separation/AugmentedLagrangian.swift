/// One start of the separation problem on its way: a point, multipliers, a penalty.
///
/// The method of multipliers. Each round minimises, over points `x = (W, G)`,
///
///     ½‖x‖² + Σ (max(0, μ - ρ c(x))² - μ²) / 2ρ
///
/// over the constraints `c ≥ 0`, sets `μ ← max(0, μ - ρ c)`, and raises `ρ` where the constraints did
/// not come much closer. Multipliers stay non-negative by construction. The minimiser is
/// limited-memory BFGS.
///
/// > Source: Rockafellar, SIAM Journal on Control 1974; Nocedal & Wright, Numerical Optimization,
/// > chapter 17.
struct AugmentedLagrangian {
  private let problem: ClassProblem
  /// `x`: the entries of `W`, then those of `G`.
  private var entries: [Double]
  /// Entry `(j, k)` is `μ_kj`.
  private(set) var multipliers: Matrix
  private var penalty = 10.0
  private var violation = Double.infinity
  /// Gradients that were evaluated.
  private(set) var iterations = 0

  private var constraints: LineConstraints
  private var weights: Matrix
  private var slope: [Double]

  init(_ problem: ClassProblem, from start: Point) {
    self.problem = problem
    entries = start.classifier.elements + start.features.elements
    multipliers = Matrix(rows: problem.classes, columns: problem.classes)
    weights = multipliers
    slope = entries
    constraints = LineConstraints(problem)
  }

  /// Where it is.
  var point: Point {
    let (classes, d) = (problem.classes, problem.dimension)
    return Point(
      classifier: Matrix(
        rows: classes, columns: d, elements: Array(entries[..<(classes * d)])),
      features: Matrix(rows: classes, columns: d, elements: Array(entries[(classes * d)...])))
  }

  /// One round: minimises to a slope of `tolerance` relative to the point, moves the multipliers;
  /// returns how far that is from a KKT point.
  mutating func advance(
    tolerance: Double, limit: Int, isCancelled: () -> Bool
  ) -> Double {
    var memory = LimitedMemory()
    evaluateSlope()
    while iterations < limit, !isFlat(tolerance), !isCancelled() {
      iterations += 1
      var move = memory.direction(for: slope)
      if dotProduct(move.span, slope.span) >= 0 {
        memory = LimitedMemory()
        move = slope.map { -$0 }
      }
      constraints.turn(toward: move, at: entries)
      let step = self.step(along: move)
      guard step > 0 else { break }
      move.scale(by: step)
      let before = slope
      entries.add(1, move)
      evaluateSlope()
      memory.remember(move: move, before: before, after: slope)
    }
    return moveMultipliers()
  }

  private func isFlat(_ tolerance: Double) -> Bool {
    dotProduct(slope.span, slope.span)
      <= tolerance * tolerance * dotProduct(entries.span, entries.span)
  }

  /// `x - Σ max(0, μ - ρ c) ∇c = (W - A G, G - Aᵀ W)`, left in `slope`.
  private mutating func evaluateSlope() {
    constraints.evaluate(at: entries)
    for k in 0..<problem.classes {
      var sum = 0.0
      for j in 0..<problem.classes where j != k {
        let weight = max(0, multipliers[j, k] - penalty * constraints.constant[j, k])
        weights[j, k] = -weight
        sum += weight
      }
      weights[k, k] = sum
    }
    slope = pulled
  }

  /// `(W - A G, G - Aᵀ W)`, `A` the weights.
  private var pulled: [Double] {
    let (classes, d) = (problem.classes, problem.dimension)
    let split = classes * d
    var next = entries
    var out = next.mutableSpan
    let all = entries.span
    multiply(
      weights.elements.span, .plain, all.extracting(split..<2 * split), .plain, rows: classes,
      inner: classes, columns: d, scale: -1, keeping: 1, into: &out)
    multiply(
      weights.elements.span, .transposed, all.extracting(0..<split), .plain, rows: classes,
      inner: classes, columns: d, scale: -1, keeping: 1, into: &out, from: split)
    return next
  }

  private mutating func moveMultipliers() -> Double {
    // The weights of the last slope are the new multipliers.
    var worst = 0.0
    for i in weights.elements.indices where i % (problem.classes + 1) != 0 {
      let moved = -weights.elements[i]
      // |c| / ρ where a constraint acts, and how far it is violated elsewhere.
      worst = max(worst, abs(moved - multipliers.elements[i]) / penalty)
      multipliers.elements[i] = moved
    }
    if worst > 0.25 * violation, penalty < 1e6 { penalty *= 4 }
    violation = worst
    return problem.residual(at: point, multipliers: multipliers)
  }

  /// First and second derivative of the augmented Lagrangian at a step along a direction.
  private func derivatives(
    at step: Double, _ along: (product: Double, square: Double)
  ) -> (first: Double, second: Double) {
    var (first, second) = (along.product + step * along.square, along.square)
    let (a, b, c) = (
      constraints.constant.elements.span, constraints.linear.elements.span,
      constraints.quadratic.elements.span
    )
    for i in a.indices {
      let weight = multipliers.elements[i] - penalty * (a[i] + step * (b[i] + step * c[i]))
      // On the diagonal all three are zero, and nothing is added.
      guard weight > 0 else { continue }
      let slope = b[i] + 2 * step * c[i]
      first -= weight * slope
      second += penalty * slope * slope - 2 * weight * c[i]
    }
    return (first, second)
  }

  /// A step where the slope has fallen to a tenth, by Newton's method inside a bracket.
  ///
  /// The function grows without bound, so there is one; 0 if the line does not descend. *Cost:* `K²`
  /// operations for each step tried, as every constraint is a quadratic along the line.
  private func step(along move: [Double]) -> Double {
    let along = (dotProduct(entries.span, move.span), dotProduct(move.span, move.span))
    let start = derivatives(at: 0, along).first
    guard start < 0 else { return 0 }
    var (low, high) = (0.0, Double.infinity)
    var step = 1.0
    for _ in 0..<60 {
      let (first, second) = derivatives(at: step, along)
      if abs(first) <= -0.1 * start { return step }
      if first < 0 { low = step } else { high = step }
      let newton = step - first / second
      let isInside = second > 0 && newton > low && newton < high && newton < 10 * step
      step = isInside ? newton : high.isFinite ? (low + high) / 2 : 4 * step
    }
    return low
  }
}

/// All constraints along a line `x + s v`: `c = a + s (b + s c)`, each a `K × K` matrix with zeros on
/// its diagonal.
private struct LineConstraints {
  private let problem: ClassProblem
  private(set) var constant: Matrix
  private(set) var linear: Matrix
  private(set) var quadratic: Matrix

  init(_ problem: ClassProblem) {
    self.problem = problem
    constant = Matrix(rows: problem.classes, columns: problem.classes)
    linear = constant
    quadratic = constant
  }

  /// The constraints at `x` itself.
  mutating func evaluate(at x: [Double]) {
    addLogits(x, x, keeping: 0, to: &constant)
    LineConstraints.difference(&constant)
    for k in 0..<problem.classes {
      for j in 0..<problem.classes where j != k { constant[j, k] -= problem.required[k] }
    }
  }

  /// What they change by along `v`.
  mutating func turn(toward v: [Double], at x: [Double]) {
    addLogits(x, v, keeping: 0, to: &linear)
    addLogits(v, x, keeping: 1, to: &linear)
    LineConstraints.difference(&linear)
    addLogits(v, v, keeping: 0, to: &quadratic)
    LineConstraints.difference(&quadratic)
  }

  /// `W Gᵀ`, `W` of one vector and `G` of another.
  private func addLogits(
    _ first: [Double], _ second: [Double], keeping beta: Double, to logits: inout Matrix
  ) {
    let (classes, d) = (problem.classes, problem.dimension)
    var out = logits.elements.mutableSpan
    multiply(
      first.span.extracting(0..<classes * d), .plain,
      second.span.extracting(classes * d..<2 * classes * d), .transposed, rows: classes, inner: d,
      columns: classes, keeping: beta, into: &out)
  }

  /// From logits to differences: `z_kk - z_jk` as entry `(j, k)`.
  private static func difference(_ logits: inout Matrix) {
    for k in 0..<logits.rows {
      let own = logits[k, k]
      for j in 0..<logits.rows { logits[j, k] = own - logits[j, k] }
    }
  }
}
