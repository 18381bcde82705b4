extension Claim {
  /// The ends of flows are proved to be nearly the best possible, in exact arithmetic.
  ///
  /// - Parameters:
  ///   - proofs: Of the ends of flows from Gaussian starts with equal classes.
  ///   - planned: How many were planned; fewer leave the claim open.
  ///   - others: Proofs that are shown beside them and decide nothing.
  public static func endsAreProved(
    _ proofs: [ProofRecord], planned: Int? = nil, others: [ProofRecord] = []
  ) -> Claim {
    Claim(
      name: "ends_are_proved",
      statement: """
        Where the flows end is within one part in ten thousand of the best margin that any \
        features and any classifier can have, and this is proved without rounding.
        """,
      origin: .ours,
      criterion: """
        For the end of every flow from a Gaussian start with equal classes a proof in rational \
        numbers says: no point of any dimension beats it by more than a factor 1 + ε in the norm \
        that margins of 1 need, with ε at most 1/0.9999 − 1 = 1.0001 × 10^−4; and 1/(1 + ε) is the \
        margin ratio that the flow recorded in floating point, to 10^−12.
        """,
      verdict: Verdict.worst(of: proofs.map(verdict), planned: planned),
      measured: (proofs + others).flatMap { proof in
        [
          Claim.Measured("\(proof.name): ε", proof.epsilon),
          Claim.Measured("\(proof.name): margin ratio less 1/(1 + ε)", proof.deviation),
        ]
      },
      remarks: proofs.isEmpty
        ? []
        : [
          """
          A double is a fraction, so the margins and norms of a point are fractions too; \
          multipliers rounded to integers bound every point there is, by elimination on a K × K \
          matrix. The proofs stand in `data/proof-….json`; `Scripts/check_proof.py` checks them \
          with Python's fractions alone, sharing no code with the program.
          """,
          """
          The square is shown for comparison: its ε is 1/3, and no proof can make it smaller, as \
          it has 3/4 of the best margin.
          """,
        ])
  }

  private static func verdict(_ proof: ProofRecord) -> Verdict {
    guard let epsilon = proof.epsilon, let deviation = proof.deviation else { return .notHeld }
    return (0...1 / 0.9999 - 1).contains(epsilon) && abs(deviation) <= 1e-12 ? .held : .notHeld
  }
}

extension ProofRecord {
  /// How far floating point is from what is proved.
  fileprivate var deviation: Double? {
    guard let epsilon, let marginRatio else { return nil }
    return marginRatio - 1 / (1 + epsilon)
  }
}
