/// What places a record on its trajectory: a time of the flow, an epoch of training.
public protocol TrajectoryCoordinate: Hashable, Sendable {
  /// What a run along this coordinate was asked to do.
  associatedtype Settings: Sendable
  /// Its key in JSON and CSV.
  static var key: String { get }
  /// What is measured at each record, in the order of the columns.
  static var quantities: [Quantity] { get }
  /// The coordinate as a number, or why it has none.
  var reading: Reading { get }
}

/// What was measured, in order, and how it ended.
public struct Trajectory<Coordinate: TrajectoryCoordinate>: Sendable {
  /// One instant and what is known of it.
  public struct Record: Sendable {
    /// When.
    public let coordinate: Coordinate
    /// What.
    public var measurement: Measurement

    /// A record of given parts.
    public init(_ coordinate: Coordinate, _ measurement: Measurement) {
      self.coordinate = coordinate
      self.measurement = measurement
    }
  }

  /// Something that happened once, between records or at one.
  public struct Event: Sendable {
    /// What happened.
    public let name: EventName
    /// When.
    public let coordinate: Coordinate
    /// `log L` there.
    public let logLoss: Double
    /// The mark that was passed, for events that have one.
    public let value: Double?

    /// An event of given parts.
    public init(_ name: EventName, at coordinate: Coordinate, logLoss: Double, value: Double? = nil)
    {
      self.name = name
      self.coordinate = coordinate
      self.logLoss = logLoss
      self.value = value
    }
  }

  /// What the run was asked to do.
  public let settings: Coordinate.Settings
  /// In order of the coordinate; never empty.
  public let records: [Record]
  /// In the order in which they happened.
  public let events: [Event]
  /// Why it stopped.
  public let termination: Termination
  /// What it took.
  public let cost: Cost

  /// A trajectory of given parts.
  public init(
    settings: Coordinate.Settings, records: [Record], events: [Event], termination: Termination,
    cost: Cost
  ) {
    precondition(!records.isEmpty, "a trajectory has at least its start")
    self.settings = settings
    self.records = records
    self.events = events
    self.termination = termination
    self.cost = cost
  }

  /// What is known of the end.
  public var last: Measurement { records[records.count - 1].measurement }
}

/// What can happen once along a trajectory.
public enum EventName: String, Sendable {
  /// The loss fell below `log 2`: from here on every limit direction is a KKT point.
  case lossBelowLog2 = "loss_below_log2"
  /// Every sample is on its side of the classifier.
  case separated
  /// A marked margin ratio was reached.
  case marginRatio = "margin_ratio"
  /// The first epoch without training error.
  case terminalPhase = "terminal_phase"
  /// A critical point that is no minimum was left.
  case saddle
}

/// Why a run stopped: an answer, never an error.
public enum Termination: String, Sendable {
  /// The margin ratio that was asked for.
  case marginRatio = "margin_ratio"
  /// The `log L` that was asked for.
  case logLoss = "log_loss"
  /// The time that was asked for.
  case logTime = "log_time"
  /// As many gradient evaluations as were allowed.
  case evaluationLimit = "evaluation_limit"
  /// Rounding, not the model, decides what would come next.
  case noiseFloor = "noise_floor"
  /// No gradient, or a limit at which the samples are not separated.
  case stationary
  /// A critical point, with no way down that can be seen from it.
  case settled
  /// Asked to stop from outside.
  case interrupted
  /// As many epochs as were asked for.
  case epochs
  /// The loss is no longer finite.
  case diverged

  /// Whether it stopped where it was asked to.
  public var reachedTarget: Bool {
    switch self {
    case .marginRatio, .logLoss, .logTime, .epochs, .settled: true
    case .evaluationLimit, .noiseFloor, .stationary, .interrupted, .diverged: false
    }
  }
}

/// What a run took, in units that do not depend on the machine.
public struct Cost: Hashable, Sendable {
  /// Gradients of the model, or of batches in training.
  public var gradientEvaluations = 0
  /// Products with the Hessian.
  public var hessianProducts = 0
  /// Steps of the integrator or the optimiser.
  public var steps = 0

  /// Nothing yet.
  public init() {}
}
