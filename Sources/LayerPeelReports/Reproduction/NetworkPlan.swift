import Glibc
import LayerPeelFiles
public import LayerPeelNetworks

/// One network that a reproduction trains: which, on what, how, and what for.
public struct NetworkPlan: Hashable, Sendable {
  /// What a training is for.
  public enum Role: Hashable, Sendable {
    /// The perceptron, one a seed: judged, continued by the model, and forecast.
    case perceptron
    /// The narrow convolutional network, one a seed.
    case narrow
    /// A network of the paper's own scale.
    case paper
    /// The model itself in a network's place, by plain descent: what must move as modelled.
    case freeFeatures
    /// Another control, which decides nothing.
    case control
  }

  /// Its name in tables, figures and files, such as `seed 0`.
  public var name: String
  /// What it is for.
  public var role: Role
  /// All that determines the training; how many threads is known when it begins.
  public var recipe: TrainingRecipe

  /// A default perceptron on so many images of each class, or on all.
  public init(
    _ name: String, role: Role, imagesPerClass: Int?, settings: Training.Settings
  ) {
    (self.name, self.role) = (name, role)
    recipe = TrainingRecipe(threads: 1)
    (recipe.imagesPerClass, recipe.settings) = (imagesPerClass, settings)
  }

  /// Training images in all.
  public var images: Int { recipe.imagesPerClass.map { 10 * $0 } ?? recipe.data.published.train }

  /// About how long it takes on two cores, in seconds, for so many epochs.
  ///
  /// ResNet-18 and VGG-13 by images a second that were measured at full width on two cores of a 2024
  /// server, and other widths by the power 1.5, which agrees with the one that was measured, a
  /// ResNet-18 of width 16. Perceptrons and free features are quick, and guessed.
  public func estimatedSeconds(epochs: Int? = nil) -> Double {
    let relativeWidth = Double(recipe.width) / Double(NetworkArchitecture.defaultWidth)
    let speed: Double =
      switch recipe.model {
      case .mlp: 30_000
      case .resnet18: 199 / pow(relativeWidth, 1.5)
      case .vgg13: 457 / pow(relativeWidth, 1.5)
      case .linearFeatures: 100_000
      }
    let passes = min(epochs ?? .max, recipe.settings.epochs)
    return Double(passes) * Double(images) / speed
  }
}
