import FoundationEssentials
import LayerPeel
import LayerPeelFiles

/// Times the lowest curvature at the point of a file; see `curvature_peers.py`.
///
/// Prints one JSON object: a product's seconds, those of the largest eigenvalue's size and of the
/// lowest eigenvalue to 1e-8 of itself, least of several runs, and what was found.
@main
enum CurvatureTimes {
  struct Line: Codable {
    let unknowns: Int
    let product_seconds: Double
    let size_seconds: Double
    let lowest_seconds: Double
    let products: Int
    let lowest: Double
    let error: Double
  }

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let repeats = Int(arguments[2]), repeats > 0 else {
      print("usage: CurvatureTimes FILE.safetensors REPEATS")
      return
    }
    let file = try PointFile(path: arguments[1])
    let model = try LayerPeeledModel(labels: file.labels, dimension: file.point.dimension)
    let loss = SphereLoss(model, at: file.point)
    let line = measure(TangentHessian(loss), scale: loss.value, repeats: repeats)
    print(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
  }

  private static func measure(_ hessian: TangentHessian, scale: Double, repeats: Int) -> Line {
    let operation: SymmetricOperator = { hessian.multiply($0, into: &$1) }
    var size = 0.0
    let sizeSeconds = least(repeats) {
      size = LowestEigenvalues.largestSize(of: operation, count: hessian.count)
    }
    var settings = LowestEigenvalues.Settings()
    settings.tolerance = 1e-4 * size
    let rough = LowestEigenvalues(
      of: operation, count: hessian.count, size: size, settings: settings)
    settings.tolerance = 1e-8 * abs(rough.pairs[0].value)
    var found = rough
    let seconds = least(repeats) {
      found = LowestEigenvalues(
        of: operation, count: hessian.count, size: size, settings: settings)
    }
    let (vector, times) = (rough.pairs[0].vector, 100)
    var product = vector
    let productSeconds = least(repeats) {
      for _ in 0..<times {
        var span = product.mutableSpan
        operation(vector.span, &span)
      }
    }
    return Line(
      unknowns: hessian.count, product_seconds: productSeconds / Double(times),
      size_seconds: sizeSeconds, lowest_seconds: seconds, products: found.products,
      lowest: scale * found.pairs[0].value, error: scale * found.pairs[0].error)
  }

  private static func least(_ repeats: Int, _ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<repeats).map { _ in clock.measure(work) / .seconds(1) }.min() ?? .infinity
  }
}
