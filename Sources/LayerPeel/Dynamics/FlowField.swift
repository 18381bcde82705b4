/// The rescaled flow as a differential equation: its right-hand side and the product of its
/// Jacobian with a vector.
///
/// The unknowns are `x = (φ, r, c)`: the direction `φ = θ/ρ` (`W`, then `H`), `r = log ρ`, and the
/// clock `c = log(1 + u)`, `u = log(1 + t L₀)`, which carries physical time smoothly from zero
/// (`L₀` is the start's loss) and whose absolute error is the relative one of `log t`. In
/// `ds̃ = γ* L dt`, with `A = ∇_Z L / L` and `g = -∇ log L(θ)/e^r = -(A φ_H, Aᵀ φ_W)`,
///
///     dφ/ds̃ = (g - (φ·g) φ)/γ*,   dr/ds̃ = (φ·g)/γ*,   dc/ds̃ = exp(log L₀ - log L - u - c)/γ*
///
/// It is stiff: the direction's time constant is proportional to `e^{-2r}`.
final class FlowField {
  let model: LayerPeeledModel
  let problem: SeparationProblem
  let startLogLoss: Double
  private(set) var gradientEvaluations = 0
  private(set) var hessianProducts = 0
  private var evaluator: CrossEntropy
  private var evaluated: Stamp?
  private var logitChange: [Double]
  private var ratioChange: [Double]

  init(_ model: LayerPeeledModel, problem: SeparationProblem, start: Point) {
    self.model = model
    self.problem = problem
    evaluator = CrossEntropy(model)
    logitChange = Array(repeating: 0, count: model.labels.classes * model.labels.count)
    ratioChange = logitChange
    startLogLoss =
      evaluator.evaluateLoss(
        start.classifier.elements.span, start.features.elements.span, scale: 1
      ).logLoss
  }

  /// Number of unknowns: the point's, `r` and the clock.
  var count: Int { model.unknowns + 2 }
  private var classes: Int { model.labels.classes }
  private var samples: Int { model.labels.count }
  private var split: Int { classes * model.dimension }
  private var unit: Double { problem.largestGamma }

  /// What tells one state from another without comparing all of it.
  private struct Stamp: Equatable {
    let r, clock, first, middle, last: Double
    init(_ x: Span<Double>) {
      let n = x.count - 2
      (r, clock, first, middle, last) = (x[n], x[n + 1], x[0], x[n / 2], x[n - 1])
    }
  }

  private func evaluate(_ x: Span<Double>) {
    let scale = Double.exp(2 * x[model.unknowns])
    _ = evaluator.evaluateRatios(
      x.extracting(0..<split), x.extracting(split..<model.unknowns), scale: scale)
    evaluated = Stamp(x)
  }

  /// Overwrites `rate` with `dx/ds̃`.
  func derivative(at x: Span<Double>, into rate: inout MutableSpan<Double>) {
    gradientEvaluations += 1
    evaluate(x)
    let n = model.unknowns
    pull(evaluator.ratios.span, x, keeping: 0, into: &rate)
    let direction = x.extracting(0..<n)
    let radial = dotProduct(direction, rate.span.extracting(0..<n))
    linearSum(1 / unit, of: &rate, -radial / unit, direction)
    rate[n] = radial / unit
    rate[n + 1] = .exp(startLogLoss - evaluator.logLoss - .expm1(x[n + 1]) - x[n + 1]) / unit
  }

  /// Overwrites `product` with the Jacobian at `x` times `v`; `rate` is `dx/ds̃` there.
  func jacobianProduct(
    at x: Span<Double>, rate: Span<Double>, times v: Span<Double>,
    into product: inout MutableSpan<Double>
  ) {
    hessianProducts += 1
    if evaluated != Stamp(x) { evaluate(x) }
    let n = model.unknowns
    let slope = changeOfRatios(at: x, along: v)
    pull(ratioChange.span, x, keeping: 0, into: &product)
    pull(evaluator.ratios.span, v, keeping: 1, into: &product)

    let (direction, change) = (x.extracting(0..<n), v.extracting(0..<n))
    // With g = γ* dφ/ds̃ + (φ·g) φ, the change of φ·g needs no copy of g.
    let radial = unit * rate[n]
    let radialChange =
      unit * dotProduct(rate.extracting(0..<n), change) + radial * dotProduct(direction, change)
      + dotProduct(direction, product.span.extracting(0..<n))
    linearSum(1 / unit, of: &product, -radialChange / unit, direction)
    linearSum(1, of: &product, -radial / unit, change)
    product[n] = radialChange / unit
    product[n + 1] = -rate[n + 1] * (slope + (.exp(x[n + 1]) + 1) * v[n + 1])
  }

  /// Changes of the ratios, left in `ratioChange`, and of `log L`, returned, when `x` moves by `v`.
  private func changeOfRatios(at x: Span<Double>, along v: Span<Double>) -> Double {
    let n = model.unknowns
    let scale = Double.exp(2 * x[n])
    let (w, h) = (x.extracting(0..<split), x.extracting(split..<n))
    let (dw, dh) = (v.extracting(0..<split), v.extracting(split..<n))
    let (classes, samples, inner) = (classes, samples, model.dimension)
    var change = logitChange.mutableSpan
    multiply(
      dw, .plain, h, .transposed, rows: classes, inner: inner, columns: samples, scale: scale,
      into: &change)
    multiply(
      w, .plain, dh, .transposed, rows: classes, inner: inner, columns: samples, scale: scale,
      keeping: 1, into: &change)
    linearSum(1, of: &change, 2 * v[n], evaluator.logits.span)
    return evaluator.changeOfRatios(logitChange, into: &ratioChange)
  }

  /// `-(A y_H, Aᵀ y_W) + β out`, for a `K × N` matrix `A` and the point in `y`.
  private func pull(
    _ ratios: Span<Double>, _ y: Span<Double>, keeping beta: Double,
    into out: inout MutableSpan<Double>
  ) {
    let n = model.unknowns
    let (w, h) = (y.extracting(0..<split), y.extracting(split..<n))
    multiply(
      ratios, .plain, h, .plain, rows: classes, inner: samples, columns: model.dimension,
      scale: -1, keeping: beta, into: &out)
    multiply(
      ratios, .transposed, w, .plain, rows: samples, inner: classes, columns: model.dimension,
      scale: -1, keeping: beta, into: &out, from: split)
  }

  /// What the root functions are made of; one product of `K × N × d`.
  func values(at x: Span<Double>) -> FlowWatch.Values {
    let n = model.unknowns
    let direction = x.extracting(0..<n)
    evaluated = nil
    let (logLoss, margin) = evaluator.evaluateLoss(
      x.extracting(0..<split), x.extracting(split..<n), scale: .exp(2 * x[n]))
    let squared = dotProduct(direction, direction)
    return FlowWatch.Values(
      logLoss: logLoss, leastMargin: margin, logSquaredNorm: 2 * x[n] + .log(squared),
      marginRatio: margin / (.exp(2 * x[n]) * squared) / unit, clock: x[n + 1])
  }

  /// The same at a point, before there is a state.
  func startValues(_ start: Point) -> FlowWatch.Values {
    let norm = start.norm
    let flat = start.flat.map { $0 / norm }
    return values(at: (flat + [.log(norm), 0]).span)
  }

  /// `ν`, the L1 change of the weights `p/L`, relative to their sum, when every entry of the
  /// direction moves by one unit in the last place, up or down by a fixed rule.
  func roundingNoise(at x: Span<Double>) -> Double {
    evaluate(x)
    let before = evaluator.ratios
    var bits = SplitMix64(seed: 0)
    var moved = [Double](repeating: 0, count: x.count)
    for i in 0..<model.unknowns { moved[i] = bits.next() & 1 == 0 ? x[i].nextUp : x[i].nextDown }
    for i in model.unknowns..<x.count { moved[i] = x[i] }
    evaluate(moved.span)
    evaluated = nil
    var (change, total) = (0.0, 0.0)
    for (a, b) in zip(before, evaluator.ratios) {
      change += abs(a - b)
      total += abs(a)
    }
    return change / total
  }
}
