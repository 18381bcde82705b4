public import ArgumentParser
import FoundationEssentials
import LayerPeel
import LayerPeelFiles
public import LayerPeelNetworks
import LayerPeelReports

/// `layerpeel train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network without weight decay, measuring its last layer as it goes.",
    discussion: """
      A multilayer perceptron on real images, in single precision on the CPU. Before training and \
      at log-spaced epochs its last layer over the whole training set is measured like a point of \
      the flow: margins, certificate, the metrics of neural collapse, and whether the features \
      moved as the layer-peeled model says. The output states what weight decay was executed.

      Examples:
        layerpeel train --per-class 1000
        layerpeel train --data mnist --data-dir ~/mnist --epochs 20 --out mnist.csv
        layerpeel train --labels shuffled --per-class 200 --epochs 100
        layerpeel train --epochs 5 --save-point net.safetensors
        layerpeel flow --init net.safetensors        where the model would go from there
        layerpeel train --forecast 10,first-zero     and whether the network goes there

      Exit status: 0 done; 3 training diverged (finished epochs are kept); 64 unusable arguments; \
      65 unreadable data; 66 no such data set; 73 output that cannot be written; 130 interrupted, \
      with what was finished kept.
      """)

  @OptionGroup var threadOption: ThreadOption

  enum LabelKind: String, ExpressibleByArgument, CaseIterable, Encodable {
    case real = "true"
    case shuffled
  }
  enum ModelKind: String, ExpressibleByArgument, CaseIterable, Encodable { case mlp }

  @OptionGroup(title: "Output") var output: OutputOptions

  @Option(help: "The network; mlp is a multilayer perceptron.")
  var model = ModelKind.mlp

  @Option(help: "Data set: fashion-mnist (Debian's package serves) or mnist.")
  var data = "fashion-mnist"

  @Option(help: "Folder with the data set's IDX files, plain or .gz.")
  var dataDir: String?

  @Option(parsing: .unconditional, help: "Train on the first n images of each class only.")
  var perClass: Int?

  @Option(help: "true, or shuffled: every label dealt to some image at random.")
  var labels = LabelKind.real

  @Option(
    help: """
      Widths of the hidden layers; the last is the feature dimension (default: \
      512,512,512,512,64).
      """)
  var hidden: NumberList?

  @Option(help: "batch: batch normalisation after each hidden layer; none.")
  var norm = NetworkArchitecture.Normalization.batch

  @Option(parsing: .unconditional, help: "Passes over the training set.")
  var epochs = Training.Settings().epochs

  @Option(parsing: .unconditional, help: "Learning rate of the first epoch.")
  var rate = Training.Settings().rate

  @Option(help: "cosine: falls to zero over the epochs; constant.")
  var schedule = Training.Settings().schedule

  @Option(parsing: .unconditional, help: "Momentum of stochastic gradient descent.")
  var momentum = Training.Settings().momentum

  @Option(parsing: .unconditional, help: "Images in a batch.")
  var batch = Training.Settings().batchSize

  @Option(parsing: .unconditional, help: "Weight decay; the paper has none.")
  var weightDecay = 0.0

  @Option(help: "Seed of the initial weights and of the order of the images.")
  var seed: UInt64 = 0

  @Option(parsing: .unconditional, help: "Probes for each tenfold number of epochs.")
  var probes = Training.Settings().probesPerDecade

  @OptionGroup(title: "Forecasts") var forecasts: ForecastOptions

  private var settings: Training.Settings {
    var settings = Training.Settings()
    settings.epochs = epochs
    settings.batchSize = batch
    settings.rate = rate
    settings.schedule = schedule
    settings.momentum = momentum
    settings.weightDecay = weightDecay
    settings.seed = seed
    settings.probesPerDecade = probes
    return settings
  }

  func run() throws {
    var status: ExitCode?
    try reportingErrors {
      let files = try output.files()
      let threads = threadOption.use()
      let home = DataHome(environment: ProcessInfo.processInfo.environment)
      var images = try ImageDataSet(named: data, in: dataDir, home: home)
      if let perClass { images = try images.firstOfEachClass(perClass) }
      let architecture = try NetworkArchitecture(
        inputs: images.pixels,
        hidden: try hidden?.integers(argument: "hidden")
          ?? NetworkArchitecture.defaultHidden,
        classes: images.classes, normalization: norm)
      var training = Training(architecture, settings: settings)
      try settings.validate(samples: images.train.count, normalization: norm)
      try requireMemory(training.memoryNeeded(samples: images.train.count))
      let samples = try TrainingSamples(
        images, labels: labels == .shuffled ? .shuffled : .real, seed: seed)
      let watch = try forecasts.watch(
        labels: samples.train.labels, epochs: epochs, hasBias: architecture.hasClassifierBias)
      if let watch {
        training.settings.alsoProbed = Set(watch.epochs)
        try requireMemory(
          forecasts.memoryNeeded(
            watch, sizes: samples.train.labels.sizes, dimension: architecture.dimension))
      }
      status = try train(
        training, on: samples, of: images, threads: threads, files: files, watch: watch)
    }
    if let status { throw status }
  }

  private func train(
    _ training: Training, on samples: TrainingSamples, of images: ImageDataSet,
    threads: Int, files: OutputFiles, watch: ForecastWatch?
  ) throws -> ExitCode? {
    Interrupt.listen()
    var watch = watch
    var outcomes: [Forecast.Outcome] = []
    var line = ProgressLine(isQuiet: output.quiet)
    var clock = TrainingClock()
    let total = Double(epochs) * Double(samples.train.count)
    let document = { (run: Training.Run) in
      TrajectoryDocument(
        run.trajectory, command: "train", version: Versions.layerPeel, time: timestamp(),
        seconds: clock.seconds, timings: clock.timings,
        settings: [
          TrainingSettingsDescription(training, threads: threads),
          TrainingRunDescription(
            training, images: images, samples: samples, audit: run.audit),
        ], sections: ["forecasts": outcomes.map { ForecastDocument($0) }])
    }
    let run = try training.run(
      on: samples.train, test: samples.test,
      // A process that is killed keeps its probes; what cannot be written now is said at the end.
      probed: { run in
        watch?.note(run, point: run.end)
        if let file = files.data { try? document(run).write(to: file) }
      },
      progress: { progress in
        clock.note(progress)
        line.show(
          Double(progress.samples) / total,
          "epoch \(progress.epochs)/\(epochs)  \(Int(clock.imagesPerSecond)) images/s")
      }, isCancelled: { Interrupt.isRequested })
    line.clear()
    if let file = files.data { try document(run).write(to: file) }
    watch?.note(run, point: run.end, isOver: true)
    if let watch {
      outcomes = try forecasts.run(watch, labels: samples.train.labels, isQuiet: output.quiet)
    }

    if output.json {
      try emit(document(run).json)
    } else {
      let summaries = outcomes.map { "\n" + ForecastSummary($0).text + "\n" }
      try emit(
        TrainSummary(run, samples: samples, clock: clock).text + "\n" + summaries.joined())
    }
    if let file = files.data { try document(run).write(to: file) }
    if let file = files.point {
      try PointFile.write(
        run.end, labels: samples.train.labels, precision: .single,
        metadata: metadata(
          command: "train", ["data": images.name.rawValue, "seed": "\(seed)"]), to: file.path)
    }
    let decay = run.audit.hadWeightDecay ? "with" : "without"
    try files.draw(
      .trainingOverview(title: "Training \(decay) weight decay", of: run.trajectory))
    return statusCode(of: run.trajectory.termination, hadTarget: true)
  }
}

extension NetworkArchitecture.Normalization: ExpressibleByArgument {}
extension Training.Schedule: ExpressibleByArgument {}
