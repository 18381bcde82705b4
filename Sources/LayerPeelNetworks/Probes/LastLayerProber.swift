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
    m.merge(Measurement(marginQuantilesOf: model.margins(at: point)))
    m.merge(
      alignment?.measure(point) ?? SurrogateAlignment.absent(because: "no probe before this one"))
    alignment = SurrogateAlignment(from: point, model: model)
    return m
  }
}
