import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

/// Keys of one kind of output, with what each means.
struct KeySection {
  /// Of what.
  let title: String
  /// Keys and meanings.
  let rows: [(key: String, meaning: String)]

  init(_ title: String, _ rows: [(String, String)]) {
    self.title = title
    self.rows = rows.map { (key: $0.0, meaning: $0.1) }
  }

  var keys: [String] { rows.map(\.key) }

  /// The title and the rows, meanings beside their keys, in 80 columns.
  var text: String {
    let width = rows.map(\.key.count).max() ?? 0
    let lines = rows.flatMap { key, meaning in
      wrapped(meaning, columns: 76 - width).split(separator: "\n").enumerated().map { index, line in
        let name = index == 0 ? key : ""
        return "  \(name)\(String(repeating: " ", count: width - name.count))  \(line)"
      }
    }
    return ([title] + lines).joined(separator: "\n")
  }

  static let absent = ("absent", "the reason of every key that is null")

  private static func meanings(_ quantities: [Quantity]) -> [(String, String)] {
    quantities.map { ($0.rawValue, $0.meaning) }
  }
}

// MARK: - Trajectories

extension KeySection {
  static var trajectory: KeySection {
    KeySection(
      "A trajectory (flow, train, landscape --follow):",
      [
        ("command", "what made it"), ("version", "of the program"), ("time", "ISO 8601"),
        (
          "settings",
          """
          everything that was asked for, with seed and versions; of a training also what was \
          executed
          """
        ),
        (
          "termination",
          """
          why it stopped: margin_ratio, log_loss, log_time, epochs, settled, evaluation_limit, \
          noise_floor, stationary, interrupted, diverged
          """
        ),
        (
          "cost",
          """
          gradient_evaluations, hessian_products, steps, seconds; of a training images_per_second \
          and training_, evaluation_, probe_ and saving_seconds; of a run that was resumed, times \
          and speed since it went on, the rest from its beginning
          """
        ),
        (
          "events",
          """
          name, coordinate, log_loss, and the value that was marked; separated, loss_below_log2, \
          margin_ratio, terminal_phase, saddle
          """
        ),
        ("points", "the records, each with the keys below"),
        ("forecasts", "only of a training: an element each, empty without --forecast"),
      ])
  }

  static var flow: KeySection {
    KeySection(
      "A point of a flow (log_time is null at time zero):",
      [("log_time", "log t, t the physical time")] + meanings(FlowTime.quantities) + [absent])
  }

  static var training: KeySection {
    let own = Epoch.quantities.filter { !FlowTime.quantities.contains($0) }
    return KeySection(
      "A point of a training, besides those above:",
      [("epoch", "passes over the training set; 0 is untrained")] + meanings(own))
  }

  static var trainingSettings: KeySection {
    KeySection(
      "Settings of a training:",
      TrainingSettingsDescription.Key.allCases.map { ($0.rawValue, $0.meaning) }
        + TrainingRunDescription.Key.allCases.map { ($0.rawValue, $0.meaning) })
  }

  static var forecast: KeySection {
    KeySection(
      "A forecast (train --forecast puts them in forecasts):",
      ForecastDocument.Key.allCases.map { ($0.rawValue, $0.meaning) })
  }

  static var forecastComparison: KeySection {
    KeySection("A comparison of a forecast:", ForecastDocument.comparisonKeys)
  }

  static var descent: KeySection {
    KeySection(
      "A step of landscape --follow, besides margins and metrics as above:",
      [("step", "steps of the descent; 0 is the saddle")]
        + meanings([.gradientNorm, .multiplier]))
  }
}

// MARK: - Data sets

extension KeySection {
  private static let dataSet = [
    ("name", "of the data set"), ("source", "the folder or archive it came from"),
    ("verified", "whether its files are its publisher's, by their MD5 sums; null where unknown"),
    ("channels", "1 for grey images, 3 for colour"), ("rows", "of an image"),
    ("columns", "of an image"), ("classes", "K"), ("class_names", "in their order"),
  ]

  static var dataList: KeySection {
    KeySection(
      "A data set of data list (data_sets, besides command and version):",
      dataSet + [
        ("found", "whether it is here and usable"), ("train_images", "how many"),
        ("test_images", "how many"), ("how_to_get", "what to do where it is not here"), absent,
      ])
  }

  static var dataShow: KeySection {
    KeySection(
      "What data show prints, besides command and version:",
      dataSet + [
        ("train_class_sizes", "training images of each class"),
        ("test_class_sizes", "test images of each class"),
        ("per_class", "images of each class that were taken"), ("imbalance", "R of the long tail"),
        ("labels", "true, shuffled, or noise and its share"), ("seed", "of what changed labels"),
        ("changed_labels", "training labels that are not the data set's"), absent,
      ])
  }
}

// MARK: - Reproduction

extension KeySection {
  static var reproduction: KeySection {
    KeySection(
      "What reproduce prints:",
      [("claims", "each with the keys below"), ("report", "the page that was written")])
  }

  static var claim: KeySection {
    KeySection(
      "A claim of reproduce:",
      [
        ("name", "of the claim"), ("verdict", "held, not_held, inconclusive, not_run"),
        ("origin", "whose it is: paper, ours"), ("criterion", "what must hold of the numbers"),
        ("measured", "the numbers that decided, by name; null where there was none"),
        ("open_because", "why the records do not decide; left out where they do"),
      ])
  }
}
