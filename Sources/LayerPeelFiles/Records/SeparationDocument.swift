public import LayerPeel

/// Separation problems as they are written: what was asked for, and what is known of each case.
///
/// Its keys are an interface. A single case stands bare, several stand in `cases`; every key of a
/// case is always there, `null` with its reason in `absent` where there is nothing.
public struct SeparationDocument: Sendable {
  /// What the name of a file that holds one may end in.
  public static let formats = ["json", "csv"]

  /// One case: its sizes and dimension, and its result or why it has none.
  public struct Case: Sendable {
    /// How many samples each class has.
    public let sizes: ClassSizes
    /// `d`.
    public let dimension: Int
    /// What came out, or the sentence that says why nothing can.
    public let outcome: Result<SeparationResult, ModelError>
    /// How long it took.
    public let seconds: Double

    /// A case and what came of it.
    public init(
      sizes: ClassSizes, dimension: Int, outcome: Result<SeparationResult, ModelError>,
      seconds: Double
    ) {
      self.sizes = sizes
      self.dimension = dimension
      self.outcome = outcome
      self.seconds = seconds
    }

    /// What came out, if anything did.
    public var result: SeparationResult? { try? outcome.get() }
  }

  let header: [String: JSONValue]
  let cases: [Case]
  let tolerance: Double
  let isGrid: Bool

  /// What to write of some cases.
  ///
  /// - Parameters:
  ///   - cases: In the order of the output.
  ///   - isGrid: Whether they stand in `cases`, even a single one.
  ///   - settings: Of the search.
  ///   - tolerance: Of the verdicts.
  ///   - version: Of the program.
  ///   - time: When, in ISO 8601.
  public init(
    _ cases: [Case], isGrid: Bool, settings: SeparationSearch.Settings, tolerance: Double,
    version: String, time: String
  ) {
    self.cases = cases
    self.isGrid = isGrid
    self.tolerance = tolerance
    header = [
      "command": .string("separate"), "version": .string(version), "time": .string(time),
      "settings": .object([
        "restarts": .integer(settings.restarts), "seed": JSONValue(encoding: settings.seed),
        "generator": .string(SplitMix64.name),
        "constructions": .bool(settings.usesConstructions),
        "max_iterations": .integer(settings.maximumIterations),
        "residual_tolerance": .number(settings.tolerance),
        "merge_tolerance": .number(settings.mergeTolerance),
        "versions": .object(["openblas": .string(Versions.openBLAS)]),
      ]),
    ]
  }

  /// The whole document as JSON on one line, its end included.
  public var json: String {
    var members = header
    let rows = cases.map { SeparationRow($0, tolerance: tolerance).members }
    if isGrid {
      members["cases"] = .array(rows.map(JSONValue.object))
    } else {
      members.merge(rows[0]) { $1 }
    }
    return jsonText(of: JSONValue.object(members)) + "\n"
  }

  /// The whole document as CSV: `#` lines with the settings, names of columns, one row a case.
  ///
  /// Class sizes are joined by semicolons, and so are other values, each as `value*count`; an
  /// absent value is an empty cell, and its reason stands in the last column.
  public var csv: String {
    var lines = JSONValue.object(header).flattened(under: "").map { path, value in
      "# \(path.dropFirst()): \(commentText(of: value))"
    }
    lines.append(csvLine(SeparationRow.keys + ["absent"]))
    lines += cases.map { csvLine(SeparationRow($0, tolerance: tolerance).cells) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes it as the file's name says, as a whole or not at all.
  ///
  /// - Precondition: The file's format is one of ``formats``.
  public func write(to file: OutputFile) throws(FileError) {
    precondition(SeparationDocument.formats.contains(file.format), "\(file.format): no format")
    try file.write(file.format == "csv" ? csv : json)
  }
}
