import LayerPeel
import LayerPeelNetworks

extension Evidence {
  /// What was run, as the records themselves say it: names and descriptions.
  public var provenance: [(String, String)] {
    let flows = gaussian + [imbalanced, square, perturbed, bridge].compactMap { $0 }
    let plans = Dictionary(plan.networks.map { ($0.name, $0) }) { first, _ in first }
    return [
      ("flows", flows.map(\.summary).joined(separator: "; ")),
      ("landscapes", landscapes.map(\.summary).joined(separator: "; ")),
      (
        "networks",
        (networks + controls + narrow + paper).map { $0.summary(of: plans[$0.name]) }
          .joined(separator: "; ")
      ),
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
  fileprivate func summary(of plan: NetworkPlan?) -> String {
    let s = trajectory.settings
    return
      "\(name): \(plan.map { "\($0.network), " } ?? "")\(s.epochs) epochs, batch \(s.batchSize), momentum \(s.momentum), "
      + "\(s.schedule.rawValue) rate from \(s.rate), weight decay \(s.weightDecay)"
  }
}

extension NetworkPlan {
  /// The family, and how wide it is.
  fileprivate var network: String {
    let name = recipe.model.rawValue
    return switch recipe.model {
    case .mlp:
      "\(name) \(NetworkArchitecture.defaultHidden.map(String.init).joined(separator: "-"))"
    case .resnet18, .vgg13: "\(name) of width \(recipe.width)"
    case .linearFeatures: "\(name) of \(NetworkArchitecture.defaultDimension) dimensions"
    }
  }
}
