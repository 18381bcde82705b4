internal import FoundationEssentials
internal import Glibc
internal import LayerPeel
public import LayerPeelFiles
public import LayerPeelNetworks

extension RunFolder {
  /// How often the checkpoint is written through to the disk: a kill never loses it, a power cut may.
  private static let exposure = Duration.seconds(10)

  /// Keeps a checkpoint: last of all the file that names everything else.
  ///
  /// - Throws: `FileError/notWritable(path:reason:cure:)`; the checkpoint before stays whole.
  public func save(_ checkpoint: Training.Checkpoint) throws(FileError) {
    let now = ContinuousClock.now
    let isSynced = synchronized.map { now - $0 >= RunFolder.exposure } ?? true
    let known = recorded
    try record(checkpoint, isSynced: isSynced)
    if checkpoint.probes.epoch == checkpoint.epochs {
      try writeProbe(checkpoint, isSynced: isSynced)
    }
    if checkpoint.best.epoch == checkpoint.epochs {
      try writeWeights("best", checkpoint, isSynced: isSynced)
    }
    try writeWeights("last", checkpoint, isSynced: isSynced)
    try CheckpointFile.write(
      checkpoint, records: recorded, recordsChecksum: recordsChecksum, data: fingerprint,
      to: file("checkpoint.safetensors"), isSynced: isSynced)
    if recorded > known { removeProbes(before: checkpoint.probes.epoch) }
    try AppendedFile(path: file("log.txt")).append(Array(line(of: checkpoint).utf8))
    if isSynced { synchronized = now }
  }

  /// Where the run was after its last finished epoch; nil if it never came to the first.
  ///
  /// - Parameter shapes: The parameters of the network that the recipe describes.
  /// - Throws: `FileError`: a checkpoint that is damaged, of another network, of another version.
  public func checkpoint(_ shapes: [ParameterShape]) throws(FileError) -> Training.Checkpoint? {
    let path = file("checkpoint.safetensors")
    guard access(path, F_OK) == 0 else { return nil }
    let stored = try CheckpointFile(path: path, shapes: shapes, data: fingerprint)
    let (records, snapshots) = try readRecords(stored.state)
    let probes = try readProbe(stored.state, shapes)
    return stored.checkpoint(records: records, snapshots: snapshots, probes: probes)
  }

  private func line(of checkpoint: Training.Checkpoint) -> String {
    let time = Date.now.formatted(.iso8601)
    let value = checkpoint.value.map { ", test error or loss \($0)" } ?? ""
    let zero = checkpoint.zeroErrorEpoch.map { ", no training error since epoch \($0)" } ?? ""
    return "\(time) epoch \(checkpoint.epochs): \(checkpoint.cost.steps) steps\(value), "
      + "best at epoch \(checkpoint.best.epoch)\(zero)\n"
  }
}

// MARK: - Weights

extension RunFolder {
  private func writeWeights(
    _ name: String, _ checkpoint: Training.Checkpoint, isSynced: Bool
  ) throws(FileError) {
    try WeightsFile.write(
      checkpoint.parameters, steps: checkpoint.cost.steps,
      metadata: ["epoch": "\(checkpoint.epochs)", "made_by": "layerpeel train"],
      to: file("\(name).safetensors"), isSynced: isSynced)
  }

  private func probePath(_ epoch: Int) -> String { file("probe-\(epoch).safetensors") }

  private func writeProbe(
    _ checkpoint: Training.Checkpoint, isSynced: Bool
  ) throws(FileError) {
    var metadata = ["epoch": "\(checkpoint.probes.epoch)", "made_by": "layerpeel train"]
    if let reference = checkpoint.probes.reference {
      metadata["reference"] = jsonText(of: reference)
    }
    metadata["checksum"] = RunFolder.checksum(
      checkpoint.probes.parameters, metadata["reference"] ?? "")
    try WeightsFile.write(
      checkpoint.probes.parameters, steps: checkpoint.cost.steps, metadata: metadata,
      to: probePath(checkpoint.probes.epoch), isSynced: isSynced)
  }

  private func readProbe(
    _ state: CheckpointState, _ shapes: [ParameterShape]
  ) throws(FileError) -> Training.ProbeState {
    let path = probePath(state.probeEpoch)
    let parameters = try WeightsFile.read(shapes, from: path)
    let metadata = try SafetensorsFile(path: path).metadata
    let reference = metadata["reference"]
    guard metadata["checksum"] == RunFolder.checksum(parameters, reference ?? "") else {
      throw RunFolder.refusal(path, "weights as they were written", "others, so it is damaged")
    }
    guard let reference else {
      return Training.ProbeState(
        epoch: state.probeEpoch, parameters: parameters, reference: nil)
    }
    let decoded = try? JSONDecoder().decode(ProberReference.self, from: Data(reference.utf8))
    guard let decoded else {
      throw RunFolder.refusal(path, "what probes are compared with", "something else")
    }
    return Training.ProbeState(
      epoch: state.probeEpoch, parameters: parameters, reference: decoded)
  }

  private func removeProbes(before epoch: Int) {
    for name in RunFolder.names(in: path)
    where name.hasPrefix("probe-") && file(name) != probePath(epoch) {
      unlink(file(name))
    }
  }

  static func checksum(_ parameters: [ParameterValues], _ text: String) -> String {
    var checksum = Checksum()
    checksum.add(text)
    for parameter in parameters { checksum.add(NamedArray(parameter).bytes) }
    return "\(checksum)"
  }
}

// MARK: - Records

extension RunFolder {
  /// Adds the records that are not in the file yet.
  private func record(_ checkpoint: Training.Checkpoint, isSynced: Bool) throws(FileError) {
    let file = try openRecords()
    while recorded < checkpoint.records.count {
      let record = checkpoint.records[recorded]
      let snapshot = checkpoint.snapshots.first { $0.epoch == record.coordinate.number }
      let line = Array((jsonText(of: RecordedProbe(record, snapshot: snapshot)) + "\n").utf8)
      try file.append(line)
      recordsChecksum.add(line)
      recorded += 1
    }
    if isSynced { try file.synchronize() }
  }

  private func openRecords() throws(FileError) -> AppendedFile {
    if let records { return records }
    let new = try AppendedFile(path: file("records.jsonl"), length: 0)
    records = new
    return new
  }

  /// The records that a checkpoint counts; later lines are dropped.
  private func readRecords(
    _ state: CheckpointState
  ) throws(FileError) -> ([Trajectory<Epoch>.Record], [Snapshot]) {
    let path = file("records.jsonl")
    var rest = try fileContent(path)[...]
    var (records, snapshots) = ([Trajectory<Epoch>.Record](), [Snapshot]())
    var checksum = Checksum()
    for _ in 0..<max(0, state.records) {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { break }
      let line = Array(rest[...end])
      guard let probe = try? JSONDecoder().decode(RecordedProbe.self, from: Data(line)) else {
        break
      }
      checksum.add(line)
      records.append(probe.record)
      if let snapshot = probe.snapshot { snapshots.append(snapshot) }
      rest = rest[(end + 1)...]
    }
    guard records.count == state.records, !records.isEmpty,
      "\(checksum)" == state.recordsChecksum
    else {
      throw RunFolder.refusal(
        path, "the \(state.records) records of the checkpoint", "others, so it is damaged")
    }
    self.records = try AppendedFile(path: path, length: rest.startIndex)
    (recorded, recordsChecksum) = (records.count, checksum)
    return (records, snapshots)
  }
}
