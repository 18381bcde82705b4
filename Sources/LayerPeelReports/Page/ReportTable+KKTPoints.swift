extension ReportTable {
  /// The zoo of KKT points that are not collapse, and the ways out of them.
  public static func kktPoints(_ points: [KKTPointRecord]) -> ReportTable {
    ReportTable(
      caption: """
        KKT points of the separation problem, five samples a class. Value is ρ²/(2 q_min), the norm \
        that margins of 1 need; ratio the margin as a share of the best at this norm, before and \
        after the way out was followed for some steps. With σ = ‖A(λ)‖₂ above 1 the point is not the \
        best, and theory predicts how the value changes with the square of the distance along the \
        way out: −(σ − 1), where one pair of singular vectors shows it.
        """,
      columns: [
        "KKT point", "d", "value", "ratio", "after", "σ", "predicted", "measured", "verdict",
      ],
      rows: points.map { point in
        [point.name, "\(point.dimension)", digits(point.value, 5), digits(point.marginRatio, 5)]
          + [digits(point.ratioAfter, 5), digits(point.sigma, 5)]
          + [digits(point.predicted, 7), digits(point.measured, 7), point.verdict]
      })
  }

  private static func digits(_ value: Double?, _ digits: Int) -> String {
    value.map { FigureText.decimal($0, digits: digits) } ?? "–"
  }
}
