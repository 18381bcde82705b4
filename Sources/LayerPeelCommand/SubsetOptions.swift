import ArgumentParser
import LayerPeel
import LayerPeelFiles
import LayerPeelReports

/// The options that say which images are taken of a data set, and with which labels.
struct SubsetOptions: ParsableArguments {
  @Option(help: "Folder with the data set's files, or with a folder of its name.")
  var dataDir: String?

  @Option(parsing: .unconditional, help: "Take the first n training images of each class only.")
  var perClass: Int?

  @Option(
    parsing: .unconditional,
    help:
      "Long tail: class k keeps n R^(-k/(K-1)) of its n images, so the first has R times the last."
  )
  var imbalance: Double?

  @Option(
    help: """
      true; shuffled: every label dealt to some image at random; noise:0.2: a share of 0.2 replaced \
      by other classes.
      """)
  var labels = "true"

  @Option(help: "Seed of what is done to the labels.")
  var seed: UInt64 = 0

  /// The images, their training labels treated, and how many labels that changed.
  ///
  /// Says on standard error where the files are not their publisher's.
  func images(
    named name: DataSetName, home: DataHome
  ) throws -> (images: ImageDataSet, changedLabels: Int) {
    let treatment = try LabelTreatment(named: labels)
    var recipe = TrainingRecipe(threads: 1)
    (recipe.data, recipe.dataFolder) = (name, dataDir)
    (recipe.imagesPerClass, recipe.imbalance) = (perClass, imbalance)
    let images = try recipe.images(home: home)
    if let warning = images.warning { say("Warning: \(warning)") }
    let real = images.train.labels
    let treated = try treatment.labels(from: real, classes: images.classes, seed: seed)
    return (try images.relabelled(treated), zip(real, treated).count { $0 != $1 })
  }
}
