/// The Hessian of the loss on its sphere, divided by the loss, as an operator on flat vectors.
///
/// With `A = G/L` and `δA` the change of `G` along the tangent part `(δW, δH)` of a vector, over `L`,
///
///     B v = Π (δA H + A δH + (μ/L) δW,   δAᵀ W + Aᵀ δW + (μ/L) δH),    B = Π (∇²L + μ) Π / L
///
/// `W` first, then `H`, both row by row. Dividing by `L` keeps every digit where `L` itself
/// underflows. The point's own direction is in the kernel of `B`.
package final class TangentHessian {
  /// The number of unknowns, `(K + N) d`.
  package let count: Int
  /// `μ/L`; 0 at the origin.
  package let multiplier: Double
  private let model: LayerPeeledModel
  private let point: [Double]
  private let squaredNorm: Double
  private var evaluator: CrossEntropy
  private var direction: [Double]
  private var logitChange: [Double]
  private var ratioChange: [Double]

  /// The operator at a point of the sphere.
  package init(_ loss: SphereLoss) {
    model = loss.model
    count = model.unknowns
    point = loss.point.flat
    squaredNorm = Point.dot(loss.point, loss.point)
    multiplier = loss.relativeMultiplier
    evaluator = CrossEntropy(model)
    _ = evaluator.evaluateRatios(
      loss.point.classifier.elements.span, loss.point.features.elements.span, scale: 1)
    direction = Array(repeating: 0, count: count)
    logitChange = Array(repeating: 0, count: model.labels.classes * model.labels.count)
    ratioChange = logitChange
  }

  private var classes: Int { model.labels.classes }
  private var samples: Int { model.labels.count }
  private var split: Int { classes * model.dimension }

  /// Overwrites `product` with `B v`.
  ///
  /// *Cost:* six products of `K × N × d` and a few passes over memory; allocates nothing.
  package func multiply(_ vector: Span<Double>, into product: inout MutableSpan<Double>) {
    var copy = direction.mutableSpan
    linearSum(0, of: &copy, 1, vector)
    removeRadial(from: &copy)
    changeRatios()
    fillProduct(&product)
    let kept = direction
    linearSum(1, of: &product, multiplier, kept.span)
    removeRadial(from: &product)
  }

  /// The same with `lift` added to the eigenvalue 0 of the point's own direction.
  package func multiply(
    _ vector: Span<Double>, liftingRadialBy lift: Double,
    into product: inout MutableSpan<Double>
  ) {
    multiply(vector, into: &product)
    guard squaredNorm > 0 else { return }
    let point = point
    linearSum(1, of: &product, lift * dotProduct(point.span, vector) / squaredNorm, point.span)
  }

  private func removeRadial(from vector: inout MutableSpan<Double>) {
    guard squaredNorm > 0 else { return }
    let point = point
    linearSum(1, of: &vector, -dotProduct(point.span, vector.span) / squaredNorm, point.span)
  }

  /// Leaves `δG / L` in `ratioChange`.
  private func changeRatios() {
    let (classes, samples, inner) = (classes, samples, model.dimension)
    let (point, direction) = (point, direction)
    let (w, dw) = (point.span.extracting(0..<split), direction.span.extracting(0..<split))
    let (h, dh) = (point.span.extracting(split...), direction.span.extracting(split...))
    var change = logitChange.mutableSpan
    LayerPeel.multiply(
      dw, .plain, h, .transposed, rows: classes, inner: inner, columns: samples, into: &change)
    LayerPeel.multiply(
      w, .plain, dh, .transposed, rows: classes, inner: inner, columns: samples, keeping: 1,
      into: &change)
    evaluator.changeOfResiduals(logitChange, into: &ratioChange)
  }

  private func fillProduct(_ product: inout MutableSpan<Double>) {
    let (change, ratios) = (ratioChange, evaluator.ratios)
    pull(change.span, point, keeping: 0, into: &product)
    pull(ratios.span, direction, keeping: 1, into: &product)
  }

  /// `(A y_H, Aᵀ y_W) + β out`, for a `K × N` matrix `A` and the point in `y`.
  private func pull(
    _ ratios: Span<Double>, _ y: [Double], keeping beta: Double,
    into out: inout MutableSpan<Double>
  ) {
    let (w, h) = (y.span.extracting(0..<split), y.span.extracting(split...))
    LayerPeel.multiply(
      ratios, .plain, h, .plain, rows: classes, inner: samples, columns: model.dimension,
      keeping: beta, into: &out)
    LayerPeel.multiply(
      ratios, .transposed, w, .plain, rows: samples, inner: classes, columns: model.dimension,
      keeping: beta, into: &out, from: split)
  }

  /// The product with a point, which need not be tangent.
  package func product(with vector: Point) -> Point {
    let flat = vector.flat
    var result = [Double](repeating: 0, count: count)
    var span = result.mutableSpan
    multiply(flat.span, into: &span)
    return model.point(flat: result)
  }

  /// The operator as a matrix, by a product a column; `lift` of its Frobenius norm is added to the
  /// eigenvalue 0 of the point's own direction.
  package func matrix(liftingRadialBy lift: (Double) -> Double) -> Matrix {
    var matrix = Matrix(rows: count, columns: count)
    var unit = [Double](repeating: 0, count: count)
    var column = unit
    for i in 0..<count {
      unit[i] = 1
      var span = column.mutableSpan
      multiply(unit.span, into: &span)
      unit[i] = 0
      for j in 0..<count {  // half to each of two entries that rounding tells apart
        matrix[i, j] += column[j] / 2
        matrix[j, i] += column[j] / 2
      }
    }
    guard squaredNorm > 0 else { return matrix }
    let scale = lift(matrix.norm) / squaredNorm
    for i in 0..<count {
      for j in 0..<count { matrix[i, j] += scale * (point[i] * point[j]) }
    }
    return matrix
  }

  /// `‖B v - λ v‖` for a unit vector that is tangent.
  package func residual(of vector: [Double], value: Double) -> Double {
    var product = [Double](repeating: 0, count: count)
    var span = product.mutableSpan
    multiply(vector.span, into: &span)
    linearSum(1, of: &span, -value, vector.span)
    return dotProduct(product.span, product.span).squareRoot()
  }
}
