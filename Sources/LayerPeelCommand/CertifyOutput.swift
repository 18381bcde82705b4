import LayerPeel
import LayerPeelFiles

/// The files that a judgement goes to, known to be writable before any work is done.
struct CertifyOutput {
  let escape: OutputFile?
  let better: OutputFile?
  let judgement: OutputFile?
  let proof: OutputFile?

  /// Those that have a path.
  init(escape: String?, better: String?, judgement: String?, proof: String?) throws {
    self.escape = try escape.map { try OutputFile(path: $0, formats: PointFile.formats) }
    self.better = try better.map { try OutputFile(path: $0, formats: PointFile.formats) }
    self.judgement = try judgement.map {
      try OutputFile(path: $0, formats: JudgementDocument.formats)
    }
    self.proof = try proof.map { try OutputFile(path: $0, formats: ProofDocument.formats) }
    let paths = [escape, better, judgement, proof].compactMap { $0 }
    guard Set(paths).count == paths.count else {
      throw ModelError.badSetting(
        argument: "out, proof, escape, save-point", value: paths.joined(separator: ", "),
        expected: "a file for each")
    }
  }

  /// Writes what there is, and says what there is not.
  func write(
    _ findings: Findings, of input: CertifiedInput, from file: String, document: JudgementDocument
  ) throws {
    try judgement?.write(document.json)
    if let proof {
      if let found = findings.proof {
        try ProofDocument(found).write(to: proof)
      } else {
        say("No proof to write: some samples are not on their side.")
      }
    }
    if let way = findings.judgement.escape {
      try write(way, labels: input.labels, from: file)
    } else {
      if escape != nil { say("No escape to write: \(findings.judgement.escapeReason).") }
      try write(betterOf: findings, from: file)
    }
  }

  private func write(_ way: WayOut, labels: Labels, from file: String) throws {
    let about = fileMetadata(
      command: "certify", ["sigma": "\(way.sigma)", "step": "\(way.step)", "from": file])
    if let escape {
      try PointFile.write(way.direction, labels: labels, metadata: about, to: escape.path)
    }
    if let better {
      try PointFile.write(way.point(at: way.step), labels: labels, metadata: about, to: better.path)
    }
  }

  /// Without an escape, the better point that the search met.
  private func write(betterOf findings: Findings, from file: String) throws {
    guard let better else { return }
    guard let solution = findings.betterPoint else {
      return say("No better point to write: \(findings.judgement.escapeReason).")
    }
    try PointFile.write(
      solution.point, labels: solution.multipliers.labels,
      metadata: fileMetadata(command: "certify", ["from": file]), to: better.path)
  }
}
