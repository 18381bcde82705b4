import Glibc
import LayerPeel
import LayerPeelNetworks
import LayerPeelReports

/// `x^p`.
func power(_ x: Double, _ p: Double) -> Double { pow(x, p) }

extension FlowRecord {
  /// A flow that does what the theory predicts, recorded evenly in `log log t`.
  static func ideal(upTo last: Double = 1e6) -> FlowRecord {
    let decades = log10(last)
    let times = (0...Int(20 * decades)).map { pow(10, Double($0) / 20) }
    return made(logTimes: times) { time in
      [
        .logLoss: -time, .leastMargin: time, .marginRatio: 1 - 1 / (time + 1),
        .balancedMarginRatio: 0.2, .smoothedGamma: 0.1 - 1 / (10 * time + 10),
        .stationarity: pow(time, -0.5), .nc2MeansNorm: 0.1 / time, .nc2MeansAngle: 0.1 / time,
        .nc3DualityCentered: 0.1 / time, .nc1Within: pow(time, -0.5),
      ]
    }
  }

  /// A flow recorded where escapes are, with the margin ratio a function of `-log L`.
  static func escape(upTo last: Double = 5e5, ratio: (Double) -> Double) -> FlowRecord {
    let times = Claim.escapeLogLosses.map { -$0 }.filter { $0 <= last }
    return made(logTimes: times) { [.logLoss: -$0, .marginRatio: ratio($0)] }
  }

  private static func made(
    logTimes: [Double], _ values: (Double) -> [Quantity: Double]
  ) -> FlowRecord {
    let records = logTimes.map { time in
      var m = Measurement()
      for (quantity, value) in values(time) { m[quantity] = .value(value) }
      return Trajectory<FlowTime>.Record(FlowTime(logTime: time), m)
    }
    return FlowRecord(
      name: "synthetic", records: records, termination: .logLoss)
  }

  private init(
    name: String, records: [Trajectory<FlowTime>.Record], termination: Termination
  ) {
    let sizes: ClassSizes
    do {
      sizes = try ClassSizes(classes: 4, perClass: 5)
    } catch {
      preconditionFailure("four classes of five are class sizes")
    }
    self.init(
      name: name, sizes: sizes, dimension: 8,
      trajectory: Trajectory(
        settings: Flow.Settings(), records: records, events: [], termination: termination,
        cost: Cost()))
  }

  /// The same with one quantity replaced by a function of `log t`.
  func with(_ quantity: Quantity, _ value: (Double) -> Double) -> FlowRecord {
    changed { $1[quantity] = .value(value($0)) }
  }

  /// The same with one quantity absent.
  func without(_ quantity: Quantity) -> FlowRecord {
    changed { $1[quantity] = .absent(because: "taken away") }
  }

  /// The same with another end.
  func ended(_ termination: Termination) -> FlowRecord {
    FlowRecord(name: name, records: trajectory.records, termination: termination)
  }

  private func changed(_ change: (Double, inout Measurement) -> Void) -> FlowRecord {
    let records = trajectory.records.map { record in
      var m = record.measurement
      change(record.coordinate.logTime, &m)
      return Trajectory<FlowTime>.Record(record.coordinate, m)
    }
    return FlowRecord(name: name, records: records, termination: trajectory.termination)
  }
}

extension NetworkRecord {
  /// A network whose three metrics are 1 untrained, `zero` at epoch 20 and `end` at epoch 60.
  static func made(
    zero: Double = 0.2, end: Double = 0.1, hadWeightDecay: Bool = false, zeroErrorEpoch: Int? = 20,
    termination: Termination = .epochs
  ) -> NetworkRecord {
    let records = [(0, 1), (20, zero), (60, end)].map { epoch, value in
      var m = Measurement()
      for quantity in [.nc1Trace, .nc2MeansAngle, .nc3DualityCentered] as [Quantity] {
        m[quantity] = .value(value)
      }
      return Trajectory<Epoch>.Record(Epoch(epoch), m)
    }
    return NetworkRecord(
      name: "synthetic",
      trajectory: Trajectory(
        settings: Training.Settings(), records: records, events: [], termination: termination,
        cost: Cost()),
      hadWeightDecay: hadWeightDecay, zeroErrorEpoch: zeroErrorEpoch)
  }

  /// A network of whose features' motion the model explains a share: at each epoch up to 10 from
  /// `first` on, and at 20, 30, 40 and 50; along the model's direction or against it.
  static func moving(
    share: Double?, from first: Int = 10, zeroErrorEpoch: Int? = 10, hadWeightDecay: Bool = false,
    isPlainDescent: Bool = false, isBackward: Bool = false
  ) -> NetworkRecord {
    let records = (Array(first...10) + [20, 30, 40, 50]).map { epoch in
      var m = Measurement()
      if let share {
        for quantity in Quantity.alignment { m[quantity] = .value(share) }
        m[.alignmentFeatures] = .value((isBackward ? -1 : 1) * share.squareRoot())
      }
      return Trajectory<Epoch>.Record(Epoch(epoch), m)
    }
    return NetworkRecord(
      name: "synthetic",
      trajectory: Trajectory(
        settings: Training.Settings(), records: records, events: [], termination: .epochs,
        cost: Cost()),
      hadWeightDecay: hadWeightDecay, zeroErrorEpoch: zeroErrorEpoch,
      isPlainDescent: isPlainDescent)
  }
}
