import Foundation
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports
import Testing

struct SimplexSceneTests {
  @Test func `frames keep the directions of their snapshots`() {
    let snapshots = madeSnapshots(classes: 5)
    for (frame, snapshot) in zip(SimplexScene(snapshots).frames, snapshots) {
      let scale = snapshot.features.norm / Double(snapshot.features.rows).squareRoot()
      // A division and two products.
      #expect(
        (scale * frame.means - snapshot.means).norm <= 4 * .ulpOfOne * snapshot.means.norm)
    }
  }

  @Test func `each frame has a scale of its own, in which rows meet means at self-duality`() {
    let scene = SimplexScene(madeSnapshots(classes: 4, epochs: [0, 10, 1_000_000_000]))
    for frame in scene.frames {
      for matrix in [frame.features, frame.classifier] {
        #expect(abs(matrix.norm / Double(matrix.rows).squareRoot() - 1) < 1e-12)
      }
    }
    let (first, last) = (scene.frames[0], scene.frames[2])
    #expect((last.means - last.classifier).norm < 1e-6)
    #expect((first.means - first.classifier).norm > 0.5)
    #expect(first.means.norm < 0.9 * last.means.norm)
  }

  @Test func `frames know their errors and the terminal phase`() {
    // Zero training error from epoch 20 on; no record at epoch 6.
    let scene = SimplexScene(madeSnapshots(classes: 3), of: madeTraining())
    #expect(scene.frames.map(\.isTerminal) == [0, 1, 3, 6, 12, 20, 40, 80].map { $0 >= 20 })
    #expect(scene.frames[5].trainError == 0 && scene.frames[3].trainError == nil)
    let script = Figure.simplexStrip(of: scene).wide.script
    #expect(script.contains("'{/:Bold Epoch 20}'") && script.contains("terminal phase"))
    #expect(script.contains("'untrained'"))
    #expect(script.matches(of: #/\{\/:Bold Epoch /#).count == 6)
    #expect(script.contains("'{/:Bold Epoch 0}'") && script.contains("'{/:Bold Epoch 80}'"))
  }

  @Test func `no more features are kept than asked for, equally many of each class`() {
    let frame = SimplexScene(madeSnapshots(classes: 4, perClass: 30), features: 20).frames[0]
    #expect(frame.features.rows == 20)
    #expect((0..<4).allSatisfy { k in frame.labels.count { $0 == k } == 5 })
  }

  @Test(arguments: [2, 3, 4, 10, 11, 100])
  func `gnuplot draws any number of classes without a word`(_ classes: Int) throws {
    let epochs = [0, 4, 20]
    let scene = SimplexScene(
      madeSnapshots(classes: classes, perClass: 3, epochs: epochs), of: madeTraining())
    let figure = Figure.simplexStrip(of: scene)
    let output = try Gnuplot().draw(figure, figure.wide, as: .svg)
    #expect(output.messages == "")
    #expect(figure.wide.script.contains("100 classes") == false)
    #expect(figure.caption.contains("Colours come again") == (classes > 10))
  }

  @Test func `a frame that is not finite is left out, and none at all is said`() throws {
    var snapshots = madeSnapshots(classes: 3)
    let bad = snapshots[2]
    var means = bad.means
    means[0, 0] = .nan
    snapshots[2] = Snapshot(
      epoch: bad.epoch, directions: bad.directions, means: means, classifier: bad.classifier,
      features: bad.features, labels: bad.labels, share: bad.share)
    #expect(SimplexScene(snapshots).frames.count == snapshots.count - 1)
    let figure = Figure.simplexStrip(of: SimplexScene([]))
    #expect(try Gnuplot().draw(figure, figure.wide, as: .svg).messages == "")
    #expect(figure.wide.script.contains("No snapshots"))
  }
}

struct ScenePageTests {
  private static let names = ["</script><b>", "bag & \"shoe\"", "c", "d"]

  private func page(plotly: PlotlyLibrary?) throws -> String {
    try TrainingPage(
      title: "A <run>", introduction: "Made up.", trajectory: madeTraining(),
      snapshots: madeSnapshots(classes: 4), classNames: ScenePageTests.names
    ).html(with: Gnuplot(), plotly: plotly)
  }

  private func library(_ text: String) throws -> PlotlyLibrary? {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "plotly-\(UUID().uuidString).js")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return PlotlyLibrary(path: file.path)
  }

  @Test func `without plotly a page has still pictures and no script`() throws {
    let html = try page(plotly: nil)
    #expect(!html.contains("<script") && !html.contains("scene-plot\""))
    #expect(html.contains("id=\"figure-simplex\"") && html.contains("id=\"figure-alignment\""))
    #expect(unbalancedTag(in: html) == nil)
  }

  @Test func `with plotly a page asks for nothing from outside, and nothing leaves its script`()
    throws
  {
    let html = try page(plotly: library("/* plotly.js */ '</script>'"))
    #expect(html.matches(of: #/<script/#).count == 3 && html.matches(of: #/<\/script>/#).count == 3)
    #expect(html.matches(of: #/(src|xlink:href|data|action)\s*="/#).isEmpty)
    #expect(html.matches(of: #/https?:/#).isEmpty)
    #expect(html.contains("class=\"scene\" id=\"scene-simplex\" hidden"))
    let markup = html.replacing(#/<script[^>]*>[\s\S]*?<\/script>/#, with: "")
    #expect(unbalancedTag(in: markup) == nil)
  }

  @Test func `what the script reads is what the scene holds`() throws {
    struct Scene: Decodable {
      struct Frame: Decodable {
        let label: String
        let means: [[Double]], rows: [[Double]], features: [[Double]]
        let labels: [Int]
      }
      let classes: [String]
      let frames: [Frame]
    }
    let html = try page(plotly: library("/* plotly.js */"))
    let found = try #require(
      html.firstMatch(of: #/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/#))
    let scene = try JSONDecoder().decode(Scene.self, from: Data(String(found.1).utf8))
    let expected = SimplexScene(madeSnapshots(classes: 4), of: madeTraining())
    #expect(scene.classes[0] == "0 </script><b>" && scene.frames.count == 8)
    for (frame, truth) in zip(scene.frames, expected.frames) {
      #expect(frame.labels == truth.labels && frame.features.count == truth.features.rows)
      for k in 0..<4 {
        for j in 0..<3 {
          // Written to a thousandth.
          #expect(abs(frame.means[k][j] - truth.means[k, j]) <= 0.0005001)
          #expect(abs(frame.rows[k][j] - truth.classifier[k, j]) <= 0.0005001)
        }
      }
    }
    #expect(scene.frames[5].label.hasPrefix("Epoch 20 · 0 % training error, terminal phase · "))
    // It begins at the sixth of eight frames.
    #expect(html.contains("--phase: 71.43%"))
  }

  @Test func `a file that is not there or not plotly is no library`() throws {
    #expect(PlotlyLibrary(path: "/nowhere/plotly.min.js") == nil)
    #expect(try library("<html>not found</html>") == nil)
    #expect(PlotlyLibrary(in: DataHome(environment: ["LAYERPEEL_HOME": "/nowhere"])) == nil)
  }
}
