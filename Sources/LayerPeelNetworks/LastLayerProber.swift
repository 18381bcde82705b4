internal import Glibc
internal import LayerPeel

/// Measures a network's last layer, probe after probe.
struct LastLayerProber {
  private let model: LayerPeeledModel
  private var measurer: PointMeasurer
  private var alignment: SurrogateAlignment?

  /// A prober of a network that starts with the given last layer.
  init(_ start: Point, labels: Labels) throws(ModelError) {
    model = try LayerPeeledModel(labels: labels, dimension: start.dimension)
    try model.validate(start)
    measurer = PointMeasurer(model, start: start)
  }

  /// Everything known of a last layer alone, and how it moved since the probe before.
  mutating func probe(_ point: Point) -> Measurement {
    var m = measurer.measure(point)
    if let logLoss = m[.logLoss].number {
      m[.trainLoss] = .value(exp(logLoss) / Double(model.labels.count))
    }
    let margins = model.margins(at: point).sorted()
    for (quantity, share) in Self.quantiles {
      m[quantity] = .value(margins.quantile(share))
    }
    m.merge(
      alignment?.measure(point) ?? SurrogateAlignment.absent(because: "no probe before this one"))
    alignment = SurrogateAlignment(from: point, model: model)
    return m
  }

  private static let quantiles: [(Quantity, Double)] = [
    (.marginLeast, 0), (.margin01, 0.01), (.margin10, 0.1), (.margin50, 0.5), (.margin90, 0.9),
    (.margin99, 0.99), (.marginLargest, 1),
  ]
}

extension [Double] {
  /// The value that `share` of these sorted numbers stay below, interpolated between neighbours.
  fileprivate func quantile(_ share: Double) -> Double {
    let position = share * Double(count - 1)
    let i = Swift.min(Int(position), count - 1)
    let next = Swift.min(i + 1, count - 1)
    return self[i] + (position - Double(i)) * (self[next] - self[i])
  }
}
