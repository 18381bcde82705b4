public import LayerPeel

/// A judgement as it is written: every key always there, what is absent `null` with its reason.
public struct JudgementDocument: Hashable, Sendable {
  /// What the name of a file that holds a judgement may end in.
  public static let formats = ["json"]

  private let members: [String: JSONValue]

  /// What to write of `judgement`.
  ///
  /// - Parameters:
  ///   - judgement: What was found.
  ///   - notSeparated: Samples that are not on their side, those left out before included.
  ///   - command: What made it, such as `certify`.
  ///   - version: Of the program that did.
  ///   - time: When, in ISO 8601.
  ///   - seconds: How long the judgement took, reading excluded.
  ///   - settings: A value that encodes itself as an object.
  ///   - search: The search for a better point of this dimension, if there was one.
  ///   - searchReason: Why there was none where one was called for.
  ///   - proof: The proof in exact arithmetic, if one was made.
  public init(
    _ judgement: Judgement, notSeparated: Judgement.NotSeparated, command: String, version: String,
    time: String, seconds: Double, settings: some Encodable, search: SeparationResult? = nil,
    searchReason: String? = nil, proof: SeparationProof? = nil
  ) {
    var record = RecordBuilder()
    record.members = [
      "command": .string(command), "version": .string(version), "time": .string(time),
      "settings": JSONValue(encoding: settings),
      "cost": .object(["seconds": JSONValue(seconds)]),
      "tolerance": JSONValue(judgement.tolerance),
      "verdict": .string(judgement.verdict.rawValue),
      "balanced_verdict": .string(judgement.balancedVerdict.rawValue),
      "active_constraints": .integer(judgement.activeConstraints),
    ]
    record.set(notSeparated)
    record.set(judgement.given, under: "")
    record.set(judgement.balanced, under: "balanced.")
    record.set("balanced_margin_ratio", judgement.balanced.marginRatio)
    record.set("imbalance", judgement.imbalance)
    for quantity in Quantity.marginQuantiles {
      record.set(quantity.rawValue, judgement.marginQuantiles[quantity])
    }
    record.set(multipliers: judgement.multipliers, reason: judgement.given.primal.reason)
    record.set(
      escape: judgement.escape, isOfBalanced: judgement.isEscapeOfBalanced,
      reason: judgement.escapeReason)
    record.set(search: search, reason: searchReason)
    record.set(
      "proof", proof.map { .object(["epsilon_rounded_up": .string($0.epsilon.roundedUp)]) },
      otherwise: "no proof was asked for, or the point does not separate")
    members = record.finished
  }

  /// The document as JSON on one line, its end included.
  public var json: String { jsonText(of: JSONValue.object(members)) + "\n" }
}

/// Members under dotted keys, and the reasons of those that are absent.
private struct RecordBuilder {
  var members: [String: JSONValue] = [:]
  private var reasons: [String: JSONValue] = [:]

  var finished: [String: JSONValue] { members.merging(["absent": .object(reasons)]) { $1 } }

  mutating func set(_ key: String, _ reading: Reading) {
    set(key, JSONValue(reading.number))
    if let reason = reading.reason { reasons[key] = .string(reason) }
  }

  mutating func set(_ key: String, _ value: JSONValue) {
    var object = JSONValue.object(members)
    object.set(value, at: key)
    if case .object(let changed) = object { members = changed }
  }

  mutating func set(_ key: String, _ value: JSONValue?, otherwise reason: String) {
    if let value { set(key, value) } else { set(key, .absent(because: reason)) }
  }

  mutating func set(search: SeparationResult?, reason: String?) {
    guard let search = search?.search else {
      let usual = "a better point is looked for only beside a KKT point whose gap is open"
      set("search", .absent(because: reason ?? usual))
      return
    }
    set("search.restarts", .integer(search.restarts))
    set("search.reached", .integer(search.reached))
    set("search.interrupted", .bool(search.wasCancelled))
    let none = search.leastResidual.isFinite ? "no start converged" : "no start was finished"
    set("search.primal", (search.values.first?.value).map(JSONValue.number), otherwise: none)
  }

  mutating func set(_ samples: Judgement.NotSeparated) {
    set("not_separated.count", .integer(samples.count))
    set(
      "not_separated.least_margin", samples.leastMargin.map(JSONValue.number),
      otherwise: "every sample is on its side")
    let first = samples.first.map { sample -> JSONValue in
      .object(["sample": .integer(sample.index), "margin": JSONValue(sample.margin)])
    }
    set("not_separated.first", .array(first))
  }

  mutating func set(_ standing: Standing, under prefix: String) {
    set(prefix + "primal", standing.primal)
    set(prefix + "dual", .value(standing.dual))
    set(prefix + "gap", standing.gap)
    set(prefix + "kkt_stationarity", standing.stationarity)
    set(prefix + "kkt_complementarity", standing.complementarity)
    set(prefix + "margin_ratio", standing.marginRatio)
  }

  mutating func set(multipliers: MultiplierChoice?, reason: String?) {
    guard let multipliers else {
      set("multipliers", .absent(because: reason ?? "none were found"))
      return
    }
    set("multipliers.source", .string(multipliers.source.rawValue))
    set("multipliers.slack", .value(multipliers.slack))
    set("multipliers.total", .value(multipliers.multipliers.total))
    set("multipliers.bound", .value(multipliers.multipliers.bound))
  }

  mutating func set(escape: WayOut?, isOfBalanced: Bool, reason: String) {
    guard let escape else {
      set("escape", .absent(because: reason))
      return
    }
    set("escape.from", .string(isOfBalanced ? "balanced" : "given"))
    set("escape.sigma", .value(escape.sigma))
    set("escape.predicted", .value(escape.predicted))
    set("escape.measured", Reading(escape.measured, otherwise: "no step was above rounding"))
    set("escape.remainder_slope", escape.remainderSlope)
    set("escape.step", .value(escape.step))
    set("escape.primal", .value(escape.value))
    set("escape.margin_ratio", .value(escape.marginRatio))
  }
}
