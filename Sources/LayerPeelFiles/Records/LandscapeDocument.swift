public import LayerPeel

/// The critical points of a landscape as they are written: what was asked for and what was found.
///
/// Every key of every point stands there; a value that is absent is `null`, or an empty cell, and its
/// reason stands in `absent`.
public struct LandscapeDocument: Hashable, Sendable {
  /// What the name of a file that holds a landscape may end in.
  public static let formats = ["json", "csv"]

  /// What is known of each point, besides its name, verdict and starts.
  public enum Key: String, CaseIterable, Sendable {
    /// `log L`.
    case logLoss = "log_loss"
    /// `μ`.
    case multiplier = "mu"
    /// `σ = ‖G‖₂`.
    case spectralNorm = "sigma"
    /// Norm of the gradient's tangent part.
    case gradientNorm = "gradient_norm"
    /// The least curvature along unit tangent vectors.
    case lowestCurvature = "lowest_curvature"
    /// How many curvatures equal it.
    case multiplicity
    /// How far an eigenvalue may be from it.
    case curvatureError = "curvature_error"
    /// The number of negative curvatures.
    case index
    /// The rank of `W`.
    case rank
    /// `(σ - μ)ρ²/2`.
    case bound
    /// `γ/γ*`.
    case marginRatio = "margin_ratio"
    /// `log ρ`.
    case logNorm = "log_norm"

    /// A few words on what it is, for a table of keys.
    public var meaning: String {
      switch self {
      case .logLoss: "log L, L summed over samples, in nats"
      case .multiplier: "μ = -⟨∇L, θ⟩/ρ², of any sign"
      case .spectralNorm: "σ = ‖P - Y‖₂; σ = μ is global"
      case .gradientNorm: "‖∇L + μθ‖, tangent to the sphere"
      case .lowestCurvature: "along unit tangent vectors of the point's sphere"
      case .multiplicity: "how many equal it, to 1e-6 of the largest"
      case .curvatureError: "an eigenvalue is this close to it"
      case .index: "how many curvatures on the point's sphere are negative"
      case .rank: "of W"
      case .bound: "L exceeds the sphere's least by at most (σ - μ)ρ²/2"
      case .marginRatio: "γ/γ*; 1 at a global optimum"
      case .logNorm: "log ρ"
      }
    }
  }

  private let header: [String: JSONValue]
  private let rows: [Row]
  private let failures: [JSONValue]

  private struct Row: Hashable, Sendable {
    let name: String
    let verdict: String
    let starts: [String]
    let readings: [Reading]
  }

  /// What to write of a survey.
  ///
  /// - Parameters:
  ///   - survey: What was found.
  ///   - route: The escape that was followed, if one was.
  ///   - version: Of the program that did.
  ///   - time: When, in ISO 8601.
  ///   - seconds: How long it took.
  ///   - settings: A value that encodes itself as an object.
  public init(
    _ survey: Survey, route: Route? = nil, version: String, time: String, seconds: Double,
    settings: any Encodable
  ) {
    let escape = route.flatMap(JSONValue.init(escapeOf:))
    header = [
      "command": .string("landscape"), "version": .string(version), "time": .string(time),
      "settings": JSONValue(encoding: settings), "start_count": .integer(survey.startCount),
      "trivial_count": .integer(survey.trivialCount),
      "no_radius": .array(survey.absent.map(JSONValue.string)),
      "escape": escape ?? .null,
      "absent": .object(escape == nil ? ["escape": .string("no saddle was followed")] : [:]),
      "interrupted": .bool(survey.isInterrupted),
      "cost": .object([
        "gradient_evaluations": .integer(survey.cost.gradientEvaluations),
        "hessian_products": .integer(survey.cost.hessianProducts),
        "steps": .integer(survey.cost.steps), "seconds": JSONValue(seconds),
      ]),
    ]
    rows = survey.entries.map { entry in
      Row(
        name: entry.name, verdict: entry.verdict.rawValue, starts: entry.starts,
        readings: Key.allCases.map { LandscapeDocument.reading($0, entry) })
    }
    failures = survey.failures.map {
      .object([
        "name": .string($0.name), "gradient_norm": JSONValue($0.gradientNorm),
        "termination": .string($0.termination.rawValue),
      ])
    }
  }

  private static func reading(_ key: Key, _ entry: Survey.Entry) -> Reading {
    let point = entry.point
    let tooMany = point.uncounted ?? "more copies than are looked for"
    return switch key {
    case .logLoss: .value(point.logLoss)
    case .multiplier: point.reading(.multiplier)
    case .spectralNorm: point.reading(.spectralNorm)
    case .gradientNorm: point.reading(.gradientNorm)
    case .lowestCurvature: entry.lowestCurvatureReading
    case .multiplicity: Reading(point.multiplicity.map(Double.init), otherwise: tooMany)
    case .curvatureError: point.reading(.curvatureError)
    case .index: Reading(entry.index.map(Double.init), otherwise: tooMany)
    case .rank: .value(Double(point.rank))
    case .bound: point.reading(.bound)
    case .marginRatio: point.marginRatio
    case .logNorm: Reading(.log(point.point.norm), otherwise: "the point is the origin")
    }
  }
}

extension Reading {
  fileprivate init(_ number: Double?, otherwise reason: String) {
    self = number.map { Reading($0, otherwise: "came out as \($0)") } ?? .absent(because: reason)
  }
}

extension LandscapeDocument {
  /// The whole document as JSON on one line, its end included; equal documents give equal text.
  public var json: String {
    var members = header
    members["points"] = .array(rows.map(object))
    members["not_converged"] = .array(failures)
    return jsonText(of: JSONValue.object(members)) + "\n"
  }

  /// The whole document as CSV: lines that start with `#`, the names of the columns, the points.
  public var csv: String {
    var lines = JSONValue.object(header).flattened(under: "").map { path, value in
      "# \(path.dropFirst()): \(commentText(of: value))"
    }
    lines += failures.map { "# not_converged: \(jsonText(of: $0))" }
    lines.append(csvLine(["name", "verdict", "count"] + Key.allCases.map(\.rawValue)))
    lines += rows.map { row in
      csvLine([row.name, row.verdict, "\(row.starts.count)"] + row.readings.map(cellText))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes it as the file's name says, as a whole or not at all.
  ///
  /// - Precondition: The file's format is one of ``formats``.
  public func write(to file: OutputFile) throws(FileError) {
    precondition(LandscapeDocument.formats.contains(file.format), "\(file.format): no format")
    try file.write(file.format == "csv" ? csv : json)
  }

  private func object(_ row: Row) -> JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(row.name), "verdict": .string(row.verdict),
      "count": .integer(row.starts.count), "starts": .array(row.starts.map(JSONValue.string)),
    ]
    var absent: [String: JSONValue] = [:]
    for (key, reading) in zip(Key.allCases, row.readings) {
      members[key.rawValue] = JSONValue(reading.number)
      if let reason = reading.reason { absent[key.rawValue] = .string(reason) }
    }
    members["absent"] = .object(absent)
    return .object(members)
  }
}
