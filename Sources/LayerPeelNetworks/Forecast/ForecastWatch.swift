public import LayerPeel

/// Gathers what forecasts need while a network trains: last layers to start from, and a small state
/// of every probe.
public struct ForecastWatch: Sendable {
  /// When a forecast starts.
  public enum Moment: Hashable, Sendable {
    /// After an epoch, counted from 1.
    case epoch(Int)
    /// After the first epoch without training error.
    case firstZeroError
    /// After the last epoch.
    case end
  }

  /// When forecasts are wanted.
  public let moments: Set<Moment>
  /// The last layers that were met at those moments, in order.
  public private(set) var starts: [Forecast.Start] = []
  /// Every probe so far.
  public private(set) var probes: [Forecast.Probe] = []
  /// Whether an epoch without training error was among those that were noted.
  public private(set) var hasMetZeroError = false
  private let labels: Labels

  /// A watch over a training on samples of given classes.
  public init(_ moments: some Sequence<Moment>, labels: Labels) {
    self.moments = Set(moments)
    self.labels = labels
  }

  /// The epochs that a training must probe for it.
  public var epochs: [Int] {
    moments.compactMap { if case .epoch(let epoch) = $0 { epoch } else { nil } }.sorted()
  }

  /// Notes what a training has just probed, or how it ended.
  ///
  /// - Parameters:
  ///   - run: What there is so far.
  ///   - point: Its last layer after the last finished epoch.
  ///   - isOver: Whether nothing comes after it.
  public mutating func note(_ run: Training.Run, point: Point, isOver: Bool = false) {
    let epoch = run.audit.epochs
    if let record = run.trajectory.records.last, record.coordinate.number == epoch,
      probes.last?.epoch != epoch
    {
      probes.append(
        Forecast.Probe(
          epoch: epoch,
          state: Forecast.State(
            measurement: record.measurement,
            geometry: ClassGeometry(of: point, labels: labels))))
    }
    let isZeroError = run.audit.zeroErrorEpoch == epoch
    hasMetZeroError = hasMetZeroError || isZeroError
    let isWanted =
      moments.contains(.epoch(epoch)) || (isOver && moments.contains(.end))
      || (moments.contains(.firstZeroError) && isZeroError)
    guard isWanted, starts.last?.epoch != epoch else { return }
    starts.append(Forecast.Start(epoch: epoch, point: point))
  }
}
