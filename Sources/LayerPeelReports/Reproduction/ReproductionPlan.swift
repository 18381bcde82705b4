public import LayerPeelFiles
import LayerPeelNetworks

/// What `reproduce` runs: sizes and lengths, fixed beforehand.
public struct ReproductionPlan: Hashable, Sendable {
  /// Name under which the page records it.
  public private(set) var name: String
  /// A flow of the model a seed.
  public let flowSeeds: [UInt64]
  /// What is trained, in order; the first perceptron is continued and forecast.
  public private(set) var networks: [NetworkPlan]
  /// Whether the narrow convolutional network is judged, not only shown.
  public let judgesNarrow: Bool
  /// Where the flows of the model end.
  public var logLoss = -1e6
  /// Random points that each landscape is searched from.
  public let landscapeRestarts: Int
  /// Where the flow from the network's last layer ends.
  public var bridgeMarginRatio = 0.95
  /// Gradient evaluations that flow may take.
  public let bridgeEvaluations: Int
  /// Which parts of it are run.
  public private(set) var parts = Set(Part.allCases)

  /// A part that can be run by itself; the claims of the others are not run then.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    /// Flows, KKT points and landscapes of the model.
    case model
    /// The small networks, their controls, their continuation and forecast.
    case networks
    /// The networks of the paper's own scale.
    case paper
  }

  /// A plan of given parts.
  package init(
    name: String, flowSeeds: [UInt64], networks: [NetworkPlan], judgesNarrow: Bool,
    landscapeRestarts: Int, bridgeEvaluations: Int
  ) {
    (self.name, self.flowSeeds, self.networks) = (name, flowSeeds, networks)
    (self.judgesNarrow, self.landscapeRestarts) = (judgesNarrow, landscapeRestarts)
    self.bridgeEvaluations = bridgeEvaluations
  }

  /// One part of the plan.
  public func only(_ part: Part) -> ReproductionPlan {
    var plan = self
    plan.parts = [part]
    plan.name += ", \(part.rawValue) only"
    plan.networks = networks.filter { part == ($0.role == .paper ? .paper : .networks) }
    return plan
  }

  /// Networks of one role.
  public func networks(_ role: NetworkPlan.Role) -> [NetworkPlan] {
    networks.filter { $0.role == role }
  }

  /// Every data set that some network needs.
  public var dataSets: [DataSetName] {
    DataSetName.allCases.filter { name in networks.contains { $0.recipe.data == name } }
  }
}

// MARK: - Presets

extension ReproductionPlan {
  /// The paper, small but whole: less than twenty minutes on two cores.
  public static let standard = ReproductionPlan(
    name: "standard", flowSeeds: [0, 1, 2],
    networks: perceptrons(perClass: 1000, epochs: 200, seeds: [0, 1, 2])
      + controls(perClass: 1000, epochs: 200, few: 200, shuffledEpochs: 100)
      + narrow(perClass: 300, seeds: [0]),
    judgesNarrow: false, landscapeRestarts: 100, bridgeEvaluations: 20_000)

  /// The same with the narrow convolutional network judged on three seeds: an hour on two cores.
  public static let laptop = ReproductionPlan(
    name: "laptop", flowSeeds: [0, 1, 2],
    networks: perceptrons(perClass: 1000, epochs: 200, seeds: [0, 1, 2])
      + controls(perClass: 1000, epochs: 200, few: 200, shuffledEpochs: 100)
      + narrow(perClass: 1000, seeds: [0, 1, 2]),
    judgesNarrow: true, landscapeRestarts: 100, bridgeEvaluations: 20_000)

  /// The same with the paper's own networks and data sets, for a bigger machine.
  public static let full = ReproductionPlan(
    name: "full", flowSeeds: [0, 1, 2], networks: laptop.networks + paper,
    judgesNarrow: true, landscapeRestarts: 100, bridgeEvaluations: 20_000)

  /// Every step in seconds, to try the way it goes; too small for the networks to be judged.
  public static let quick = ReproductionPlan(
    name: "quick", flowSeeds: [0],
    networks: perceptrons(perClass: 20, epochs: 3, seeds: [0])
      + controls(perClass: 20, epochs: 3, few: 20, shuffledEpochs: 3)
      + narrow(perClass: 20, seeds: [0], epochs: 1, width: 4),
    judgesNarrow: false, landscapeRestarts: 20, bridgeEvaluations: 2000)

  /// Every preset, the default first.
  public static let presets = [standard, laptop, full, quick]

  private static func settings(epochs: Int, seed: UInt64 = 0) -> Training.Settings {
    var settings = Training.Settings()
    (settings.epochs, settings.seed) = (epochs, seed)
    return settings
  }

  private static func perceptrons(perClass: Int, epochs: Int, seeds: [UInt64]) -> [NetworkPlan] {
    seeds.map {
      NetworkPlan(
        "seed \($0)", role: .perceptron, imagesPerClass: perClass,
        settings: settings(epochs: epochs, seed: $0))
    }
  }

  /// Weight decay, shuffled labels, no batch normalisation, and the model itself in the network's
  /// place, an epoch of which is one plain step on all samples.
  private static func controls(
    perClass: Int, epochs: Int, few: Int, shuffledEpochs: Int
  ) -> [NetworkPlan] {
    let base = NetworkPlan(
      "", role: .control, imagesPerClass: perClass, settings: settings(epochs: epochs))
    var (decaying, shuffled, plain, free) = (base, base, base, base)
    decaying.name = "weight decay 5e-4"
    decaying.recipe.settings.weightDecay = 5e-4
    (shuffled.name, shuffled.recipe.labels) = ("shuffled labels", LabelTreatment.shuffled.name)
    (shuffled.recipe.imagesPerClass, shuffled.recipe.settings.epochs) = (few, shuffledEpochs)
    (plain.name, plain.recipe.normalization) = ("no batch norm", .none)
    (free.name, free.role) = ("linear features", .freeFeatures)
    (free.recipe.model, free.recipe.normalization) = (.linearFeatures, .none)
    free.recipe.settings.batchSize = 10 * perClass
    // Each feature moves by a hundredth of its own gradient, the rest being the mean over all.
    (free.recipe.settings.rate, free.recipe.settings.schedule) = (0.1 * Double(perClass), .constant)
    free.recipe.settings.momentum = 0
    return [decaying, shuffled, plain, free]
  }

  /// ResNet-18 of a sixteenth of the published work.
  private static func narrow(
    perClass: Int, seeds: [UInt64], epochs: Int = 40, width: Int = 16
  ) -> [NetworkPlan] {
    seeds.map { seed in
      var plan = NetworkPlan(
        "ResNet-18, seed \(seed)", role: .narrow, imagesPerClass: perClass,
        settings: settings(epochs: epochs, seed: seed))
      (plan.recipe.model, plan.recipe.width) = (.resnet18, width)
      plan.recipe.settings.rate = 0.1
      return plan
    }
  }

  /// Both networks on the four data sets, by a published recipe without its weight decay.
  ///
  /// > Source: Fang, He, Long & Su, PNAS 2021: 350 epochs, momentum 0.9, batches of 128, a rate of
  /// > 0.1 that falls to a tenth after one and after two thirds.
  private static var paper: [NetworkPlan] {
    [NetworkArchitecture.Model.resnet18, .vgg13].flatMap { model in
      DataSetName.allCases.map { data in
        var plan = NetworkPlan(
          "\(model == .resnet18 ? "ResNet-18" : "VGG-13") on \(data.rawValue)", role: .paper,
          imagesPerClass: nil, settings: settings(epochs: 350))
        (plan.recipe.model, plan.recipe.data) = (model, data)
        (plan.recipe.settings.rate, plan.recipe.settings.schedule) = (0.1, .step)
        return plan
      }
    }
  }
}
