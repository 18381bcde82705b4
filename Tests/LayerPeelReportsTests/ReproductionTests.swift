import FoundationEssentials
import LayerPeel
import LayerPeelFiles
import LayerPeelNetworks
import LayerPeelReports
import TestSupport
import Testing

/// What becomes of a reproduction that is stopped.
struct ReproductionTests {
  @Test func `networks of the paper's scale go on where they were stopped`() throws {
    let folder = try ScratchFolder()
    let images = try images()
    let whole = try run(on: images, runs: nil)
    #expect(whole.evidence.paper.map(\.trajectory.termination) == [.epochs, .epochs])

    let stopped = try run(on: images, runs: folder.file("runs")) { name, fraction in
      name == "network: second" && fraction > 0.5
    }
    #expect(stopped.evidence.paper.map(\.trajectory.termination) == [.epochs, .interrupted])
    #expect(stopped.kept == ["first", "second"])
    let claim = try #require(
      stopped.evidence.claims.first { $0.name == "networks_collapse_at_paper_scale" })
    #expect(claim.verdict == .inconclusive)

    let again = try run(on: images, runs: folder.file("runs"))
    let measured = { (outcome: Outcome) in
      outcome.evidence.paper.map { $0.trajectory.records.map(\.measurement) }
    }
    #expect(measured(again) == measured(whole))
    // Nothing that was finished is done again: two epochs of four had been saved, and whoever is
    // made ready says where it stands.
    #expect(
      again.seen.allSatisfy {
        $0.fraction == 1 || $0.name == "network: second" && $0.fraction >= 0.5
      })
  }

  @Test func `a folder that is in use is found before anything is run`() throws {
    let folder = try ScratchFolder()
    let images = try images()
    try FileManager.default.createDirectory(
      atPath: folder.file("runs/second"), withIntermediateDirectories: true)
    var lock: FolderLock? = try FolderLock(path: folder.file("runs/second"))
    var hasRun = false
    #expect(throws: FileError.self) {
      try run(on: images, runs: folder.file("runs")) { _, _ in
        hasRun = true
        return false
      }
    }
    #expect(!hasRun)
    #expect(lock != nil)
    lock = nil
    #expect(try run(on: images, runs: folder.file("runs")).kept == ["first", "second"])
  }

  private struct Outcome {
    var evidence: Evidence
    var kept: [String] = []
    var seen: [(name: String, fraction: Double)] = []
  }

  /// Runs two small networks as if they were of the paper's scale, until a stage has got somewhere.
  private func run(
    on images: ImageDataSet, runs: String?,
    until isOver: @escaping (String, Double) -> Bool = { _, _ in false }
  ) throws -> Outcome {
    let plan = ReproductionPlan(
      name: "tiny", flowSeeds: [], networks: ["first", "second"].map(network),
      judgesNarrow: false, landscapeRestarts: 1, bridgeEvaluations: 1
    ).only(.paper)
    var reproduction = Reproduction(plan: plan, images: [.mnist: images])
    reproduction.runs = runs
    var outcome = Outcome(evidence: Evidence(plan: plan))
    var isStopped = false
    let evidence = try reproduction.run(
      Reproduction.Observer(
        progress: {
          guard let fraction = $1 else { return }
          outcome.seen.append(($0, fraction))
          isStopped = isStopped || isOver($0, fraction)
        },
        isCancelled: { isStopped }, warned: { _ in }, flowEnded: { _ in },
        trainingEnded: { network, _, _ in outcome.kept.append(network.name) },
        forecastEnded: { _ in }, endProved: { _, _ in }, pointsJudged: { _ in },
        landscapeEnded: { _, _, _, _ in }))
    outcome.evidence = evidence
    return outcome
  }

  private func network(_ name: String) -> NetworkPlan {
    var settings = Training.Settings()
    (settings.epochs, settings.batchSize) = (4, 20)
    var plan = NetworkPlan(name, role: .paper, imagesPerClass: nil, settings: settings)
    plan.recipe.data = .mnist
    return plan
  }

  /// Four images of each of ten classes, of four times four pixels.
  private func images() throws -> ImageDataSet {
    let folder = try ScratchFolder()
    func write(_ name: String, _ shape: [Int], _ bytes: [UInt8]) throws {
      let header: [UInt8] = [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, 0, UInt8($0)] }
      try Data(header + bytes).write(to: URL(filePath: folder.file(name)))
    }
    var generator = SplitMix64(seed: 1)
    for part in ["train", "t10k"] {
      try write(
        "\(part)-images-idx3-ubyte", [40, 4, 4],
        (0..<640).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
      try write("\(part)-labels-idx1-ubyte", [40], (0..<40).map { UInt8($0 % 10) })
    }
    return try ImageDataSet(
      named: "mnist", in: folder.path, home: DataHome(environment: ["HOME": "/nonexistent"]))
  }
}
