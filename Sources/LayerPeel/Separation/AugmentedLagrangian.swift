/// One start of the separation problem on its way: a point, multipliers, a penalty.
///
/// The method of multipliers. Each round minimises, over points,
///
///     ½‖x‖² + Σ (max(0, μ - ρ c(x))² - μ²) / 2ρ
///
/// over the constraints `c ≥ 0`, sets `μ ← max(0, μ - ρ c)`, and raises `ρ` where the constraints did
/// not come much closer. Multipliers stay non-negative by construction.
///
/// > Source: Rockafellar, SIAM Journal on Control 1974; Nocedal & Wright, Numerical Optimization,
/// > chapter 17.
struct AugmentedLagrangian {
  let problem: ClassProblem
  private(set) var point: Point
  private(set) var multipliers: Matrix
  private(set) var penalty = 10.0
  /// Evaluations of the gradient so far.
  private(set) var iterations = 0
  private var violation = Double.infinity

  init(_ problem: ClassProblem, from start: Point) {
    self.problem = problem
    point = start
    multipliers = Matrix(rows: problem.classes, columns: problem.classes)
  }

  /// One round: minimises to a slope of `tolerance` relative to the point, moves the multipliers;
  /// returns how far that is from a KKT point.
  mutating func advance(tolerance: Double, limit: Int) -> Double {
    var memory = LimitedMemory()
    var slope = self.slope(at: point)
    while slope.norm > tolerance * point.norm, iterations < limit {
      iterations += 1
      var direction = memory.direction(for: slope)
      if Point.dot(direction, slope) >= 0 {
        memory = LimitedMemory()
        direction = -1 * slope
      }
      let step = LineFunction(self, from: point, along: direction).minimizer()
      guard step > 0 else { break }
      let move = step * direction
      point = point + move
      let next = self.slope(at: point)
      memory.remember(move: move, change: next - slope)
      slope = next
    }
    return moveMultipliers()
  }

  private mutating func moveMultipliers() -> Double {
    let slacks = problem.slacks(at: point)
    let moved = Self.moved(multipliers, by: slacks, penalty: penalty)
    // |c| where a constraint acts, and how far it is violated elsewhere.
    let change = (1 / penalty) * (moved - multipliers)
    let worst = change.elements.reduce(0) { max($0, abs($1)) }
    multipliers = moved
    if worst > 0.25 * violation, penalty < 1e6 { penalty *= 4 }
    violation = worst
    return problem.residual(at: point, multipliers: multipliers)
  }

  private func slope(at point: Point) -> Point {
    problem.slope(
      at: point,
      multipliers: Self.moved(multipliers, by: problem.slacks(at: point), penalty: penalty))
  }

  /// `max(0, μ - ρ c)`.
  private static func moved(_ multipliers: Matrix, by slacks: Matrix, penalty: Double) -> Matrix {
    var result = multipliers
    for i in result.elements.indices {
      result.elements[i] = max(0, result.elements[i] - penalty * slacks.elements[i])
    }
    for k in 0..<result.rows { result[k, k] = 0 }
    return result
  }
}

/// The augmented Lagrangian along a line, where every constraint is a quadratic of the step: each
/// evaluation takes `K²` operations.
private struct LineFunction {
  private let lagrangian: AugmentedLagrangian
  private let norms: (Double, Double)  // x·v, v·v
  private let constant, linear, quadratic: Matrix

  init(_ lagrangian: AugmentedLagrangian, from point: Point, along direction: Point) {
    self.lagrangian = lagrangian
    norms = (Point.dot(point, direction), Point.dot(direction, direction))
    let problem = lagrangian.problem
    constant = problem.slacks(at: point)
    linear = LineFunction.differences(
      point.classifier * direction.features.transposed
        + direction.classifier * point.features.transposed)
    quadratic = LineFunction.differences(direction.logits)
  }

  private static func differences(_ logits: Matrix) -> Matrix {
    Matrix(rows: logits.rows, columns: logits.rows) { logits[$1, $1] - logits[$0, $1] }
  }

  /// First and second derivative at a step.
  private func derivatives(at step: Double) -> (first: Double, second: Double) {
    var (first, second) = (norms.0 + step * norms.1, norms.1)
    for i in constant.elements.indices {
      let (a, b, c) = (constant.elements[i], linear.elements[i], quadratic.elements[i])
      let weight =
        lagrangian.multipliers.elements[i] - lagrangian.penalty * (a + step * (b + step * c))
      let slope = b + 2 * step * c
      // Diagonal entries are zero in all three, and add nothing.
      guard weight > 0 else { continue }
      first -= weight * slope
      second += lagrangian.penalty * slope * slope - 2 * weight * c
    }
    return (first, second)
  }

  /// A step where the slope has fallen to a tenth, by Newton's method inside a bracket.
  ///
  /// The function grows without bound, so there is one; 0 if the line does not descend.
  func minimizer() -> Double {
    let start = derivatives(at: 0).first
    guard start < 0 else { return 0 }
    var (low, high) = (0.0, Double.infinity)
    var step = 1.0
    for _ in 0..<60 {
      let (first, second) = derivatives(at: step)
      if abs(first) <= -0.1 * start { return step }
      if first < 0 { low = step } else { high = step }
      let newton = step - first / second
      let isInside = second > 0 && newton > low && newton < high && newton < 10 * step
      step = isInside ? newton : high.isFinite ? (low + high) / 2 : 4 * step
    }
    return low
  }
}

/// The last moves of a minimisation and how they changed the slope: an inverse Hessian in small.
///
/// > Source: Nocedal, Mathematics of Computation 1980.
private struct LimitedMemory {
  private var pairs: [(move: Point, change: Point, product: Double)] = []
  private static let capacity = 20

  mutating func remember(move: Point, change: Point) {
    let product = Point.dot(move, change)
    guard product > 1e-12 * move.norm * change.norm else { return }
    if pairs.count == LimitedMemory.capacity { pairs.removeFirst() }
    pairs.append((move, change, product))
  }

  /// Minus the inverse Hessian times the slope.
  func direction(for slope: Point) -> Point {
    var direction = -1 * slope
    var shares: [Double] = []
    for pair in pairs.reversed() {
      let share = Point.dot(pair.move, direction) / pair.product
      shares.append(share)
      direction = direction - share * pair.change
    }
    if let last = pairs.last {
      direction = (last.product / Point.dot(last.change, last.change)) * direction
    }
    for (pair, share) in zip(pairs, shares.reversed()) {
      let back = Point.dot(pair.change, direction) / pair.product
      direction = direction + (share - back) * pair.move
    }
    return direction
  }
}
