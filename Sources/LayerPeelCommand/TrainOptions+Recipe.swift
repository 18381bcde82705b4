import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

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

  /// Makes sure that no option says something else than the recipe of a run that goes on; but the
  /// data, which are known again wherever they are, may have moved.
  func check(against recipe: TrainingRecipe) throws {
    for change in try changes() where change.option != "data-dir" {
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
    if let data { changes.append(("data", { $0.data = try DataSetName(named: data) })) }
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
  throw .badSetting(
    argument: argument, value: name,
    expected: "\(names.joined(separator: ", ")) (nearest is \(nearest(to: name, among: names)!))")
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
