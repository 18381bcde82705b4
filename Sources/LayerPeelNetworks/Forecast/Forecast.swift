internal import Glibc
public import LayerPeel

/// Where the layer-peeled model would go from a network's own last layer, and whether the network
/// goes there too.
///
/// The flow `dθ/dt = -∇L(θ)` starts at `θ = (W_e, H_e)`, the classifier after epoch `e` and the
/// features of the whole training set in evaluation mode, and runs towards the optimum. Each later
/// probe of the network is compared with three states:
///
/// | state | asks |
/// |---|---|
/// | the start | how far has the network come since? |
/// | the forecast at the network's own loss | does it go the model's way? |
/// | the forecast's end | is it where the model leads? |
///
/// Network and model are matched by loss, because it means the same in both and both lower it;
/// norms do not compare, as batch normalisation and step sizes decide a network's. The forecast says
/// something where the second distance is less than the first: a forecast of no change would have
/// the first.
///
/// > Source: the paper assumes that last-layer features move as if they were free (Ji et al.,
/// > ICLR 2022, [arXiv:2110.02796](https://arxiv.org/abs/2110.02796)); this comparison is ours.
public struct Forecast: Sendable {
  /// The classes of the training set.
  public let labels: Labels
  /// How far and how exactly it is followed.
  public var settings: Settings

  /// Forecasts for networks trained on samples of given classes.
  public init(labels: Labels, settings: Settings = Settings()) {
    self.labels = labels
    self.settings = settings
  }

  /// How far a forecast is followed, and how exactly.
  public struct Settings: Hashable, Sendable {
    /// Stop at this margin ratio, below 1.
    public var untilMarginRatio = 0.95
    /// Relative error of a step: loose, because the certificate says how good the end is.
    public var relativeTolerance = 1e-6
    /// Stop after this many gradient evaluations; nil for a number that ``Forecast`` chooses by the
    /// size of the problem.
    public var maximumEvaluations: Int?

    /// A margin ratio of 0.95 in affordable time.
    public init() {}

    /// Evaluations that a forecast may take: 20,000, or as many as pass over `1.28e10` features
    /// (some minutes), but at least 300.
    public func evaluations(samples: Int, dimension: Int) -> Int {
      if let maximumEvaluations { return maximumEvaluations }
      let affordable = 1.28e10 / (Double(samples) * Double(dimension))
      return Int(max(300, min(20_000, affordable)))
    }
  }

  /// What is compared of a network, or of the model, at one instant.
  public struct State: Sendable {
    /// Losses, margins, metrics.
    public let measurement: Measurement
    /// How class means and classifier lie.
    public let geometry: ClassGeometry

    /// A state of given parts.
    public init(measurement: Measurement, geometry: ClassGeometry) {
      self.measurement = measurement
      self.geometry = geometry
    }

    /// `log L` of the sum.
    public var logLoss: Double? { measurement[.logLoss].number }
  }

  /// A network's last layer that a forecast starts from.
  public struct Start: Sendable {
    /// After which epoch.
    public let epoch: Int
    /// `W_e` and `H_e`, every training sample in evaluation mode.
    public let point: Point

    /// A start of given parts.
    public init(epoch: Int, point: Point) {
      self.epoch = epoch
      self.point = point
    }
  }

  /// A network as it was probed.
  public struct Probe: Sendable {
    /// After which epoch.
    public let epoch: Int
    /// What was seen.
    public let state: State

    /// A probe of given parts.
    public init(epoch: Int, state: State) {
      self.epoch = epoch
      self.state = state
    }
  }

  /// Follows the model from a last layer, and compares the network's probes with it.
  ///
  /// *Cost:* that of a flow; a few products of `K × N × d` for each probe of another loss.
  ///
  /// - Parameters:
  ///   - start: The last layer.
  ///   - probes: The network's; those at later epochs than the start are compared.
  ///   - progress: Called after every step of the flow.
  ///   - isCancelled: Asked after every step; what was finished is kept.
  /// - Throws: `ModelError` for a point that is not of the labels' model, or settings out of range.
  public func run(
    from start: Start, against probes: [Probe], progress: (Flow.Progress) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws(ModelError) -> Outcome {
    let model = try LayerPeeledModel(labels: labels, dimension: start.point.dimension)
    try model.validate(start.point)
    let later = probes.filter { $0.epoch > start.epoch }
    let flow = Flow(model, settings: flowSettings(model, from: start.point, through: later))
    var states: [State] = []
    let labels = labels
    let run = try flow.run(
      from: start.point,
      recorded: { record, point in
        states.append(
          State(
            measurement: record.measurement, geometry: ClassGeometry(of: point, labels: labels)))
      }, progress: progress, isCancelled: isCancelled)
    return Outcome(epoch: start.epoch, trajectory: run.trajectory, states: states, later: later)
  }

  /// Records at the losses that the network had later, then at two a decade.
  private func flowSettings(
    _ model: LayerPeeledModel, from start: Point, through later: [Probe]
  ) -> Flow.Settings {
    let first = model.logLoss(at: start).value
    // What is less by rounding only would be passed before the first step.
    let highest = first - 1e-9 * max(1, abs(first))
    let losses = Set(later.compactMap { $0.state.logLoss }.filter { $0 < highest })
    let least = losses.min() ?? highest
    let grid = (0...12).map { -(pow(10, Double($0) / 2).rounded()) }.filter { $0 < least }
    var settings = Flow.Settings()
    settings.logLosses = losses.sorted(by: >) + grid
    settings.untilMarginRatio = self.settings.untilMarginRatio
    settings.relativeTolerance = self.settings.relativeTolerance
    settings.maximumEvaluations = self.settings.evaluations(
      samples: labels.count, dimension: model.dimension)
    return settings
  }

  /// Bytes that forecasts take, run one after the other: the last layers they start from, and one
  /// flow.
  ///
  /// - Parameters:
  ///   - sizes: Samples of each class.
  ///   - dimension: `d`.
  ///   - count: How many forecasts.
  public static func memoryNeeded(sizes: ClassSizes, dimension: Int, count: Int) -> Double {
    Flow.memoryNeeded(sizes: sizes, dimension: dimension)
      + 8 * Double(count) * Double(sizes.samples + sizes.classes) * Double(dimension)
  }
}
