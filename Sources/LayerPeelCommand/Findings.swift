import LayerPeel
import LayerPeelFiles

/// Everything that was found out about a point.
struct Findings {
  let judgement: Judgement
  /// What became of the search for a better point.
  let better: BetterPointSearch.Outcome
  let proof: SeparationProof?
  /// What the judgement took.
  let seconds: Double

  /// A better point of the search, where it shows that the point is not global.
  var betterPoint: SeparationSolution? {
    judgement.verdicts.contains(.notGlobal) ? better.result?.solution : nil
  }

  /// The same as it is written.
  func document(of input: CertifiedInput, settings: CertifySettings) -> JudgementDocument {
    JudgementDocument(
      judgement, notSeparated: input.leftOut ?? judgement.notSeparated, command: "certify",
      version: Versions.layerPeel, time: timestamp(), seconds: seconds, settings: settings,
      search: better.result, searchReason: better.reason, proof: proof)
  }
}

extension Judgement {
  /// Of the point as given, and of the balanced one.
  var verdicts: [Standing.Verdict] { [verdict, balancedVerdict] }
}
