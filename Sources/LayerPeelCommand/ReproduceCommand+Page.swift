import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports

// The page that a reproduction ends in, and what it says beside the claims.
extension ReproduceCommand {
  /// Draws the figures, and writes the page that holds them.
  func write(
    _ evidence: Evidence, _ provenance: [(String, String)], into folder: ReportFolder,
    with gnuplot: Gnuplot
  ) throws {
    let (figures, tables) = (evidence.figures, evidence.tables)
    let pictures = try folder.draw(figures.values.flatMap { $0 }, with: gnuplot) {
      say("Warning: \($0)")
    }
    let page = ReportPage(
      title: "Neural collapse, from Fashion-MNIST to the end of time",
      introduction: (Interrupt.isRequested ? ReproduceCommand.interruption : "")
        + ReproduceCommand.introduction,
      sections: evidence.claims.map {
        ReportSection(
          claim: $0, tables: tables[$0.name] ?? [], figures: figures[$0.name] ?? [])
      },
      provenance: provenance + evidence.provenance, caveats: ReproduceCommand.caveats,
      citations: ReproduceCommand.citations)
    let home = DataHome(environment: ProcessInfo.processInfo.environment)
    let html = page.html(
      svgs: pictures, scenes: evidence.scenes, plotly: PlotlyLibrary(in: home))
    try OutputFile.write(Array(html.utf8), to: folder.page)
  }

  /// What the report was made of and with.
  func provenance(
    _ reproduction: Reproduction, threads: Int, seconds: Double
  ) -> [(String, String)] {
    let plan = reproduction.plan
    let sets = reproduction.images.values.sorted { $0.name.rawValue < $1.name.rawValue }
    return [
      ("program", "layerpeel \(Versions.layerPeel), plan \(plan.name)"), ("made", timestamp()),
      ("took", durationText(seconds)),
      (
        "data sets",
        sets.map { "\($0.name.rawValue): \($0.source), \($0.verification.words)" }
          .joined(separator: "; ")
      ),
      ("integrator", "SUNDIALS CVODE \(Versions.sundials), BDF and matrix-free Newton–Krylov"),
      ("networks' library", "oneDNN \(oneDNNVersion), float32, \(threads) threads"),
      ("BLAS", Versions.openBLAS),
    ]
  }

  private static let interruption =
    "This run was interrupted: what it had not finished stands as not run or inconclusive. "

  private static let introduction = """
    When a classifier is trained on past zero error, the features of its last layer collapse onto \
    their class means, and these and the classifier's rows onto a simplex. Ji, Lu, Zhang, Deng and \
    Su (ICLR 2022) explain it by a model: free features, a classifier, cross-entropy, nothing \
    else. This page follows that model's gradient flow to a loss of e^-1000000 with a certificate \
    at every recorded time and a proof without rounding at the end, maps the stationary points of \
    the loss and follows the way out of each, trains real networks on real images beside it, and \
    continues the model from a network's own last layer. The paper's own hyper-parameters could \
    not be verified; those used here stand below.
    """

  private static let caveats = [
    "That the flow leaves a square is shown by following it, and is no theorem about saddles.",
    """
    A search finds some critical points, not all. That a saddle can be left at a fixed norm says \
    nothing of the flow, whose norm grows for ever and whose saddles lie at infinity \
    (arXiv:2512.04006).
    """,
    "Three seeds of a small network on one data set are not the paper's experiments.",
    "A verdict says whether a criterion was met, not how surprising that is; look at the controls.",
  ]

  private static let citations = [
    """
    W. Ji, Y. Lu, Y. Zhang, Z. Deng, W. J. Su: An Unconstrained Layer-Peeled Perspective on Neural \
    Collapse. ICLR 2022. arXiv:2110.02796
    """,
    """
    V. Papyan, X. Y. Han, D. L. Donoho: Prevalence of neural collapse during the terminal phase of \
    deep learning training. PNAS 117, 2020. arXiv:2008.08186
    """,
    """
    C. Thrampoulidis, G. R. Kini, V. Vakilian, T. Behnia: Imbalance Trouble: Revisiting \
    Neural-Collapse Geometry. NeurIPS 2022. arXiv:2208.05512
    """,
  ]
}
