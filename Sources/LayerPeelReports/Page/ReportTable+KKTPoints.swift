extension ReportTable {
  /// The zoo of KKT points that are not collapse, and the ways out of them.
  public static func kktPoints(_ points: [KKTPointRecord]) -> ReportTable {
    ReportTable(
      caption: """
        KKT points of the separation problem, five samples a class. Value is ρ²/(2 q_min), the norm \
        that margins of 1 need; ratio the margin as a share of the best at this norm, before and \
        after the way out was followed for some steps. With σ = ‖A(λ)‖₂ above 1 the point is not the \
        best, and theory says how the value changes with the square of the distance along the \
        way out: −(σ − 1), where one pair of singular vectors shows it. Gap open: in a plane there \
        is no way out, and the bound, which holds in every dimension, is lower than the value. \
        Where the point is critical for the loss as well, down is the number of directions of its \
        sphere that curve down in the loss, and end the ratio where the descent of the loss from \
        there settles, at the norm of the landscapes below.
        """,
      columns: [
        "KKT point", "K", "d", "is", "value", "ratio", "after", "σ", "theory", "measured",
        "down", "end",
      ],
      rows: points.map { point in
        [point.name, "\(point.classes)", "\(point.dimension)", words(point.verdict)]
          + [point.value, point.marginRatio, point.ratioAfter, point.sigma].map { digits($0, 3) }
          + [point.predicted, point.measured].map { digits($0, 4) }
          + [point.index.map(String.init) ?? "–", digits(point.ratioAtEnd, 3)]
      })
  }

  /// `not global` for `kkt_not_global`: all of them are KKT points, or say so.
  private static func words(_ verdict: String) -> String {
    let words = verdict.split(separator: "_")
    return (words.first == "kkt" ? words.dropFirst() : words[...]).joined(separator: " ")
  }

  private static func digits(_ value: Double?, _ digits: Int) -> String {
    value.map { FigureText.decimal($0, digits: digits) } ?? "–"
  }
}
