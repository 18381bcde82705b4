/// A statement about neural collapse with a criterion fixed beforehand, and what became of it.
///
/// The verdict is a pure function of recorded numbers and the criterion; pictures are drawn from
/// the same records and decide nothing.
public struct Claim: Hashable, Sendable {
  /// Whose statement it is.
  public enum Origin: String, Hashable, Sendable {
    /// Of the paper that is reproduced.
    case paper
    /// Of this project, beyond the paper.
    case ours
  }

  /// Its key in JSON, snake_case.
  public let name: String
  /// In plain words, for a reader who has not seen the paper.
  public let statement: String
  /// Whose it is.
  public let origin: Origin
  /// What must hold of the recorded numbers, in words.
  public let criterion: String
  /// What became of it.
  public let verdict: Verdict
  /// Why the records do not decide, in a sentence, where that is not plain.
  public let openBecause: String?
  /// Whether its numbers are shown without being judged, so that it stays open whatever they are.
  public let isOnlyShown: Bool
  /// The numbers that decided, by name.
  public let measured: [Measured]
  /// What else a reader should know: controls, expectations, limits.
  public let remarks: [String]

  /// A claim of given parts.
  public init(
    name: String, statement: String, origin: Origin, criterion: String, verdict: Verdict,
    openBecause: String? = nil, isOnlyShown: Bool = false, measured: [Measured],
    remarks: [String] = []
  ) {
    self.name = name
    self.statement = statement
    self.origin = origin
    self.criterion = criterion
    self.verdict = verdict
    self.openBecause = openBecause
    self.isOnlyShown = isOnlyShown
    self.measured = measured
    self.remarks = remarks
  }

  /// One number that decided, or stands beside.
  public struct Measured: Hashable, Sendable {
    /// Its name, snake_case.
    public let name: String
    /// The number, or why there is none; `nil` number.
    public let value: Double?

    /// A named number.
    public init(_ name: String, _ value: Double?) {
      self.name = name
      self.value = value
    }
  }
}

/// What became of a claim.
public enum Verdict: String, Hashable, Sendable {
  /// The criterion is met.
  case held
  /// It is not.
  case notHeld = "not_held"
  /// The records cannot decide.
  case inconclusive
  /// Nothing was run.
  case notRun = "not_run"
}
