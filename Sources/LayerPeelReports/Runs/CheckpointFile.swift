internal import FoundationEssentials
internal import LayerPeel
internal import LayerPeelFiles
internal import LayerPeelNetworks

/// What a checkpoint holds beside parameters, velocities, records and the last probe.
struct CheckpointState: Codable {
  let epochs: Int
  let generator: UInt64
  let steps: Int
  let gradientEvaluations: Int
  let executed: [Group]
  let events: [Event]
  let zeroErrorEpoch: Int?
  let value: Double?
  let best: Training.Best
  let probeEpoch: Int
  let records: Int
  let recordsChecksum: String
  /// What the data came to.
  let data: String

  private enum CodingKeys: String, CodingKey {
    case epochs, generator, steps, executed, events, value, best, records, data
    case gradientEvaluations = "gradient_evaluations"
    case zeroErrorEpoch = "zero_error_epoch"
    case probeEpoch = "probe_epoch"
    case recordsChecksum = "records_checksum"
  }

  struct Group: Codable {
    let group: ParameterGroup
    let steps: Int
    let weightDecay: Double

    private enum CodingKeys: String, CodingKey {
      case group, steps
      case weightDecay = "weight_decay"
    }
  }

  struct Event: Codable {
    let name: String
    let epoch: Int
    let logLoss: Double
    let value: Double?

    private enum CodingKeys: String, CodingKey {
      case name, epoch, value
      case logLoss = "log_loss"
    }
  }
}

/// `checkpoint.safetensors`: the state of a training after an epoch.
///
/// Arrays `parameters.…` and `velocities.…`; everything else as JSON in the metadata, with a
/// checksum over all of it.
struct CheckpointFile {
  private static let format = "layerpeel checkpoint"
  private static let version = "1"

  let state: CheckpointState
  private let parameters: [ParameterValues]
  private let velocities: [ParameterValues]

  static func write(
    _ checkpoint: Training.Checkpoint, records: Int, recordsChecksum: Checksum, data: String,
    to path: String
  ) throws(FileError) {
    let state = jsonText(
      of: CheckpointState(
        checkpoint, records: records, recordsChecksum: recordsChecksum, data: data))
    let arrays =
      checkpoint.parameters.map { NamedArray($0, prefix: "parameters.") }
      + checkpoint.velocities.map { NamedArray($0, prefix: "velocities.") }
    try SafetensorsFile.write(
      arrays,
      metadata: [
        "format": format, "format_version": version, "state": state,
        "checksum": RunFolder.checksum(arrays, state),
      ], to: path)
  }

  /// Reads the checkpoint of a network whose parameters have given names and shapes.
  init(path: String, shapes: [ParameterShape], data: String) throws(FileError) {
    let file = try SafetensorsFile(path: path)
    guard file.metadata["format"] == CheckpointFile.format else {
      throw RunFolder.refusal(path, "a checkpoint of layerpeel train", "another safetensors file")
    }
    guard file.metadata["format_version"] == CheckpointFile.version else {
      throw RunFolder.refusal(
        path, "a checkpoint of format version \(CheckpointFile.version)",
        "version \(file.metadata["format_version"] ?? "unknown")")
    }
    let text = file.metadata["state"] ?? ""
    let state = try? JSONDecoder().decode(CheckpointState.self, from: Data(text.utf8))
    guard let state, state.epochs >= 0, state.data == data else {
      throw RunFolder.refusal(path, "a state of this run", "another or a damaged one")
    }
    self.state = state
    parameters = try file.parameters("parameters.", shapes, isComplete: true)
    velocities = try file.parameters("velocities.", shapes, isComplete: false)
    guard file.entries.count == parameters.count + velocities.count else {
      throw RunFolder.refusal(path, "the network of this run", "one with more parameters")
    }
    guard
      file.metadata["checksum"]
        == RunFolder.checksum((parameters + velocities).map { NamedArray($0) }, text)
    else {
      throw RunFolder.refusal(path, "contents as they were written", "others, so it is damaged")
    }
  }

  /// The whole, with what other files hold.
  func checkpoint(
    records: [Trajectory<Epoch>.Record], snapshots: [Snapshot], probes: Training.ProbeState
  ) -> Training.Checkpoint {
    var cost = Cost()
    (cost.steps, cost.gradientEvaluations) = (state.steps, state.gradientEvaluations)
    return Training.Checkpoint(
      epochs: state.epochs, generator: state.generator, parameters: parameters,
      velocities: velocities, probes: probes, records: records,
      events: state.events.compactMap { $0.event }, snapshots: snapshots, cost: cost,
      executed: state.executed.map {
        ExecutedGroup($0.group, steps: $0.steps, weightDecay: $0.weightDecay)
      }, zeroErrorEpoch: state.zeroErrorEpoch, value: state.value, best: state.best)
  }
}

extension CheckpointState {
  fileprivate init(
    _ checkpoint: Training.Checkpoint, records: Int, recordsChecksum: Checksum, data: String
  ) {
    epochs = checkpoint.epochs
    generator = checkpoint.generator
    steps = checkpoint.cost.steps
    gradientEvaluations = checkpoint.cost.gradientEvaluations
    executed = checkpoint.executed.map {
      Group(group: $0.group, steps: $0.steps, weightDecay: $0.weightDecay)
    }
    events = checkpoint.events.map(Event.init)
    zeroErrorEpoch = checkpoint.zeroErrorEpoch
    (value, best) = (checkpoint.value, checkpoint.best)
    probeEpoch = checkpoint.probes.epoch
    self.records = records
    self.recordsChecksum = "\(recordsChecksum)"
    self.data = data
  }
}

extension CheckpointState.Event {
  fileprivate init(_ event: Trajectory<Epoch>.Event) {
    (name, epoch) = (event.name.rawValue, event.coordinate.number)
    (logLoss, value) = (event.logLoss, event.value)
  }

  fileprivate var event: Trajectory<Epoch>.Event? {
    EventName(rawValue: name).map { .init($0, at: Epoch(epoch), logLoss: logLoss, value: value) }
  }
}
