import LayerPeel
import TestSupport
import Testing

struct LogLossTests {
  static let cases = ModelCase.ordinary + ModelCase.extreme

  @Test(arguments: cases)
  func `each sample's ratios sum to zero`(_ example: ModelCase) throws {
    let model = try example.model()
    let ratios = model.logLoss(at: try example.point()).ratios
    for (i, sum) in ratios.columnSums.enumerated() {
      // Two sums of K terms, each at most 1 in size and rounded by half an ulp of it.
      #expect(abs(sum) <= Double(model.sizes.classes) * .ulpOfOne, "sample \(i)")
    }
  }

  @Test(arguments: cases)
  func `log L, margins and ratios are those of the logits`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), example.point())
    let loss = model.logLoss(at: point)
    let labels = model.labels.values.map(Int.init)
    let truth = PlainLogLoss<Double>(logits: point.logits.elements, labels: labels)
    let largest = point.logits.elements.reduce(0) { max($0, abs($1)) }
    // A few additions of numbers of the logits' size, and sums over classes and over samples.
    let tolerance = (16 * (largest + 10) + Double(model.unknowns)) * .ulpOfOne
    #expect(abs(loss.value - truth.logLoss) <= tolerance)
    #expect(loss.leastMargin == truth.leastMargin)
    #expect(model.margins(at: point) == truth.margins)
    for (a, b) in zip(loss.ratios.elements, truth.ratios) {
      #expect(abs(a - b) <= Double(model.sizes.classes) * tolerance * (abs(b) + .exp(-700)))
    }
  }

  @Test(arguments: ModelCase.ordinary)
  func `where nothing underflows, a naive softmax gives the same`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), example.point())
    let (loss, logits) = (model.logLoss(at: point), point.logits)
    var total = 0.0
    let classes = model.sizes.classes
    let probabilities = Matrix(rows: classes, columns: model.sizes.samples) { k, i in
      .exp(logits[k, i]) / (0..<classes).reduce(0) { $0 + .exp(logits[$1, i]) }
    }
    for i in 0..<model.sizes.samples { total -= .log(probabilities[model.labels[i], i]) }
    // Logits are below 30 in size, so an exponential is right to 30 ε; p - 1 cancels to ε/L.
    let tolerance = Double(30 + model.unknowns) * .ulpOfOne
    #expect(abs(loss.value - .log(total)) <= tolerance * (1 + 1 / total))
    for k in 0..<classes {
      for i in 0..<model.sizes.samples {
        let entry = probabilities[k, i] - (model.labels[i] == k ? 1 : 0)
        #expect(abs(loss.ratios[k, i] * total - entry) <= 4 * tolerance, "class \(k), sample \(i)")
      }
    }
  }

  /// A simplex whose margins are all `margin`: `w_k` and `h_i` are rows of `√margin · P`.
  private func simplex(_ model: LayerPeeledModel, margin: Double) -> Point {
    let classes = model.sizes.classes
    func entry(_ k: Int, _ j: Int) -> Double {
      guard j < classes else { return 0 }
      return margin.squareRoot() * ((k == j ? 1 : 0) - 1 / Double(classes))
    }
    return Point(
      classifier: Matrix(rows: classes, columns: model.dimension, entry: entry),
      features: Matrix(rows: model.sizes.samples, columns: model.dimension) {
        entry(model.labels[$0], $1)
      })
  }

  @Test(arguments: [1e3, 1e6, 1e7])
  func `log L and the ratios are right where L is e^-margin`(_ margin: Double) throws {
    let (classes, perClass) = (4, 5)
    let model = try LayerPeeledModel(
      sizes: ClassSizes(classes: classes, perClass: perClass), dimension: classes)
    let loss = model.logLoss(at: simplex(model, margin: margin))
    // Equal margins: L = N (K - 1) e^-m to rounding, shared equally by N (K - 1) ratios.
    let terms = Double(classes * perClass * (classes - 1))
    // Three roundings of each entry, d of each logit, two of its use, relative to m.
    let tolerance = Double(classes + 8) * .ulpOfOne * margin
    #expect(abs(loss.value - (.log(terms) - margin)) <= tolerance)
    #expect(abs(loss.leastMargin - margin) <= tolerance)
    for i in 0..<model.sizes.samples {
      for k in 0..<classes where k != model.labels[i] {
        #expect(abs(loss.ratios[k, i] * terms - 1) <= 2 * tolerance)
      }
      let own = loss.ratios[model.labels[i], i] * terms
      #expect(abs(own + Double(classes - 1)) <= 2 * Double(classes) * tolerance)
    }
    // ∇ log L is finite and points against θ: dρ²/dt > 0.
    #expect(loss.gradient.norm.isFinite)
    #expect(Point.dot(loss.gradient, simplex(model, margin: margin)) < 0)
  }

  @Test(arguments: ModelCase.ordinary)
  func `the loss depends on the square of a common factor`(_ example: ModelCase) throws {
    let (model, point) = try (example.model(), example.point())
    // Powers of two commute with rounding.
    let shared = model.logLoss(at: 2 * point)
    let moved = model.logLoss(
      at: Point(classifier: 4 * point.classifier, features: point.features))
    #expect(shared.value == moved.value)
    #expect(shared.leastMargin == 4 * model.logLoss(at: point).leastMargin)
  }

  @Test(arguments: cases)
  func `the norm grows as probabilities times margins`(_ example: ModelCase) throws {
    // I3 at a point: dρ²/dt = -2 <θ, ∇L> = 4 Σ p m, here divided by 2 L.
    let (model, point) = try (example.model(), example.point())
    let (loss, logits) = (model.logLoss(at: point), point.logits)
    var (sum, size) = (0.0, 0.0)
    for i in 0..<model.sizes.samples {
      let label = model.labels[i]
      for k in 0..<model.sizes.classes where k != label {
        sum += 2 * loss.ratios[k, i] * (logits[label, i] - logits[k, i])
        size += 4 * loss.ratios[k, i] * (abs(logits[label, i]) + abs(logits[k, i]))
      }
    }
    let tolerance =
      Double(model.unknowns + 8) * .ulpOfOne * (size + point.norm * loss.gradient.norm)
    #expect(abs(Point.dot(point, loss.gradient) + sum) <= tolerance)
  }
}
