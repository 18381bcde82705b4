/// Newton's method on the KKT conditions, the active constraints guessed anew at every step.
///
/// The conditions are `x = Σ μ ∇c` and `min(c, μ) = 0`. A constraint counts as active where
/// `μ > c`; there the step solves
///
///     ( I - Σ μ ∇²c   -J_Aᵀ ) ( dx )     ( x - J_Aᵀ μ )
///     (    -J_A          0  ) ( dμ )  = -(    -c_A    )
///
/// and elsewhere `μ = 0`. The matrix is singular along rotations, which change nothing, and where
/// multipliers are not unique. The right-hand side has no part along either, so that a little
/// damping, `+δ` on the points and `-δ` on the multipliers, picks the shortest step to rounding.
///
/// > Source: Hintermüller, Ito & Kunisch, SIAM Journal on Optimization 2003.
struct ActiveSetNewton {
  let problem: ClassProblem
  private(set) var point: Point
  private(set) var multipliers: Matrix
  private(set) var residual: Double

  /// Small against every curvature that is not zero by symmetry, so that each step still multiplies
  /// the error by no more than about it, and large against rounding.
  private static let damping = 1e-8

  /// The most active constraints that are worth a factorisation, for `2Kd` unknowns.
  ///
  /// Generic solutions have no more than there are unknowns; those of the root system `E8`, where
  /// each vector has the most neighbours in eight dimensions, 3.5 times as many.
  static func mostActive(classes: Int, dimension: Int) -> Int {
    min(classes * (classes - 1), 8 * classes * dimension)
  }

  init(_ problem: ClassProblem, point: Point, multipliers: Matrix) {
    self.problem = problem
    self.point = point
    self.multipliers = multipliers
    residual = problem.residual(at: point, multipliers: multipliers)
  }

  /// Steps while they help, at most `steps` of them.
  mutating func polish(steps: Int = 20, isCancelled: () -> Bool) {
    var candidate = self
    var misses = 0
    for _ in 0..<steps {
      guard !isCancelled(), candidate.step(), candidate.residual.isFinite else { return }
      if candidate.residual < 0.5 * residual {
        misses = 0
      } else {
        misses += 1
      }
      if candidate.residual < residual { self = candidate }
      if misses == 3 || residual < 1e-15 { return }
    }
  }

  /// One step; false if it cannot be had, as where so many constraints are active that the start is
  /// no good yet.
  private mutating func step() -> Bool {
    let slacks = problem.slacks(at: point)
    let active = activeConstraints(slacks)
    let most = ActiveSetNewton.mostActive(
      classes: problem.classes, dimension: problem.dimension)
    guard active.count <= most else { return false }
    let count = 2 * problem.classes * problem.dimension
    let slope = problem.slope(at: point, multipliers: multipliers)
    let right =
      (slope.classifier.elements + slope.features.elements).map { -$0 }
      + active.map { slacks[$0.other, $0.own] }
    let signs = (0..<count + active.count).map { $0 < count ? 1.0 : -1.0 }
    var matrix = self.matrix(active)
    guard
      let solution = matrix.dampedSolution(
        right, signs: signs, damping: ActiveSetNewton.damping)
    else { return false }

    let split = problem.classes * problem.dimension
    for i in 0..<split {
      point.classifier.elements[i] += solution[i]
      point.features.elements[i] += solution[split + i]
    }
    var moved = Matrix(rows: problem.classes, columns: problem.classes)
    for (i, constraint) in active.enumerated() {
      moved[constraint.other, constraint.own] = max(
        0, multipliers[constraint.other, constraint.own] + solution[count + i])
    }
    multipliers = moved
    residual = problem.residual(at: point, multipliers: multipliers)
    return true
  }

  private typealias Constraint = (other: Int, own: Int)

  /// Where `μ > c`; what is not active loses its multiplier.
  private mutating func activeConstraints(_ slacks: Matrix) -> [Constraint] {
    var active: [Constraint] = []
    for j in 0..<problem.classes {
      for k in 0..<problem.classes where j != k {
        if multipliers[j, k] > slacks[j, k] {
          active.append((j, k))
        } else {
          multipliers[j, k] = 0
        }
      }
    }
    return active
  }

  /// The matrix of the step; unknowns are `W`, `G`, then the active multipliers.
  private func matrix(_ active: [Constraint]) -> Matrix {
    let (classes, dimension) = (problem.classes, problem.dimension)
    let split = classes * dimension
    let size = 2 * split + active.count
    var matrix = Matrix(rows: size, columns: size)
    let dual = problem.dualMatrix(multipliers)
    for i in 0..<2 * split { matrix[i, i] = 1 }
    for j in 0..<classes {
      for k in 0..<classes {
        for a in 0..<dimension {
          matrix[j * dimension + a, split + k * dimension + a] = -dual[j, k]
          matrix[split + k * dimension + a, j * dimension + a] = -dual[j, k]
        }
      }
    }
    for (i, (j, k)) in active.enumerated() {
      for a in 0..<dimension {
        let gradient = [
          (k * dimension + a, point.features[k, a]), (j * dimension + a, -point.features[k, a]),
          (split + k * dimension + a, point.classifier[k, a] - point.classifier[j, a]),
        ]
        for (unknown, slope) in gradient {
          matrix[unknown, 2 * split + i] = -slope
          matrix[2 * split + i, unknown] = -slope
        }
      }
    }
    return matrix
  }
}
