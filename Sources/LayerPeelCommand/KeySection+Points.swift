import LayerPeelFiles

extension KeySection {
  private static let distances = [
    ("primal", "ρ²/(2 q_min), the value at least margins of 1"),
    ("dual", "a bound from below on the best value, by weak duality"),
    ("gap", "primal - dual"),
    ("kkt_stationarity", "divided by the norm at least margins of 1"),
    ("kkt_complementarity", "divided by the sum of the multipliers"),
    ("margin_ratio", "normalised margin over the best possible one"),
    ("balanced_margin_ratio", "the same of the logits, the norm shared optimally"),
    ("tolerance", "τ of the verdicts"),
    ("verdict", "global, kkt_not_global, kkt_gap_open, not_kkt, not_separating"),
    ("balanced_verdict", "the same of the balanced point"),
  ]

  static var separation: KeySection {
    KeySection(
      "A case of separate (a grid has them in cases):",
      [("classes", "K"), ("class_sizes", "samples of each class"), ("dim", "d")] + distances + [
        ("escape", "null; certify looks for one"), absent,
        ("restarts", "random starts that were finished; null for the closed form"),
        ("reached", "those of them that ended at the best value"),
        ("constructions", "named starts that did"),
        ("other_values", "other KKT values: value, count, constructions"),
        ("not_converged", "random starts that did not reach a KKT point"),
        ("least_residual", "the least residual of any start"),
        ("interrupted", "whether there were more starts"), ("seconds", "what it took"),
      ])
  }

  static var judgement: KeySection {
    KeySection(
      "A judgement of certify, besides command, version, time and settings:",
      distances + [
        ("balanced", "primal to margin_ratio of the balanced point"),
        ("imbalance", "share of the norm that sharing it optimally would save"),
        ("margin_quantiles", "q00 to q100 of the samples' margins, in nats"),
        ("active_constraints", "margins within τ of the least"),
        (
          "not_separated",
          "samples on the wrong side: count, least_margin, first (sample, a row of H from 0; margin)"
        ),
        ("multipliers", "source (closed_form, least_squares), slack, total, bound"),
        (
          "escape",
          """
          from (given, balanced), sigma, predicted and measured change of the value over s², \
          remainder_slope, and the step it was followed to with primal and margin_ratio there
          """
        ),
        (
          "search",
          "for a better point below K - 1 dimensions: restarts, reached, interrupted, primal"
        ),
        ("proof", "epsilon_rounded_up, of the proof in exact arithmetic"),
        ("cost", "seconds, reading the file excluded"), absent,
      ])
  }
}

// MARK: - Landscapes

extension KeySection {
  static var landscape: KeySection {
    KeySection(
      "A landscape, besides command, version, time, settings and cost:",
      [
        ("start_count", "starts that were refined"),
        ("trivial_count", "those of them that met the continuum μ = 0"),
        ("not_converged", "the others: name, gradient_norm, termination"),
        ("no_radius", "constructions that no radius gives the weight decay as μ"),
        ("interrupted", "whether there were more starts"),
        (
          "escape",
          "null, or from, saddles, to, steps, log_loss, margin_ratio, termination, absent"
        ),
        ("absent", "the reason of what is null; points and the escape have their own"),
        ("points", "critical points, each with the keys below"),
      ])
  }

  static var criticalPoint: KeySection {
    KeySection(
      "A critical point:",
      [
        ("name", "of the first start that led there"),
        (
          "verdict",
          "global_minimum, strict_saddle, local_minimum (on the point's sphere), degenerate, not_critical"
        ),
        ("starts", "the names of all starts that led there"), ("count", "their number"),
      ] + LandscapeDocument.Key.allCases.map { ($0.rawValue, $0.meaning) })
  }
}
