internal import Glibc
package import LayerPeel

/// Measures a learner's last layer over its training set, probe after probe.
///
/// Features go to a file as they stream by in evaluation mode, in float32, and are read back block by
/// block; everything made of them is summed in double. What stays in memory is what has an entry a
/// logit. Two files take turns, the earlier probe's being what the later is compared with.
///
/// Logits, margins and losses are formed in double from the features and the classifier, its bias
/// included; only which samples are misclassified is read from the learner's own logits.
/// Equal learners give bitwise equal probes.
package final class Prober {
  private let samples: LabelledSamples
  private let model: LayerPeeledModel
  private let hasNonnegativeFeatures: Bool
  private var measurer: PointMeasurer?
  private var start: Invariants?
  private var directions: Matrix?
  private var earlier: Earlier?
  private lazy var spare = FeatureSpool(count: samples.count, dimension: model.dimension)

  /// What is kept of the latest finite probe.
  private struct Earlier {
    let spool: FeatureSpool
    let classifier: Matrix
    let alignment: SurrogateAlignment
  }

  /// A prober of learners of one architecture on the samples that they are trained on.
  ///
  /// - Parameters:
  ///   - learner: Gives the architecture; it is not evaluated yet.
  ///   - samples: Those of the training, in any order of classes.
  ///   - reference: That of a run to be resumed; nil for the first probe to be the start.
  /// - Throws: `ModelError` for a reference of another shape.
  package init(
    _ learner: any Learner, samples: LabelledSamples, reference: ProberReference? = nil
  ) throws(ModelError) {
    let d = learner.architecture.dimension
    self.samples = samples
    model = try LayerPeeledModel(labels: samples.labels, dimension: d)
    hasNonnegativeFeatures = learner.architecture.model != .linearFeatures
    guard let reference else { return }
    guard reference.imbalance.count == d * d, reference.rowSum.count == d,
      reference.directions.count == 3 * d
    else {
      throw .shapeMismatch(
        argument: "probes' reference", expected: "that of \(d) features",
        actual: "\(reference.rowSum.count)")
    }
    let start = Invariants(
      imbalance: Matrix(rows: d, columns: d, elements: reference.imbalance),
      rowSum: reference.rowSum)
    self.start = start
    directions = Matrix(rows: 3, columns: d, elements: reference.directions)
    measurer = PointMeasurer(model, start: start, bestBound: reference.bestBound)
  }

  /// What later probes are compared with; nil before the first.
  package var reference: ProberReference? {
    guard let start, let measurer, let directions else { return nil }
    return ProberReference(
      imbalance: start.imbalance.elements, rowSum: start.rowSum, bestBound: measurer.bestBound,
      directions: directions.elements)
  }

  /// Evaluates every training sample and measures the last layer.
  ///
  /// Where something is not finite nothing is measured, and the prober stays as it was.
  ///
  /// *Cost:* beside the evaluation three or four passes over the features, `N d²/2` and
  /// `8 N K d` multiplications.
  package func probe(_ learner: any Learner, epoch: Int) throws(ModelError) -> Probe {
    let (layer, tally) = try evaluate(learner)
    guard let layer else {
      return Probe(measurement: Measurement(), errors: tally.errors, isFinite: false, snapshot: nil)
    }
    let (figures, statistics, gradient) = layer.figures()
    if measurer == nil {
      start = figures.invariants
      measurer = PointMeasurer(model, start: figures.invariants)
    }
    let metrics = CollapseMetrics.measure(
      classifier: layer.classifier, statistics: statistics, logits: layer.logits)
    var m = measurer!.measure(figures, metrics: metrics)
    m.merge(losses(layer, errors: tally.errors))
    m[.nonnegativeMarginRatioCeiling] = ceiling(of: measurer!.problem)
    m.merge(
      earlier?.alignment.measure(classifier: layer.classifier, features: layer.features)
        ?? SurrogateAlignment.absent(because: "no probe before this one"))
    let snapshot = Snapshot(of: layer, statistics, epoch: epoch, after: directions)
    directions = snapshot.directions
    keep(layer, gradient)
    return Probe(measurement: m, errors: tally.errors, isFinite: true, snapshot: snapshot)
  }

  /// Takes a learner, restored to what it was at a probe, for that of the probe before the next.
  ///
  /// - Throws: `ModelError` where it is not finite, as no probe was.
  package func remember(_ learner: any Learner) throws(ModelError) {
    guard let layer = try evaluate(learner).layer else {
      throw .badSetting(
        argument: "the learner at the probe before", value: "one that is not finite",
        expected: "finite features and classifier")
    }
    keep(layer, layer.classifierGradient)
  }

  /// The last layer at the latest finite probe, in double and all in memory; nil before the first.
  package func point() -> Point? {
    earlier.map { Point(classifier: $0.classifier, features: $0.spool.matrix) }
  }

  /// Streams features into the spare file; no layer where something is not finite.
  private func evaluate(
    _ learner: any Learner
  ) throws(ModelError) -> (layer: LastLayer?, tally: Tally) {
    let (classes, d) = (learner.architecture.classes, model.dimension)
    guard d == learner.architecture.dimension, classes == model.labels.classes else {
      throw .shapeMismatch(
        argument: "last layer", expected: "\(model.labels.classes)×\(d)",
        actual: "\(classes)×\(learner.architecture.dimension)")
    }
    var tally = Tally(labels: samples.labels, classes: classes)
    let spool = spare
    try learner.evaluate(samples) { first, features, logits -> Bool in
      spool.write(features, at: first)
      tally.add(logits, first: first)
      return true
    }
    let weight = try learner.classifierWeight().map(Double.init)
    let bias = try learner.classifierBias()?.map(Double.init)
    guard (weight + (bias ?? [])).allSatisfy({ $0.isFinite }) else { return (nil, tally) }
    let layer = LastLayer(
      classifier: Matrix(rows: classes, columns: d, elements: weight), bias: bias,
      features: spool, labels: samples.labels)
    return (layer.isFinite && tally.loss.isFinite ? layer : nil, tally)
  }

  /// Makes a layer the earlier one, and the file of the one before the spare one.
  private func keep(_ layer: LastLayer, _ gradient: Matrix) {
    let spool = spare
    spare =
      earlier?.spool ?? FeatureSpool(count: samples.count, dimension: model.dimension)
    earlier = Earlier(
      spool: spool, classifier: layer.classifier,
      alignment: SurrogateAlignment(from: layer, classifierGradient: gradient))
  }

  private func losses(_ layer: LastLayer, errors: Int) -> Measurement {
    let count = Double(samples.count)
    var m = Measurement(
      marginQuantilesOf: CrossEntropy.margins(logits: layer.logits, labels: samples.labels))
    m[.trainLoss] = .value(exp(layer.logLoss) / count)
    m[.trainError] = .value(Double(errors) / count)
    return m
  }

  private func ceiling(of problem: SeparationProblem) -> Reading {
    if !hasNonnegativeFeatures {
      return .absent(because: "free features may be negative")
    }
    return problem.sizes.areBalanced
      ? .value(problem.ceilingOfNonnegativeFeatures)
      : .absent(because: "not known for classes of different sizes")
  }
}
