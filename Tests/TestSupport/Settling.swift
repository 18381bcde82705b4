package import LayerPeel

/// Newton's method for the loss on a sphere, by conjugate gradients: from a start to a point where
/// the gradient vanishes to rounding, and the loss is the least of what the start's symmetry
/// allows.
package func settled(_ model: LayerPeeledModel, from start: Point) -> Point {
  var point = start
  for _ in 0..<300 {
    let loss = SphereLoss(model, at: point)
    let gradient = loss.gradient
    if gradient.norm <= 1e-14 * loss.residuals.norm * point.norm { break }
    let direction = newtonDirection(loss, gradient)
    let slope = Point.dot(gradient, direction)
    var step = 1.0
    // Below rounding of the loss a Newton step is taken on trust.
    let rounding = 16 * .ulpOfOne * loss.value
    while step > 1e-12 {
      let moved = onSphere(point + step * direction, radius: start.norm)
      if SphereLoss(model, at: moved).value <= loss.value + 1e-4 * step * slope + rounding { break }
      step /= 2
    }
    point = onSphere(point + step * direction, radius: start.norm)
  }
  return point
}

private func onSphere(_ point: Point, radius: Double) -> Point { (radius / point.norm) * point }

/// About `-H⁻¹ g`; minus the gradient where the Hessian is not positive.
private func newtonDirection(_ loss: SphereLoss, _ gradient: Point) -> Point {
  var direction = 0.0 * gradient
  var residual = -1 * gradient
  var search = residual
  var squared = Point.dot(residual, residual)
  let target = squared * 1e-16
  for iteration in 0..<200 where squared > target {
    let product = loss.hessianProduct(along: search)
    let curvature = Point.dot(search, product)
    // Along rotations both vanish.
    guard curvature > 1e-13 * loss.value * Point.dot(search, search) else {
      return iteration == 0 ? -1 * gradient : direction
    }
    let length = squared / curvature
    direction = direction + length * search
    residual = residual - length * product
    let next = Point.dot(residual, residual)
    search = residual + (next / squared) * search
    squared = next
  }
  return direction
}
