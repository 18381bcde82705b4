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

  @Option(
    parsing: .unconditional, help: "Images in a batch, or all (default: 128, or all of fewer).")
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
