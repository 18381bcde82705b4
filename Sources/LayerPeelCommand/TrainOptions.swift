import ArgumentParser
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// What is trained, on what, and how: everything that determines a run.
///
/// Nothing is given by default, so that the folder of a run that goes on can be heard first.
struct TrainOptions: ParsableArguments {
  @Option(help: "mlp, resnet18, vgg13, or linear-features: the layer-peeled model (default: mlp).")
  var model: String?

  @Option(
    parsing: .unconditional,
    help: "Channels of the first stage of resnet18 or vgg13; d is 8 times that (default: 64).")
  var width: Int?

  @Option(help: "Hidden layers of mlp; the last is d (default: 512,512,512,512,64).")
  var hidden: NumberList?

  @Option(
    parsing: .unconditional, help: "Dimension of the features of linear-features (default: 64).")
  var dim: Int?

  @Option(help: "batch: batch normalisation; or none (default: batch).")
  var norm: String?

  @Flag(help: "Give the classifier a bias; the layer-peeled model has none.")
  var bias = false

  @Option(
    help: ArgumentHelp("Start from a PyTorch state dict in safetensors.", valueName: "file"))
  var initWeights: String?

  @Option(
    help:
      "fashion-mnist, mnist, kuzushiji-mnist or cifar10 (default: fashion-mnist); see `data list`.")
  var data: String?

  @Option(help: ArgumentHelp("Folder with the data set's files.", valueName: "dir"))
  var dataDir: String?

  @Option(parsing: .unconditional, help: "Train on the first n images of each class only.")
  var perClass: Int?

  @Option(
    parsing: .unconditional,
    help: "Thin out class after class until the first has R times as many images as the last.")
  var imbalance: Double?

  @Option(help: "true; shuffled: dealt at random; noise:0.2: that share wrong (default: true).")
  var labels: String?

  @Option(
    help: """
      Change images at random before every step: shift:4 (pixels), mirror, or both with a comma \
      (default: none).
      """)
  var augment: String?

  @Option(parsing: .unconditional, help: "Passes over the training set (default: above).")
  var epochs: Int?

  @Option(parsing: .unconditional, help: "Images in a batch, or all (default: 128).")
  var batch: CountOrAll?

  @Option(parsing: .unconditional, help: "Learning rate of the first epoch (default: above).")
  var rate: Double?

  @Option(
    help: """
      constant; step: divided by 10 after one and two thirds of the epochs; cosine: falls to zero.
      """)
  var schedule: String?

  @Option(help: "Epochs after which a stepped rate is divided by 10, such as 117,233.")
  var milestones: NumberList?

  @Option(parsing: .unconditional, help: "Momentum; 0 is plain descent (default: 0.9).")
  var momentum: Double?

  @Option(
    parsing: .unconditional,
    help: """
      Weight decay of all parameters, or of groups: weights=5e-4,biases=0,normalization=0 \
      (default: 0; the paper has none).
      """)
  var weightDecay: String?

  @Option(help: "Seed of the initial weights and of everything else random (default: 0).")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "Probes for each tenfold number of epochs, or all for one every epoch (default: 10).")
  var probes: CountOrAll?
}

/// A number, or everything there is.
enum CountOrAll: ExpressibleByArgument {
  case count(Int)
  case all

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let count = Int(argument) {
      self = .count(count)
    } else {
      return nil
    }
  }
}

// MARK: - The recipe

extension TrainOptions {
  /// What the options ask for, the defaults of their model where they do not say.
  func recipe(threads: Int) throws -> TrainingRecipe {
    var recipe = TrainingRecipe(threads: threads)
    if let model { recipe.model = try named("model", model) }
    try refuseOptionsOfOtherModels(than: recipe.model)
    recipe.settings = Training.Settings(for: recipe.model)
    for change in try changes() { try change.apply(&recipe) }
    return recipe
  }

  /// Makes sure that no option says something else than the recipe of a run that goes on.
  func check(against recipe: TrainingRecipe) throws {
    for change in try changes() {
      var changed = recipe
      try change.apply(&changed)
      guard changed == recipe else {
        throw ModelError.badSetting(
          argument: change.option, value: "another value than the run was begun with",
          expected: "none beside --resume, which goes on with the settings in the folder")
      }
    }
  }

  private typealias Change = (option: String, apply: (inout TrainingRecipe) throws -> Void)

  /// What each option that was given does to a recipe.
  private func changes() throws -> [Change] {
    try networkChanges() + dataChanges() + trainingChanges()
  }

  private func networkChanges() throws -> [Change] {
    var changes: [Change] = []
    if let model { changes.append(("model", { $0.model = try named("model", model) })) }
    if let width { changes.append(("width", { $0.width = width })) }
    if let hidden {
      changes.append(("hidden", { $0.hidden = try hidden.integers(argument: "hidden") }))
    }
    if let dim { changes.append(("dim", { $0.dimension = dim })) }
    if let norm { changes.append(("norm", { $0.normalization = try named("norm", norm) })) }
    if bias { changes.append(("bias", { $0.hasClassifierBias = true })) }
    if let initWeights {
      changes.append(("init-weights", { $0.initialWeights = absolutePath(initWeights) }))
    }
    return changes
  }

  private func dataChanges() throws -> [Change] {
    var changes: [Change] = []
    if let data { changes.append(("data", { $0.data = try DataSetName(named: data).rawValue })) }
    if let dataDir { changes.append(("data-dir", { $0.dataFolder = absolutePath(dataDir) })) }
    if let perClass { changes.append(("per-class", { $0.imagesPerClass = perClass })) }
    if let imbalance { changes.append(("imbalance", { $0.imbalance = imbalance })) }
    if let labels {
      changes.append(("labels", { $0.labels = try LabelTreatment(named: labels).name }))
    }
    if let augment {
      changes.append(("augment", { $0.settings.augmentation = try augmentation(augment) }))
    }
    return changes
  }

  private func trainingChanges() throws -> [Change] {
    var changes: [Change] = []
    if let epochs { changes.append(("epochs", { $0.settings.epochs = epochs })) }
    if let batch { changes.append(("batch", { $0.setBatch(batch) })) }
    if let rate { changes.append(("rate", { $0.settings.rate = rate })) }
    if let schedule {
      changes.append(("schedule", { $0.settings.schedule = try named("schedule", schedule) }))
    }
    if let milestones {
      changes.append(
        ("milestones", { $0.settings.milestones = try milestones.integers(argument: "milestones") })
      )
    }
    if let momentum { changes.append(("momentum", { $0.settings.momentum = momentum })) }
    if let weightDecay {
      changes.append(("weight-decay", { try setWeightDecay(weightDecay, in: &$0.settings) }))
    }
    if let seed { changes.append(("seed", { $0.settings.seed = seed })) }
    if let probes { changes.append(("probes", { $0.settings.setProbes(probes) })) }
    return changes
  }

  private func refuseOptionsOfOtherModels(than model: NetworkArchitecture.Model) throws {
    let owners: [(option: String, isGiven: Bool, models: [NetworkArchitecture.Model])] = [
      ("width", width != nil, [.resnet18, .vgg13]), ("hidden", hidden != nil, [.mlp]),
      ("dim", dim != nil, [.linearFeatures]), ("norm", norm != nil, [.mlp, .resnet18, .vgg13]),
      ("augment", augment != nil, [.mlp, .resnet18, .vgg13]),
    ]
    for owner in owners where owner.isGiven && !owner.models.contains(model) {
      throw ModelError.badSetting(
        argument: owner.option, value: "--model \(model.rawValue)",
        expected: "a model that has it: "
          + owner.models.map(\.rawValue).joined(separator: " or "))
    }
  }
}

extension TrainingRecipe {
  fileprivate mutating func setBatch(_ batch: CountOrAll) {
    switch batch {
    case .count(let count): (settings.batchSize, hasFullBatches) = (count, false)
    case .all: hasFullBatches = true
    }
  }
}

extension Training.Settings {
  fileprivate mutating func setProbes(_ probes: CountOrAll) {
    switch probes {
    case .count(let count): (probesPerDecade, probesEveryEpoch) = (count, false)
    case .all: probesEveryEpoch = true
    }
  }
}

// MARK: - Words

/// The member of a family that is called `name`, or who was likely meant.
func named<Choice>(_ argument: String, _ name: String) throws(ModelError) -> Choice
where Choice: RawRepresentable<String> & CaseIterable {
  if let choice = Choice(rawValue: name) { return choice }
  let names = Choice.allCases.map(\.rawValue)
  let nearest = names.min {
    editDistance(name.lowercased(), $0) < editDistance(name.lowercased(), $1)
  }!
  throw .badSetting(
    argument: argument, value: name,
    expected: "\(names.joined(separator: ", ")) (nearest is \(nearest))")
}

/// `none`, or `shift:4` and `mirror` with a comma between them.
private func augmentation(_ text: String) throws(ModelError) -> Augmentation {
  var augmentation = Augmentation.none
  if text == "none" { return augmentation }
  for part in text.split(separator: ",", omittingEmptySubsequences: false) {
    if part == "mirror" {
      augmentation.mirrors = true
    } else if part.hasPrefix("shift:"), let shift = Int(part.dropFirst("shift:".count)) {
      augmentation.shift = shift
    } else {
      throw .badSetting(
        argument: "augment", value: text, expected: "none, shift:4, mirror, or shift:4,mirror")
    }
  }
  return augmentation
}

/// One number for all groups, or `group=number` with commas between them.
private func setWeightDecay(
  _ text: String, in settings: inout Training.Settings
) throws(ModelError) {
  (settings.weightDecay, settings.groupDecay) = (0, [:])
  if let decay = Double(text) {
    settings.weightDecay = decay
    return
  }
  for part in text.split(separator: ",", omittingEmptySubsequences: false) {
    let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, let decay = Double(sides[1]) else {
      throw .badSetting(
        argument: "weight-decay", value: text,
        expected: "a number, or groups such as weights=5e-4,normalization=0")
    }
    let group: ParameterGroup = try named("weight-decay", String(sides[0]))
    settings.groupDecay[group] = decay
  }
}
