internal import FoundationEssentials
internal import Glibc
internal import LayerPeel
public import LayerPeelFiles
public import LayerPeelNetworks

extension RunFolder {
  /// Keeps a checkpoint: last of all the file that names everything else.
  ///
  /// - Throws: `FileError/notWritable(path:reason:cure:)`; the checkpoint before stays whole.
  public func save(_ checkpoint: Training.Checkpoint) throws(FileError) {
    let known = recorded
    try record(checkpoint)
    if checkpoint.probes.epoch == checkpoint.epochs {
      try ProbeFile.write(checkpoint.probes, to: probePath(checkpoint.epochs))
    }
    if checkpoint.best.epoch == checkpoint.epochs {
      try writeWeights("best", checkpoint)
    }
    try writeWeights("last", checkpoint)
    try CheckpointFile.write(
      checkpoint, records: recorded, recordsChecksum: recordsChecksum, data: fingerprint,
      to: file("checkpoint.safetensors"))
    if recorded > known { removeProbes(before: checkpoint.probes.epoch) }
    try AppendedFile(path: file("log.txt")).append(Array(line(of: checkpoint).utf8))
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
    let epoch = stored.state.probeEpoch
    let probes = try ProbeFile.read(shapes, epoch: epoch, from: probePath(epoch))
    return stored.checkpoint(records: records, snapshots: snapshots, probes: probes)
  }

  private func line(of checkpoint: Training.Checkpoint) -> String {
    let time = Date.now.formatted(.iso8601)
    let isTested = checkpoint.records.last?.measurement[.testError].number != nil
    let value = checkpoint.value.map { ", \(isTested ? "test error" : "mean loss") \($0)" } ?? ""
    let zero =
      checkpoint.zeroErrorEpoch.map { ", first without training error at epoch \($0)" } ?? ""
    return "\(time) epoch \(checkpoint.epochs): \(checkpoint.cost.steps) steps\(value), "
      + "best at epoch \(checkpoint.best.epoch)\(zero)\n"
  }
}

// MARK: - Weights

extension RunFolder {
  private func writeWeights(
    _ name: String, _ checkpoint: Training.Checkpoint
  ) throws(FileError) {
    try WeightsFile.write(
      checkpoint.parameters, steps: checkpoint.cost.steps,
      metadata: ["epoch": "\(checkpoint.epochs)", "made_by": "layerpeel train"],
      to: file("\(name).safetensors"))
  }

  private func probePath(_ epoch: Int) -> String { file("probe-\(epoch).safetensors") }

  private func removeProbes(before epoch: Int) {
    for name in Folder.names(in: path)
    where name.hasPrefix("probe-") && file(name) != probePath(epoch) {
      unlink(file(name))
    }
  }

  /// What arrays and a text come to, in this order.
  static func checksum(_ arrays: [NamedArray], _ text: String = "") -> String {
    var checksum = Checksum()
    checksum.add(text)
    for array in arrays { checksum.add(array.bytes) }
    return "\(checksum)"
  }
}

// MARK: - Records

extension RunFolder {
  /// Adds the records that are not in the file yet.
  private func record(_ checkpoint: Training.Checkpoint) throws(FileError) {
    let file = try openRecords()
    guard recorded < checkpoint.records.count else { return }
    while recorded < checkpoint.records.count {
      let record = checkpoint.records[recorded]
      let snapshot = checkpoint.snapshots.first { $0.epoch == record.coordinate.number }
      let line = Array((jsonText(of: RecordedProbe(record, snapshot: snapshot)) + "\n").utf8)
      try file.append(line)
      recordsChecksum.add(line)
      recorded += 1
    }
    try file.synchronize()
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
