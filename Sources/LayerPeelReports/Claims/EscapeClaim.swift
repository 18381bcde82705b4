import LayerPeel

extension Claim {
  /// Some KKT directions are not collapse, and the flow leaves them at last.
  ///
  /// - Parameters:
  ///   - exact: The flow from the square start of rank 2, recorded at ``escapeLogLosses``.
  ///   - perturbed: The same with a perturbation of full rank.
  public static func flowLeavesOtherDirections(
    exact: FlowRecord?, perturbed: FlowRecord?
  ) -> Claim {
    let criterion =
      if let exact, let perturbed {
        EscapeCriterion(exact: exact, perturbed: perturbed)
      } else { nil as EscapeCriterion? }
    return Claim(
      name: "flow_leaves_other_directions",
      statement: """
        Not every KKT direction is neural collapse. Four classes started in a plane stay a square, \
        with 3/4 of the best margin; a perturbation of one part in ten thousand leaves the square \
        too, but only at a time of about e^100000.
        """,
      origin: .ours,
      criterion: """
        Without perturbation the margin ratio stays within 0.001 of 0.75 from log L = -26 to \
        log L = -5·10^5. With it, the ratio is within 0.005 of 0.75 at log L = -600, between 0.85 \
        and 0.95 at log L = -10^5, and above 0.999 at log L = -5·10^5.
        """,
      verdict: criterion?.verdict ?? .notRun, measured: criterion?.measured ?? [],
      remarks: [
        """
        The paper shows that such points are strict saddles of the landscape; that the flow leaves \
        this one is shown here by following it, and is no theorem about saddles at infinity.
        """
      ])
  }

  /// The `log L` at which an escape is recorded.
  public static let escapeLogLosses: [Double] = [
    -26, -600, -1e3, -2e3, -5e3, -1e4, -2e4, -3e4, -3.8e4, -5e4, -7e4, -1e5, -1.5e5, -2e5, -3e5,
    -5e5,
  ]
}

private struct EscapeCriterion {
  let exact: FlowRecord
  let perturbed: FlowRecord

  private func ratio(_ flow: FlowRecord, at logLoss: Double) -> Double? {
    flow.firstRecord(below: logLoss)?[.marginRatio].number
  }

  /// The largest distance from 0.75 of the flow in the plane; nil if it did not get far enough.
  private var excursion: Double? {
    guard ratio(exact, at: -5e5) != nil else { return nil }
    return exact.trajectory.records.compactMap { record in
      guard let logLoss = record.measurement[.logLoss].number, logLoss <= -25.9 else { return nil }
      return record.measurement[.marginRatio].number.map { abs($0 - 0.75) }
    }.max()
  }

  var verdict: Verdict {
    guard let excursion, let early = ratio(perturbed, at: -600),
      let middle = ratio(perturbed, at: -1e5), let late = ratio(perturbed, at: -5e5)
    else { return .inconclusive }
    let stays = excursion <= 0.001
    let leaves = abs(early - 0.75) <= 0.005 && (0.85...0.95).contains(middle) && late > 0.999
    return stays && leaves ? .held : .notHeld
  }

  var measured: [Claim.Measured] {
    [Claim.Measured("in the plane: largest distance from 0.75", excursion)]
      + [-26, -600, -1e4, -3.8e4, -1e5, -2e5, -5e5].map {
        Claim.Measured("perturbed: margin ratio at log L = \(Int($0))", ratio(perturbed, at: $0))
      }
  }
}
