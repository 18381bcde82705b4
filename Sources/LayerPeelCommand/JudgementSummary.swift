import LayerPeel

/// What a point is, for people: a table of distances, and sentences that repeat them.
struct JudgementSummary {
  private let findings: Findings
  private let input: CertifiedInput
  private let proofFile: String?

  init(_ findings: Findings, of input: CertifiedInput, proofFile: String?) {
    (self.findings, self.input, self.proofFile) = (findings, input, proofFile)
  }

  private var judgement: Judgement { findings.judgement }
  private var labels: Labels { input.labels }
  private var leftOut: Judgement.NotSeparated? { input.leftOut }

  var text: String {
    let isSeparated = judgement.verdict != .notSeparating
    let sentences =
      ["As given: \(sentence(judgement.given, judgement.verdict))"]
      + (isSeparated ? [balancedSentence] : []) + notes
    return ([wrapped(heading), table] + sentences.map { wrapped($0) }).joined(separator: "\n\n")
  }

  private var heading: String {
    let bias = input.isBiasFolded ? ", the last of them the bias as a constant feature" : ""
    return "\(labels.sizes.inWords) in \(judgement.given.dimension) dimensions\(bias), judged in "
      + "\(durationText(findings.seconds)) at tolerance \(significant(judgement.tolerance, 3))."
  }

  private var table: String {
    tableText(
      ["", "value", "bound", "gap", "stationarity", "compl.", "ratio"],
      [row("as given", judgement.given), row("balanced", judgement.balanced)])
  }

  private func row(_ name: String, _ standing: Standing) -> [String] {
    func cell(_ reading: Reading, _ digits: Int32) -> String {
      reading.number.map { significant($0, digits) } ?? "-"
    }
    return [
      name, cell(standing.primal, 9), significant(standing.dual, 9), cell(standing.gap, 3),
      cell(standing.stationarity, 3), cell(standing.complementarity, 3),
      cell(standing.marginRatio, 6),
    ]
  }

  private var balancedSentence: String {
    guard let saved = judgement.imbalance.number, saved > 1e-12 else {
      return "W and H make their logits W Hᵀ with the least norm there is: they are balanced."
    }
    return "Balanced, the same logits W Hᵀ made with the least norm there is "
      + "(\(significant(100 * saved, 3)) % less): "
      + sentence(judgement.balanced, judgement.balancedVerdict)
  }

  private func sentence(_ standing: Standing, _ verdict: Standing.Verdict) -> String {
    guard let primal = standing.primal.number, let gap = standing.gap.number,
      let stationarity = standing.stationarity.number,
      let complementarity = standing.complementarity.number
    else { return words(verdict) + "." }
    let bound = standing.isBoundSharp ? "gap" : "gap to the bound"
    return "\(words(verdict)): \(bound) \(significant(gap, 3)) "
      + "(\(significant(100 * gap / primal, 3)) % of its value), "
      + "stationarity residual \(significant(stationarity, 3)), "
      + "complementarity \(significant(complementarity, 3)); margin ratio "
      + (standing.isBoundSharp ? "" : "to the bound ")
      + "\(significant(standing.marginRatio.number ?? 0, 6))."
  }

  private func words(_ verdict: Standing.Verdict) -> String {
    switch verdict {
    case .global: "a global optimum to within the tolerance"
    case .notGlobal: "a KKT point that is not global"
    case .gapOpen:
      "a KKT point; in fewer than \(labels.classes - 1) dimensions the bound cannot close, and "
        + "nothing better is known"
    case .notKKT: "separates, but is no KKT point to within the tolerance"
    case .notSeparating: "does not separate all samples, so it has no value and no distances"
    }
  }

  private var notes: [String] { [separation, nearness, escape, search, proof].compactMap { $0 } }

  /// A flow's end is within any tolerance only after a time like `e^(1/τ)`.
  private var nearness: String? {
    let standing = judgement.balanced
    guard judgement.verdict == .notKKT, standing.isBoundSharp, let gap = judgement.given.gap.number,
      let primal = judgement.given.primal.number, gap < 0.01 * primal
    else { return nil }
    return "Ends of flows near their limits only like 1/log t: at any --tolerance above "
      + "\(significant(1.005 * gap / primal, 3)) this one is global."
  }

  /// What can be done about samples on the wrong side.
  private var consequence: String {
    if leftOut != nil { return "They were left out: this is about the others." }
    if judgement.given.dimension == 1, labels.classes > 2 {
      return "One dimension cannot separate \(labels.classes) classes."
    }
    let part = SeparablePart(of: input.point, labels: labels)
    return part.lostClass.map { "Class \($0) has no other." }
      ?? "--separable-part judges the others."
  }

  private var separation: String? {
    let samples = leftOut ?? judgement.notSeparated
    guard let least = samples.leastMargin else { return nil }
    let list = samples.first.map { "\($0.index) (\(significant($0.margin, 3)))" }
    let more = samples.count > list.count ? " and \(samples.count - list.count) more" : ""
    return
      "Not on their side: \(samples.count) of \(labels.count + (leftOut?.count ?? 0)) samples, "
      + "with margins as low as \(significant(least, 3)). Rows of H from 0, with the least margin of "
      + "each: \(list.joined(separator: ", "))\(more). \(consequence)"
  }

  private var escape: String? {
    guard let escape = judgement.escape else {
      let isStuck = [judgement.verdict, judgement.balancedVerdict].contains {
        $0 == .notGlobal || $0 == .gapOpen
      }
      return isStuck ? "No way out was found: \(judgement.escapeReason)." : nil
    }
    let origin = judgement.isEscapeOfBalanced ? " of the balanced point" : ""
    return
      "The way out\(origin): s times its direction away, the value has changed by "
      + "\(significant(escape.measured, 7)) s² (predicted: \(significant(escape.predicted, 7))) and "
      + "terms of higher order. Followed to s = \(significant(escape.step, 3)) it is "
      + "\(significant(escape.value, 9)), with a margin ratio of "
      + "\(significant(escape.marginRatio, 6))."
  }
}

extension JudgementSummary {
  private var search: String? {
    guard let search = findings.better.result?.search else {
      return findings.better.reason.map { "No better point was looked for: \($0)." }
    }
    let cut = search.wasCancelled ? "The search for a better point was interrupted. " : ""
    guard let best = search.values.first else {
      return cut + "Of \(search.restarts) random starts at this dimension none converged."
    }
    return cut + "Of \(search.restarts) random starts at this dimension, \(best.count) reached the "
      + "best value met, \(significant(best.value, 9))."
  }

  private var proof: String? {
    guard let proof = findings.proof, let proofFile else { return nil }
    return "Proved in exact arithmetic (\(proofFile)): within a factor 1 + "
      + "\(proof.epsilon.roundedUp) of the best possible in any dimension."
  }
}
