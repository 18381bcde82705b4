internal import LayerPeel
internal import LayerPeelFiles
internal import LayerPeelNetworks

/// `probe-E.safetensors`: the network at the last probe, with what later probes are compared with.
///
/// Arrays `parameters.…`, and from the first probe on, in double, `reference.imbalance`,
/// `reference.row_sum`, `reference.directions` and `reference.best_bound`; in the metadata the epoch
/// and a checksum over all arrays.
enum ProbeFile {
  static func write(_ probes: Training.ProbeState, to path: String) throws(FileError) {
    let arrays =
      probes.parameters.map { NamedArray($0, prefix: "parameters.") }
      + (probes.reference.map(arrays) ?? [])
    try SafetensorsFile.write(
      arrays,
      metadata: [
        "made_by": "layerpeel train", "epoch": "\(probes.epoch)",
        "checksum": RunFolder.checksum(arrays),
      ], to: path)
  }

  /// Reads that of an epoch, of a network whose parameters have given names and shapes.
  static func read(
    _ shapes: [ParameterShape], epoch: Int, from path: String
  ) throws(FileError) -> Training.ProbeState {
    let file = try SafetensorsFile(path: path)
    let parameters = try file.parameters("parameters.", shapes, isComplete: true)
    let reference = try reference(in: file)
    let arrays =
      parameters.map { NamedArray($0, prefix: "parameters.") } + (reference.map(arrays) ?? [])
    guard file.metadata["epoch"] == "\(epoch)", file.entries.count == arrays.count,
      file.metadata["checksum"] == RunFolder.checksum(arrays)
    else {
      throw RunFolder.refusal(
        path, "the probe of epoch \(epoch) as it was written", "another, or a damaged one")
    }
    return Training.ProbeState(epoch: epoch, parameters: parameters, reference: reference)
  }

  private static func arrays(of reference: ProberReference) -> [NamedArray] {
    let d = reference.rowSum.count
    return [
      NamedArray("reference.imbalance", shape: [d, d], reference.imbalance),
      NamedArray("reference.row_sum", shape: [d], reference.rowSum),
      NamedArray("reference.directions", shape: [3, d], reference.directions),
      NamedArray("reference.best_bound", shape: [], [reference.bestBound]),
    ]
  }

  /// Nil where none of its arrays is there, as before the first probe.
  private static func reference(in file: SafetensorsFile) throws(FileError) -> ProberReference? {
    func values(_ name: String) throws(FileError) -> [Double]? {
      guard let entry = file.entry(named: "reference.\(name)") else { return nil }
      return try file.doubles(entry)
    }
    guard let imbalance = try values("imbalance"), let rowSum = try values("row_sum"),
      let directions = try values("directions"), let bestBound = try values("best_bound")?.first,
      imbalance.count == rowSum.count * rowSum.count, directions.count == 3 * rowSum.count
    else { return nil }
    return ProberReference(
      imbalance: imbalance, rowSum: rowSum, bestBound: bestBound, directions: directions)
  }
}
