extension Claim {
  /// KKT points that are not collapse are recognised, with a way out.
  ///
  /// - Parameters:
  ///   - points: Named points with their ways out.
  ///   - planned: How many were planned; fewer leave the claim open.
  public static func otherKKTPointsHaveAWayOut(
    _ points: [KKTPointRecord], planned: Int? = nil
  ) -> Claim {
    Claim(
      name: "other_kkt_points_have_a_way_out",
      statement: """
        Classes can settle in pairs, triangles or a polygon and satisfy every first-order \
        condition of the best margin. Such points are recognised as not the best, and a curve \
        leads out of them along which the margin grows.
        """,
      origin: .ours,
      criterion: """
        Each named point (blocks of classes at right angles, and regular polygons in three \
        dimensions) has the value that theory gives, to 10^−9 of it; is judged a KKT point that is \
        not global; and has a way out along which the value falls in second order as predicted, by \
        σ − 1 or its counterpart for several singular pairs, measured to 10^−6 of it, and which \
        leads to a larger margin ratio.
        """,
      verdict: Verdict.worst(of: points.map(\.judgement), planned: planned),
      measured: points.isEmpty
        ? []
        : [
          Claim.Measured("points", Double(points.count)),
          Claim.Measured("largest error of a value, relative", points.compactMap(\.error).max()),
          Claim.Measured(
            "largest scaled stationarity residual", points.compactMap(\.stationarity).max()),
          Claim.Measured(
            "largest error of a second-order change, relative",
            points.compactMap(\.deviation).max()),
          Claim.Measured(
            "smallest rise of the margin ratio", points.compactMap(\.rise).min()),
        ],
      remarks: points.isEmpty
        ? []
        : [
          """
          Where three or more blocks leave the multipliers undetermined, one singular pair alone \
          would spoil a margin; several together lead out, and their predicted change is that of \
          the pairs with their weights.
          """
        ])
  }
}

extension KKTPointRecord {
  /// What the criterion says of it.
  fileprivate var judgement: Verdict {
    guard let error, let deviation, let rise, let predicted else { return .notHeld }
    return isRecognised && error <= 1e-9 && predicted < 0 && deviation <= 1e-6 && rise > 0
      ? .held : .notHeld
  }

  fileprivate var error: Double? { value.map { abs($0 / expectedValue - 1) } }

  fileprivate var deviation: Double? {
    guard let measured, let predicted else { return nil }
    return abs(measured / predicted - 1)
  }

  fileprivate var rise: Double? {
    guard let ratioAfter, let marginRatio else { return nil }
    return ratioAfter - marginRatio
  }
}
