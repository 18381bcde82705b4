import LayerPeel
import TestSupport
import Testing

/// The operator in its reused room against the formula as it is written.
struct TangentHessianTests {
  /// `Π (∇²L + μ) Π v`, a matrix at a time.
  private func plain(_ loss: SphereLoss, _ vector: Point) -> Point {
    let (point, residuals) = (loss.point, loss.residuals)
    let direction = loss.tangent(vector)
    let change =
      direction.classifier * point.features.transposed
      + point.classifier * direction.features.transposed
    var probabilities = residuals
    for i in 0..<loss.model.labels.count { probabilities[loss.model.labels[i], i] += 1 }
    // δP = P ∘ (δZ - 1 (Σ_k P ∘ δZ)): a softmax's derivative, column by column.
    var delta = probabilities
    for i in 0..<delta.columns {
      let mean = (0..<delta.rows).reduce(0) { $0 + probabilities[$1, i] * change[$1, i] }
      for k in 0..<delta.rows { delta[k, i] *= change[k, i] - mean }
    }
    let product = Point(
      classifier: delta * point.features + residuals * direction.features,
      features: delta.transposed * point.classifier + residuals.transposed * direction.classifier)
    return loss.tangent(product + loss.multiplier * direction)
  }

  @Test(arguments: ModelCase.ordinary)
  func `products are those of the formula`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), example.point())
    let loss = SphereLoss(model, at: point)
    for index in 0..<3 {
      let vector = try example.direction(UInt64(index))
      let truth = plain(loss, vector)
      let product = loss.hessianProduct(along: vector)
      // Sums of products, of at most N or d terms each, in another order.
      let terms = Double(model.unknowns) * .ulpOfOne
      #expect((product - truth).norm <= terms * (truth.norm + vector.norm * loss.value))
    }
  }

  @Test(arguments: ModelCase.ordinary)
  func `the Hessian of the sphere has the slope of its gradient`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), example.point())
    let loss = SphereLoss(model, at: point)
    let (u, v) = try (loss.tangent(example.direction(0)), loss.tangent(example.direction(1)))
    let slope = Point.dot(loss.hessianProduct(along: v), u)
    // To first order the way back to the sphere changes a tangent gradient along the point only.
    let line: (Double) -> Double = { step in
      let moved = point + step * v
      return Point.dot(SphereLoss(model, at: (point.norm / moved.norm) * moved).gradient, u)
    }
    #expect(TaylorCheck(of: line, derivative: slope, largestStep: 0.02).verdict == .held)
    let falsified = TaylorCheck(of: line, derivative: 1.01 * slope + 0.01, largestStep: 0.02)
    #expect(falsified.verdict == .notHeld)
  }

  @Test func `the matrix is symmetric and lifts the point alone`() throws {
    let example = ModelCase.ordinary[2]
    let loss = SphereLoss(try example.model(), at: try example.point())
    let hessian = TangentHessian(loss)
    let plain = hessian.matrix { _ in 0 }
    let lifted = hessian.matrix { _ in 3 }
    let flat = loss.point.classifier.elements + loss.point.features.elements
    let squared = Point.dot(loss.point, loss.point)
    for i in flat.indices {
      for j in flat.indices {
        #expect(plain[i, j] == plain[j, i])
        let expected = 3 * flat[i] * flat[j] / squared
        #expect(abs(lifted[i, j] - plain[i, j] - expected) <= 16 * .ulpOfOne * (3 + plain.norm))
      }
    }
  }
}
