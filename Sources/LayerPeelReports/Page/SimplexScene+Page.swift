import Glibc
import LayerPeel
import LayerPeelFiles

extension SimplexScene {
  /// The block of a page in which the simplex turns: data, controls, and no picture yet.
  ///
  /// It stays hidden until the page's script, which needs plotly.js and WebGL, has drawn it.
  ///
  /// - Parameter name: Unique on the page; the fragment `#scene-NAME=3` opens it at the fourth frame.
  func markup(name: String) -> String {
    let last = max(frames.count - 1, 0)
    let id = "scene-\(HTML.identifier(name))"
    let phase = terminalShare.map {
      " style=\"--phase: \(FigureText.plain(100 * $0, digits: 2))%\""
    }
    return """
      <div class="scene" id="\(id)" hidden>
      <div class="scene-plot" role="img" aria-label="Class means, classifier rows and features in \
      three dimensions; the still pictures below show the same."></div>
      <div class="scene-controls">
      <button type="button" class="scene-play">Play</button>
      <div class="scene-track"\(phase ?? "")><input type="range" class="scene-slider" min="0" \
      max="\(last)" step="1" value="\(last)" aria-label="Probe during training"></div>
      <button type="button" class="scene-turn" aria-pressed="false">Turn</button>
      </div>
      <p class="scene-state"><output class="scene-label" aria-live="polite"></output></p>
      <script type="application/json" class="scene-data">\(json)</script>
      </div>
      """
  }

  /// How far along the slider the terminal phase begins, if it does.
  private var terminalShare: Double? {
    guard frames.count > 1, let first = frames.firstIndex(where: \.isTerminal) else { return nil }
    return Double(first) / Double(frames.count - 1)
  }

  /// What the script draws, fit to stand in a `script` element.
  private var json: String {
    jsonText(of: SceneData(self)).replacing("<", with: "\\u003c")
  }
}

/// A scene as the page's script reads it.
private struct SceneData: Encodable {
  let classes: [String]
  let colours: Int
  let reach: Double
  let planar: Bool
  let frames: [FrameData]

  struct FrameData: Encodable {
    let label: String
    let means: [[Double]]
    let rows: [[Double]]
    let features: [[Double]]
    let labels: [Int]
  }

  init(_ scene: SimplexScene) {
    classes = scene.classNames
    colours = Ink.classes.count
    reach = rounded(scene.reach)
    planar = scene.isPlanar
    frames = scene.frames.map { frame in
      FrameData(
        label: frame.sentence, means: rows(frame.means), rows: rows(frame.classifier),
        features: rows(frame.features), labels: frame.labels)
    }
  }
}

extension SimplexScene.Frame {
  /// What stands under the slider.
  fileprivate var sentence: String {
    let seen = FigureText.decimal(100 * share, digits: 0)
    let state = condition.isEmpty ? "" : " · \(condition)"
    return "Epoch \(epoch)\(state) · the three directions show \(seen) % of the class means"
  }
}

private func rows(_ matrix: Matrix) -> [[Double]] {
  (0..<matrix.rows).map { matrix.row($0).map(rounded) }
}

/// To a thousandth, less than a pixel.
private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
