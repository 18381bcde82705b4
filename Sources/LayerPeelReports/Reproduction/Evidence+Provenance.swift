import LayerPeel
import LayerPeelNetworks

extension Evidence {
  /// What was run, as the records themselves say it: names and descriptions.
  public var provenance: [(String, String)] {
    let flows = gaussian + [imbalanced, square, perturbed, bridge].compactMap { $0 }
    return [
      ("flows", flows.map(\.summary).joined(separator: "; ")),
      ("landscapes", landscapes.map(\.summary).joined(separator: "; ")),
      ("networks", (networks + controls + narrow + paper).map(\.summary).joined(separator: "; ")),
    ]
  }
}

extension FlowRecord {
  fileprivate var summary: String {
    let counts =
      sizes.areBalanced
      ? "\(sizes.classes) classes of \(sizes.counts[0])" : "\(sizes.classes) classes"
    return "\(name): \(counts) in \(dimension) dimensions, "
      + "tolerance \(trajectory.settings.relativeTolerance)"
  }
}

extension LandscapeRecord {
  fileprivate var summary: String { "\(name), \(starts) starts" }
}

extension NetworkRecord {
  fileprivate var summary: String {
    let s = trajectory.settings
    return "\(name): \(s.epochs) epochs, batch \(s.batchSize), momentum \(s.momentum), "
      + "\(s.schedule.rawValue) rate from \(s.rate), weight decay \(s.weightDecay)"
  }
}
