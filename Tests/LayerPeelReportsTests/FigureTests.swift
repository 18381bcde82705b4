import LayerPeel
import LayerPeelReports
import Testing

struct FigureTests {
  @Test func `the same trajectories give the same scripts`() {
    #expect(Figure.overview(of: madeFlow()) == Figure.overview(of: madeFlow()))
    #expect(
      Figure.trainingOverview(of: madeTraining()) == Figure.trainingOverview(of: madeTraining()))
  }

  @Test(arguments: FigureCase.all + FigureCase.empty)
  func `gnuplot draws every figure without a word`(_ example: FigureCase) throws {
    let gnuplot = try Gnuplot()
    for drawing in [example.figure.wide, example.figure.narrow] {
      let output = try gnuplot.draw(example.figure, drawing, as: .svg)
      #expect(output.messages == "")
      #expect(output.text.contains("</svg>"))
    }
  }

  @Test(arguments: zip(Gnuplot.Format.allCases, ["%PDF", "<?xml", "\u{FFFD}PNG"]))
  func `a format's file begins as it should`(_ format: Gnuplot.Format, _ start: String) throws {
    let bytes = try Gnuplot().bytes(of: FigureCase.all[0].figure, as: format)
    #expect(String(decoding: bytes.prefix(8), as: UTF8.self).hasPrefix(start))
  }

  @Test func `a reading that is absent is a gap and never a zero`() {
    let script = Figure.overview(of: madeFlow()).wide.script
    let blocks = script.split(separator: " << end\n").dropFirst().map {
      $0.prefix(upTo: $0.firstRange(of: "\nend\n")?.lowerBound ?? $0.endIndex)
    }
    let stationarity = blocks.first { $0.contains("\n1.2589254117941673 ") }
    #expect(stationarity?.split(separator: "\n\n").count == 2)
    for block in blocks {
      for row in block.split(separator: "\n") {
        let numbers = row.split(separator: " ").map { Double($0) }
        #expect(numbers.count == 2 && numbers.allSatisfy { $0?.isFinite == true }, "\(row)")
        #expect(numbers.last != 0.0, "\(row)")
      }
    }
  }

  @Test func `a point between two gaps is marked`() {
    var lonely = Measurement()
    lonely[.marginRatio] = .value(0.5)
    let flow = Trajectory<FlowTime>(
      settings: Flow.Settings(),
      records: [
        .init(FlowTime(logTime: 10), Measurement()), .init(FlowTime(logTime: 20), lonely),
        .init(FlowTime(logTime: 30), Measurement()),
      ], events: [], termination: .logTime, cost: Cost())
    let script = Figure.overview(of: flow).wide.script
    #expect(script.contains("<< end\n20.0 0.5\nend\n"))
    #expect(script.contains("with points"))
  }

  @Test func `fitted slopes are those of the powers they were made of`() {
    // The metrics fall like 1/log t, distances within classes like its square root.
    let script = Figure.flowPanels(of: [madeFlow()]).wide.script
    #expect(script.contains("'means: −1.000 ± 0.001, theory −1'"))
    #expect(script.contains("'mean distance: −0.500 ± 0.001, theory −½'"))
    let conditions = Figure.conditions(of: madeFlow()).wide.script
    #expect(conditions.contains("'complementarity: −2.500 ± 0.001, theory −2½'"))
  }

  @Test func `an escape's times are interpolated in log log t`() {
    // The ratio 1 - 1/(x + 1) is 0.8 at 4, 0.9 at 9 and 0.99 at 99.
    let flow = LabelledTrajectory("made", madeFlow())
    let script = Figure.escape(exact: flow, disturbed: flow, marks: [0.8, 0.99]).wide.script
    #expect(script.contains("'0.8 at log t = 4.0"))
    #expect(script.contains("'0.99 at log t = 99"))
  }

  @Test func `a label cannot leave its quotes or become markup`() throws {
    let label = "it's {/:Bold a} \\\\ trap_1^2 'at' \"`rm`\"\nset output"
    let flow = LabelledTrajectory(label, madeFlow())
    let figure = Figure.margin(of: [flow])
    #expect(!figure.wide.script.contains("\nset output"))
    let output = try Gnuplot().draw(figure, figure.wide, as: .svg)
    #expect(output.messages == "")
    #expect(output.text.contains("it's {/:Bold a}"))
  }

  @Test func `no gnuplot is a sentence with the cure`() {
    do {
      _ = try Gnuplot(searching: "/nowhere:/")
      Issue.record("found a gnuplot in /nowhere")
    } catch {
      #expect(
        error.description
          == "figures: the program gnuplot was not found; install it with: apt install gnuplot-nox")
    }
  }

  @Test func `a script that gnuplot refuses is an error that says why`() throws {
    let drawing = Figure.Drawing(width: 100, height: 100, script: "plot nonsense(\n")
    let figure = Figure(name: "broken", title: "", caption: "", wide: drawing, narrow: drawing)
    let gnuplot = try Gnuplot()
    do {
      _ = try gnuplot.bytes(of: figure, as: .svg)
      Issue.record("gnuplot drew nonsense")
    } catch {
      #expect(error.description.hasPrefix("figure broken: gnuplot failed: "))
      #expect(error.description.contains("line 2"), "\(error)")
    }
  }
}
