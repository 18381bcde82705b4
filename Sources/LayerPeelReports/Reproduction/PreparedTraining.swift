import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks

/// A network of a plan, ready to be trained on the images that are here.
struct PreparedTraining {
  let recipe: TrainingRecipe
  let images: ImageDataSet
  let samples: TrainingSamples
  let training: Training

  /// The training of a network on the threads that are in use.
  ///
  /// - Precondition: The network's data set is among the images.
  init(_ network: NetworkPlan, images all: [DataSetName: ImageDataSet]) throws {
    var recipe = network.recipe
    recipe.threads = NetworkThreads.available
    self.recipe = recipe
    images = try recipe.subset(of: all[recipe.data]!)
    (samples, training) = (try recipe.samples(of: images), try recipe.training(on: images))
  }

  /// Bytes that it takes, and where it is continued and forecast, the flows from its last layer.
  func memoryNeeded(isContinued: Bool) -> Double {
    let labels = samples.train.labels
    let flows = Forecast.memoryNeeded(
      sizes: labels.sizes, dimension: training.architecture.dimension, count: 2)
    return training.memoryNeeded(samples: labels.count) + (isContinued ? flows : 0)
  }
}

extension Reproduction {
  /// Networks of the plan whose data are here.
  private var trainable: [NetworkPlan] { plan.networks.filter { images[$0.recipe.data] != nil } }

  /// Bytes that the largest of its trainings takes, beside the images.
  ///
  /// *Cost:* prepares the samples of every network in turn.
  public func memoryNeeded() throws -> Double {
    try trainable.map { network in
      try PreparedTraining(network, images: images)
        .memoryNeeded(isContinued: network.role == .perceptron)
    }.max() ?? 0
  }

  /// The folders of all networks that are kept, by name, each opened and read: what is wrong with
  /// one is found before any work, not after days.
  func folders() throws -> [String: RunFolder] {
    guard let runs else { return [:] }
    var folders: [String: RunFolder] = [:]
    for network in trainable where network.role == .paper {
      let ready = try PreparedTraining(network, images: images)
      let folder = try RunFolder.continuing(
        "\(runs)/\(kebab(network.name))", recipe: ready.recipe, images: ready.images)
      _ = try folder.start(of: ready)
      folders[network.name] = folder
    }
    return folders
  }
}
