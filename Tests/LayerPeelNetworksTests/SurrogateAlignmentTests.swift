import LayerPeel
import LayerPeelNetworks
import Testing

struct SurrogateAlignmentTests {
  static func example(seed: UInt64) throws -> (model: LayerPeeledModel, point: Point) {
    let model = try LayerPeeledModel(sizes: ClassSizes([5, 3, 2]), dimension: 4)
    var generator = SplitMix64(seed: seed)
    return (model, model.gaussianPoint(using: &generator))
  }

  /// `(G H, Gᵀ W)` by plain loops and a naive softmax.
  static func gradient(_ model: LayerPeeledModel, _ point: Point) -> Point {
    let logits = point.logits
    let residuals = Matrix(rows: logits.rows, columns: logits.columns) { k, i in
      let sum = (0..<logits.rows).reduce(0) { $0 + Double.exp(logits[$1, i] - logits[k, i]) }
      return 1 / sum - (model.labels[i] == k ? 1 : 0)
    }
    return Point(
      classifier: residuals * point.features, features: residuals.transposed * point.classifier)
  }

  @Test func `a step along the model's own gradient is aligned in every part`() throws {
    let (model, point) = try Self.example(seed: 1)
    let later = point + (-1e-3) * Self.gradient(model, point)
    let m = SurrogateAlignment(from: point, model: model).measure(later)
    // The change is a difference of numbers of order 1, a thousand times as large as itself: their
    // rounding turns it by some 1e-12, a cosine by less than that.
    for quantity in [.alignmentFeatures, .alignmentExplained, .alignmentClassifier] as [Quantity] {
      #expect(abs(try #require(m[quantity].number) - 1) <= 1e-11, "\(quantity)")
    }
    guard case .list(let cosines) = m[.alignmentPerClass] else {
      Issue.record("no list")
      return
    }
    #expect(cosines.count == 3 && cosines.allSatisfy { abs($0 - 1) <= 1e-11 })
  }

  @Test func `an opposite step scores minus one and an orthogonal one nothing`() throws {
    let (model, point) = try Self.example(seed: 2)
    let gradient = Self.gradient(model, point)
    let alignment = SurrogateAlignment(from: point, model: model)
    let opposite = alignment.measure(point + 1e-3 * gradient)
    #expect(abs(try #require(opposite[.alignmentFeatures].number) + 1) <= 1e-11)
    #expect(abs(try #require(opposite[.alignmentExplained].number) - 1) <= 1e-11)

    let (_, other) = try Self.example(seed: 3)
    let share =
      Matrix.dot(other.features, gradient.features)
      / Matrix.dot(gradient.features, gradient.features)
    let across = other.features - share * gradient.features
    let later = Point(classifier: point.classifier, features: point.features + across)
    let m = alignment.measure(later)
    #expect(abs(try #require(m[.alignmentFeatures].number)) <= 1e-13)
    #expect(m[.alignmentClassifier].reason == "the classifier did not change")
  }

  @Test func `the part along class means is all of a stretch of means and none across them`() throws
  {
    let (model, point) = try Self.example(seed: 4)
    let statistics = ClassStatistics(features: point.features, labels: model.labels)
    let alignment = SurrogateAlignment(from: point, model: model)
    let along = Matrix(rows: 10, columns: 4) { i, j in
      point.features[i, j] + Double(i + 1) * statistics.means[model.labels[i], j]
    }
    let stretched = alignment.measure(Point(classifier: point.classifier, features: along))
    // Twenty products, each rounded once.
    let tolerance = 20 * Double.ulpOfOne
    #expect(abs(try #require(stretched[.alignmentClassMeanPart].number) - 1) <= tolerance)

    // In each plane of two coordinates, a quarter turn of the mean is orthogonal to it.
    let turned = Matrix(rows: 10, columns: 4) { i, j in
      let mean = statistics.means[model.labels[i], j ^ 1]
      return point.features[i, j] + (j % 2 == 0 ? mean : -mean)
    }
    let m = alignment.measure(Point(classifier: point.classifier, features: turned))
    #expect(try #require(m[.alignmentClassMeanPart].number) <= tolerance)
  }

  @Test func `no change has no alignment, and says so`() throws {
    let (model, point) = try Self.example(seed: 5)
    let m = SurrogateAlignment(from: point, model: model).measure(point)
    for quantity in Quantity.alignment { #expect(m[quantity].reason != nil, "\(quantity)") }
    #expect(m[.alignmentPerClass].reason == "the features of class 0 did not change")
  }

  @Test func `alignment is right where the loss has underflowed`() throws {
    let (model, _) = try Self.example(seed: 6)
    // Features on their class's axis and margins of 2000 nats: L is e^-2000 and G is zero in
    // double.
    let classifier = Matrix(rows: 3, columns: 4) { $0 == $1 ? 40 : 0 }
    let features = Matrix(rows: 10, columns: 4) { i, j in
      j == model.labels[i] ? 50 + Double(i) : 0
    }
    let point = Point(classifier: classifier, features: features)
    let gradient = model.logLoss(at: point).gradient
    let m = SurrogateAlignment(from: point, model: model).measure(point + (-1e-3) * gradient)
    #expect(abs(try #require(m[.alignmentFeatures].number) - 1) <= 1e-9)
  }
}
