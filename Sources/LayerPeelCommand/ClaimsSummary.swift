import LayerPeel
import LayerPeelReports

/// The claims as `--json` prints them.
struct ClaimsDocument: Encodable {
  let claims: [Entry]
  let report: String

  struct Entry: Encodable {
    let name: String
    let verdict: String
    let origin: String
    let criterion: String
    let openBecause: String?
    let measured: [String: Double?]

    enum CodingKeys: String, CodingKey, CaseIterable {
      case name, verdict, origin, criterion, measured
      case openBecause = "open_because"
    }
  }

  init(_ claims: [Claim], report: String) {
    self.report = report
    self.claims = claims.map { claim in
      Entry(
        name: claim.name, verdict: claim.verdict.rawValue, origin: claim.origin.rawValue,
        criterion: claim.criterion, openBecause: claim.openBecause,
        measured: Dictionary(claim.measured.map { ($0.name, $0.value) }) { $1 })
    }
  }
}

/// The claims for people.
struct ClaimsSummary {
  let claims: [Claim]
  let report: String
  let seconds: Double

  init(_ claims: [Claim], report: String, seconds: Double) {
    self.claims = claims
    self.report = report
    self.seconds = seconds
  }

  var text: String {
    let rows = claims.map { [$0.name, words(for: $0), $0.origin.rawValue] }
    let reasons = claims.compactMap { claim in
      claim.openBecause.map { "\n\n" + wrapped("\(claim.name): \($0)") }
    }
    return tableText(["claim", "verdict", "whose"], rows) + reasons.joined()
      + (Interrupt.isRequested ? "\n\nInterrupted: the report holds what was finished." : "")
      + "\n\nReport: \(report) (\(durationText(seconds)))"
  }

  private func words(for claim: Claim) -> String {
    if claim.isOnlyShown { return "shown, not judged" }
    return claim.verdict.rawValue.split(separator: "_").joined(separator: " ")
  }
}
