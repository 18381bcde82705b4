import LayerPeel
import LayerPeelNetworks
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

  @Test func `networks and the model stand side by side on the same vertical axes`() {
    let run = LabelledTrajectory("made", madeTraining())
    let script = Figure.networkPanels(seeds: [run], flows: [madeFlow()]).wide.script
    let ranges = script.matches(of: #/set yrange \[(.+)\]/#).map { String($0.1) }
    #expect(ranges.count == 8)
    for row in 0..<4 { #expect(ranges[2 * row] == ranges[2 * row + 1]) }
    #expect(script.contains("'{/:Bold Self-duality, networks}'"))
    #expect(script.contains("'{/:Bold Self-duality, model}'"))
    // The network ends at 1/61, and the model's curve may go 30 times lower; both start at 1 or less.
    let ends = ranges[6].split(separator: ":").compactMap { Double($0) }
    #expect(abs(ends[0] * 1.3 * 30 * 61 - 1) < 1e-12 && ends[1] == 1.3)
  }

  @Test func `alignment has a band from class to class, and a terminal phase only if there is one`()
  {
    let run = LabelledTrajectory("made", madeTraining())
    let script = Figure.alignment(seeds: [run, run]).wide.script
    // Epoch 4 stands at 5 on an axis of log(1 + epoch).
    #expect(script.contains("\n5.0 -0.25 0.7\n"))
    #expect(script.ranges(of: "filledcurves").count == 1)
    #expect(script.ranges(of: "set object rectangle from first 21.0").count == 4)
    // A dot on each line, and none at epoch 0, where there was no probe before.
    #expect(!script.contains("<< end\n1.0 0.16"))
    let without = LabelledTrajectory(
      "made",
      Trajectory<Epoch>(
        settings: Training.Settings(), records: madeTraining().records, events: [],
        termination: .epochs, cost: Cost()))
    let open = Figure.alignment(seeds: [run, without]).wide.script
    #expect(!open.contains("set object rectangle from first"))
  }

  @Test func `ticks of a narrow range of losses say the losses themselves`() {
    let records = [2.6, 2.2, 2.0].enumerated().map { index, loss in
      var m = Measurement()
      m[.logLoss] = .value(loss)
      return Trajectory<FlowTime>.Record(FlowTime(logTime: Double(index)), m)
    }
    let flow = Trajectory<FlowTime>(
      settings: Flow.Settings(), records: records, events: [], termination: .logTime, cost: Cost())
    // The axis is asinh of -log L, and asinh 2 = 1.4436.
    let script = Figure.overview(of: flow).wide.script
    #expect(script.contains("'−2.0' -1.4436354751788103"))
  }

  @Test func `an escape's times are interpolated in log log t`() {
    // The ratio 1 - 1/(x + 1) is 0.8 at 4, 0.9 at 9 and 0.99 at 99.
    let flow = LabelledTrajectory("made", madeFlow())
    let script = Figure.escape(exact: flow, disturbed: flow, marks: [0.8, 0.99]).wide.script
    #expect(script.contains("'0.8 at log t = 4.0"))
    #expect(script.contains("'0.99 at log t = 99"))
  }

  @Test func `class vectors are drawn where they are`() {
    // In a plane the first class points to the right; all are scaled to a mean square of 1.
    let script = Figure.classVectors(of: [madeClassVectors[1]]).wide.script
    let tips = ends(of: script)
    let expected: [(Double, Double)] = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    for (tip, place) in zip(tips, expected) {
      #expect(abs(tip.0 - place.0) + abs(abs(tip.1) - abs(place.1)) < 1e-12, "\(tips)")
    }
    // In space, a simplex stands with its first vector upwards.
    let simplex = ends(of: Figure.classVectors(of: [madeClassVectors[2]]).wide.script)
    #expect(simplex.count == 4 && abs(simplex[0].0) < 1e-12 && simplex[0].1 > 0.8)
    // Zero vectors have no arrows, and share a number.
    let pair = Figure.classVectors(of: [madeClassVectors[0]]).wide.script
    #expect(ends(of: pair).count == 2 && pair.contains("'3, 4'"))
  }

  /// Where a script's arrows end.
  private func ends(of script: String) -> [(Double, Double)] {
    script.matches(of: #/arrow from first [^ ]+, first [^ ]+ to first ([^ ]+), first ([^ ]+) /#)
      .map { (Double($0.1) ?? .nan, Double($0.2) ?? .nan) }
  }

  @Test func `planes have equal units in both directions`() throws {
    let figure = Figure.saddleEscape(madeDescent(), stops: madeStops)
    for drawing in [figure.wide, figure.narrow] {
      let margins = drawing.script.matches(
        of:
          #/lmargin at screen (.+)\nset rmargin at screen (.+)\nset tmargin at screen (.+)\nset bmargin at screen (.+)\n[^\n]*\nset xrange \[-?[^:]*:(.+)\]\n[^\n]*\n[^\n]*\nset yrange \[-?[^:]*:(.+)\]/#
      )
      #expect(margins.count == 5)
      for match in margins.dropFirst(2) {
        let n = [match.1, match.2, match.3, match.4, match.5, match.6].map { Double($0) ?? .nan }
        let across = (n[1] - n[0]) * Double(drawing.width) / n[4]
        let upwards = (n[2] - n[3]) * Double(drawing.height) / n[5]
        // Sides are whole pixels.
        #expect(abs(across / upwards - 1) < 0.02, "\(n)")
      }
    }
  }

  @Test func `constructions are named in words, and other names stay`() {
    let names = [
      "collapse": "neural collapse", "blocks-2": "one pair", "blocks-2+2": "two pairs",
      "blocks-3x2": "three pairs", "blocks-3+2": "a triangle and a pair",
      "merged-2-flip": "2 merged, H flipped", "search-12": "search 12",
    ]
    for (key, words) in names {
      var record = LandscapeRecord.made([5, 5, 5, 5], dimension: 4, seed: 1)
      record.points = [.made(key, logLoss: 1, multiplier: 1)]
      #expect(ReportTable.landscape(record).rows[0][0] == words)
    }
  }

  @Test func `a landscape's table says where each point leads, and sums up those with negative μ`()
  {
    let table = ReportTable.landscape(.made([5, 5, 5, 5], dimension: 4, seed: 1))
    #expect(table.rows.count == 11)
    #expect(table.rows[0][0] == "neural collapse" && table.rows[0][1] == "–")
    #expect(table.rows[1][1] == "saddle 2" && table.rows[1][7] == "−1.00 × 2")
    #expect(table.caption.contains("9 points with μ < 0") && table.caption.contains("all saddles"))
    #expect(table.caption.contains("All but neural collapse, the global minimum, are strict"))
  }

  @Test func `a landscape's figure claims no more than its verdicts`() {
    var record = LandscapeRecord.made([5, 5, 5, 5], dimension: 4, seed: 1)
    #expect(Figure.landscape(of: record).title == "No traps in the landscape")
    #expect(Figure.landscape(of: record).caption.contains("everything else is a saddle"))
    for i in record.points.indices { record.points[i].index = nil }
    let uncounted = Figure.landscape(of: record)
    #expect(uncounted.caption.contains("1 global minimum, 19 strict saddles"))
    #expect(uncounted.caption.contains("unknowns to count such directions: 20"))
    record.points[3].verdict = .degenerate
    record.points[4].verdict = .localMinimum
    let open = Figure.landscape(of: record)
    #expect(open.title != "No traps in the landscape")
    #expect(open.caption.contains("1 local minimum, 17 strict saddles, 1 degenerate point"))
    #expect(!open.caption.contains("everything else"))
    #expect(Figure.landscape(of: .empty).caption.contains("up to symmetry: none."))
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
