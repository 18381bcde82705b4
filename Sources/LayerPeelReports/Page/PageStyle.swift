/// The page's style sheet.
enum PageStyle {
  /// All of it, with the figures' inks as custom properties for light and dark.
  static let sheet = """
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --text: #1a1a1a; --quiet: #5c6066; --line: #dfe2e6; --soft: #f5f6f8;
      --link: #0058a3;
      --good: #0b6b46; --good-soft: #e2f4ec; --bad: #a4262c; --bad-soft: #fbe6e6;
      --open: #7a5200; --open-soft: #fbf0d6; --none: #555a61; --none-soft: #eceef1;
      \(inks(\.lightValue))
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15171a; --text: #e6e6e6; --quiet: #a0a5ac; --line: #33373d; --soft: #1d2024;
        --link: #7ab8f5;
        --good: #7fdcb4; --good-soft: #12382a; --bad: #ff9d9d; --bad-soft: #451d1f;
        --open: #f0c76a; --open-soft: #3d3011; --none: #b4b9c0; --none-soft: #2b2f35;
        \(inks(\.darkValue))
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--text);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
    }
    main { max-width: 768px; margin: 0 auto; padding: 24px 24px 64px; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 16px 0 12px; letter-spacing: -0.01em; }
    h2 { font-size: 1.2rem; line-height: 1.35; margin: 0 0 8px; }
    h2 .number { color: var(--quiet); font-weight: 400; padding-right: 6px; }
    p { margin: 0 0 12px; }
    a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
    code {
      font: 0.88em/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
      overflow-wrap: anywhere;
    }
    section { border-top: 1px solid var(--line); margin-top: 36px; padding-top: 24px; }
    .tally, .criterion, .origin { color: var(--quiet); }
    .criterion b { color: var(--text); }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 0.94rem; }
    th, td { text-align: left; vertical-align: top; padding: 7px 10px 7px 0; }
    thead th { color: var(--quiet); font-weight: 500; border-bottom: 1px solid var(--line); }
    tbody tr + tr > * { border-top: 1px solid var(--line); }
    .claims td.number { color: var(--quiet); }
    .claims td:last-child { white-space: nowrap; padding-right: 0; }
    .claims a { color: var(--text); text-decoration-color: var(--line); }
    .measured { width: auto; margin: 4px 0 8px; font-size: 0.88rem; }
    .measured th {
      font: 0.92em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
      font-weight: 400; color: var(--quiet); padding-right: 28px; overflow-wrap: anywhere;
    }
    .measured td { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 0; }
    .measured th, .measured td { padding-top: 4px; padding-bottom: 4px; }
    .listing { font-size: 0.82rem; margin: 12px 0 0; }
    .listing th, .listing td { padding: 4px 10px 4px 0; white-space: nowrap; }
    .listed { color: var(--quiet); font-size: 0.88rem; line-height: 1.5; margin: 8px 0 24px; }
    .listing .figure { text-align: right; font-variant-numeric: tabular-nums; }
    .absent { color: var(--quiet); font-style: italic; }
    .provenance th { font-weight: 500; color: var(--quiet); white-space: nowrap; padding-right: 20px; }
    .provenance td { overflow-wrap: anywhere; }
    .badge {
      display: inline-block; border-radius: 999px; padding: 1px 10px 1px 8px; font-size: 0.84rem;
      font-weight: 600; white-space: nowrap;
    }
    .badge.held { color: var(--good); background: var(--good-soft); }
    .badge.not_held { color: var(--bad); background: var(--bad-soft); }
    .badge.inconclusive { color: var(--open); background: var(--open-soft); }
    .badge.not_run { color: var(--none); background: var(--none-soft); }
    figure { margin: 12px 0 24px; }
    figure svg {
      display: block; width: 100%; height: auto;
      font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif;
    }
    figure svg.narrow { display: none; max-width: 420px; margin: 0 auto; }
    figcaption { color: var(--quiet); font-size: 0.88rem; line-height: 1.5; margin-top: 8px; }
    figcaption b { color: var(--text); }
    .scene-plot { width: 100%; height: min(560px, 105vw); }
    .scene-controls { display: flex; align-items: center; gap: 12px; margin-top: 8px; }
    .scene-controls button {
      font: inherit; font-size: 0.88rem; color: var(--text); background: var(--soft);
      border: 1px solid var(--line); border-radius: 6px; padding: 4px 14px; min-width: 74px;
    }
    .scene-controls button[aria-pressed="true"] { border-color: var(--link); color: var(--link); }
    .scene-track {
      flex: 1; border-radius: 6px; padding: 4px 0;
      background: linear-gradient(to right, transparent var(--phase, 100%), var(--ink-shade) 0);
    }
    .scene-slider { display: block; width: 100%; margin: 0; }
    .scene-state { color: var(--quiet); font-size: 0.88rem; margin: 8px 0 20px; }
    .scene-state output { font-variant-numeric: tabular-nums; }
    .remarks, #caveats ul, #cite ul { padding-left: 20px; margin: 12px 0 0; }
    li { margin-bottom: 6px; }
    sup { font-size: 0.75em; line-height: 0; }
    @media (max-width: 640px) {
      main { padding: 12px 14px 48px; }
      h1 { font-size: 1.5rem; }
      figure svg.wide { display: none; }
      figure svg.narrow { display: block; }
      .claims th:nth-child(3), .claims td:nth-child(3) { display: none; }
      .provenance th, .provenance td { display: block; padding: 4px 0; white-space: normal; }
      tbody tr > .provenance td { border-top: 0; }
    }
    @media print {
      :root {
        --paper: #ffffff; --text: #000000; --quiet: #444444; --line: #cccccc; --link: #000000;
        \(inks(\.lightValue))
      }
      body { font-size: 10.5pt; }
      main { max-width: none; padding: 0; }
      figure, table:not(.listing) { break-inside: avoid; }
      .scroll { overflow: visible; }
      .scene { display: none; }
      .listing { font-size: 7.5pt; }
      .listing th, .listing td { padding-right: 6px; }
      h2, .verdict { break-after: avoid; }
      figure svg.wide { display: block; }
      figure svg.narrow { display: none; }
    }

    """

  private static func inks(_ value: (Ink) -> String) -> String {
    Ink.allCases.map { "\($0.property): \(value($0));" }.joined(separator: " ")
  }
}
