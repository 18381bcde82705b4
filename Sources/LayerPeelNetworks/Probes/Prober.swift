package import LayerPeel
internal import Glibc

/// Measures a learner's last layer over its training set, probe after probe.
package final class Prober {
  private let samples: LabelledSamples
  private let model: LayerPeeledModel
  private var measurer: PointMeasurer?
  private var alignment: SurrogateAlignment?
  private var last: Point?

  /// A prober of learners of one architecture on the samples that they are trained on.
  ///
  /// - Parameters:
  ///   - learner: Gives the architecture; it is not evaluated yet.
  ///   - samples: Those of the training, in any order of classes.
  ///   - reference: That of a run to be resumed; nil for the first probe to be the start.
  package init(
    _ learner: any Learner, samples: LabelledSamples, reference: ProberReference? = nil
  ) throws(ModelError) {
    self.samples = samples
    model = try LayerPeeledModel(
      labels: samples.labels, dimension: learner.architecture.dimension)
  }

  /// What later probes are compared with; nil before the first.
  package private(set) var reference: ProberReference?

  /// Evaluates every training sample and measures the last layer.
  ///
  /// Where something is not finite nothing is measured, and the prober stays as it was.
  package func probe(_ learner: any Learner, epoch: Int) throws(ModelError) -> Probe {
    let layer = try LastLayer(of: learner, on: samples)
    guard layer.isFinite else {
      return Probe(measurement: Measurement(), errors: layer.errors, isFinite: false, snapshot: nil)
    }
    let point = layer.point(dimension: model.dimension)
    if measurer == nil { measurer = PointMeasurer(model, start: point) }
    var m = measurer!.measure(point)
    if let logLoss = m[.logLoss].number {
      m[.trainLoss] = .value(exp(logLoss) / Double(samples.count))
    }
    m[.trainError] = .value(Double(layer.errors) / Double(samples.count))
    m.merge(Measurement(marginQuantilesOf: model.margins(at: point)))
    m.merge(
      alignment?.measure(point) ?? SurrogateAlignment.absent(because: "no probe before this one"))
    alignment = SurrogateAlignment(from: point, model: model)
    last = point
    return Probe(measurement: m, errors: layer.errors, isFinite: true, snapshot: nil)
  }

  /// Takes a learner, restored to what it was at a probe, for that of the probe before the next.
  package func remember(_ learner: any Learner) throws(ModelError) {
    let point = try LastLayer(of: learner, on: samples).point(dimension: model.dimension)
    alignment = SurrogateAlignment(from: point, model: model)
    last = point
  }

  /// The last layer at the latest finite probe, in double; nil before the first.
  package func point() -> Point? { last }
}
