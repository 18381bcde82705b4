import Foundation
import LayerPeelFiles
import TestSupport
import Testing

/// `layerpeel train --run` and `--resume` as users run them, on a few images of Fashion-MNIST.
struct TrainRunTests {
  private static let few = "--per-class 20 --hidden 32,16 --batch 64 --threads 1"

  private func train(_ arguments: String, signal: Int32? = nil) throws -> Program.Result {
    try Program("layerpeel").run(
      ["train"] + arguments.split(separator: " ").map(String.init), signal: signal)
  }

  /// Begins a run and kills it so many microseconds after its first checkpoint.
  private func start(_ arguments: String, killedAfter delay: UInt32, _ run: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path(of: "layerpeel"))
    process.arguments = ["train"] + arguments.split(separator: " ").map(String.init)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, !FileManager.default.fileExists(atPath: "\(run)/log.txt") {
      usleep(1000)
    }
    usleep(delay)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Epochs in the log of a run.
  private func epochsDone(_ run: String) throws -> Int {
    try String(contentsOfFile: "\(run)/log.txt", encoding: .utf8).split(separator: "\n").count - 1
  }

  private func content(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// A trajectory without what depends on the clock.
  private func trajectory(_ folder: String) throws -> NSDictionary {
    let data = try content("\(folder)/trajectory.json")
    var members = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    members["cost"] = nil
    members["time"] = nil
    return members as NSDictionary
  }

  @Test func `a run that is killed goes on to the same weights and records`() throws {
    let folder = try ScratchFolder()
    let (whole, killed) = (folder.file("whole"), folder.file("killed"))
    let options = "\(Self.few) --epochs 60 --augment shift:2,mirror"
    #expect(try train("\(options) --quiet --run \(whole)").status == 0)
    for delay: UInt32 in [0, 60_000, 150_000] {
      try start("\(options) --quiet --run \(killed)", killedAfter: delay, killed)
      #expect(try epochsDone(killed) < 60, "killed \(delay) µs after its first epoch")
      let resumed = try train("--quiet --resume \(killed)")
      #expect(resumed.status == 0, "\(resumed.errors)")
      for name in ["last", "best", "checkpoint"] {
        #expect(
          try content("\(killed)/\(name).safetensors") == content("\(whole)/\(name).safetensors"))
      }
      #expect(try trajectory(killed) == trajectory(whole))
      try FileManager.default.removeItem(atPath: killed)
    }
  }

  @Test func `a folder that holds a run is not written over, and one in use not at all`() throws {
    let folder = try ScratchFolder()
    let run = folder.file("deep/run")
    #expect(try train("\(Self.few) --epochs 1 --quiet --run \(run)").status == 0)
    let again = try train("\(Self.few) --epochs 1 --quiet --run \(run)")
    #expect(again.status == 73 && again.errors.contains("it holds a run already"))
    #expect(again.errors.contains("--resume"))

    let lock = open("\(run)/lock", O_RDWR)
    #expect(flock(lock, LOCK_EX) == 0)
    let second = try train("--quiet --resume \(run)")
    #expect(second.status == 73 && second.errors.contains("another process is writing there"))
    close(lock)
    #expect(try train("--quiet --resume \(run)").status == 0)
  }

  @Test(arguments: [
    ("--seed 2", "seed"), ("--epochs 9", "epochs"), ("--per-class 10", "per-class"),
    ("--bias", "bias"), ("--weight-decay 1e-4", "weight-decay"), ("--threads 2", "threads"),
    ("--run x", "run"),
  ])
  func `a run goes on with its own settings`(_ option: String, _ name: String) throws {
    let folder = try ScratchFolder()
    let run = folder.file("run")
    #expect(try train("\(Self.few) --epochs 2 --quiet --run \(run)").status == 0)
    let other = try train("--quiet --resume \(run) \(option)")
    #expect(other.status == 64 && other.errors.contains("\(name): "), "\(other.errors)")
    let same = try train("--quiet --resume \(run) --epochs 2 --hidden 32,16")
    #expect(same.status == 0, "\(same.errors)")
  }

  @Test(arguments: [
    ("--model vgg13 --width 8192", "GiB"), ("--epochs 3 --forecast 500", "epochs from 0 to 3"),
    ("--epochs 3 --save-points 99", "epochs from 0 to 3"), ("--batch 999 --per-class 20", "batch"),
  ])
  func `what is refused takes no folder`(_ options: String, _ words: String) throws {
    let folder = try ScratchFolder()
    let run = folder.file("run")
    let result = try train("--threads 1 --quiet \(options) --run \(run)")
    #expect(result.status == 64 && result.errors.contains(words), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: run))
  }

  @Test(arguments: ["--save-points 1,3", "--forecast 2", "--save-points 2"])
  func `epochs that have passed are refused`(_ option: String) throws {
    let folder = try ScratchFolder()
    let run = folder.file("run")
    #expect(try train("\(Self.few) --epochs 2 --quiet --run \(run)").status == 0)
    let late = try train("--quiet --resume \(run) \(option)")
    #expect(late.status == 64, "\(late.errors)")
    #expect(late.errors.contains("epochs ") && late.errors.split(separator: "\n").count == 1)
  }

  @Test func `what is damaged, foreign or not there is refused in one sentence`() throws {
    let folder = try ScratchFolder()
    let (run, other) = (folder.file("run"), folder.file("other"))
    #expect(try train("\(Self.few) --epochs 2 --quiet --run \(run)").status == 0)
    #expect(
      try train(
        "--per-class 20 --hidden 24,16 --batch 64 --threads 1 --epochs 2 --quiet --run \(other)"
      )
      .status == 0)
    let checkpoint = URL(fileURLWithPath: "\(run)/checkpoint.safetensors")
    let sound = try content(checkpoint.path)

    try content("\(other)/checkpoint.safetensors").write(to: checkpoint)
    #expect(try train("--quiet --resume \(run)").status == 65)
    var damaged = sound
    damaged[sound.count - 100] ^= 1
    try damaged.write(to: checkpoint)
    let refused = try train("--quiet --resume \(run)")
    #expect(refused.status == 65 && refused.errors.contains("damaged"), "\(refused.errors)")
    try sound.prefix(sound.count / 2).write(to: checkpoint)
    #expect(try train("--quiet --resume \(run)").status == 65)
    try sound.write(to: checkpoint)
    #expect(try train("--quiet --resume \(run)").status == 0)

    let description = URL(fileURLWithPath: "\(run)/run.json")
    let text = try String(contentsOf: description, encoding: .utf8)
    let newer = text.replacingOccurrences(of: "\"format_version\":1", with: "\"format_version\":2")
    try newer.write(to: description, atomically: true, encoding: .utf8)
    let version = try train("--quiet --resume \(run)")
    #expect(version.status == 65 && version.errors.contains("version 2"))
    let later = text.replacingOccurrences(of: "\"version\":\"", with: "\"version\":\"9")
    try later.write(to: description, atomically: true, encoding: .utf8)
    let program = try train("--quiet --resume \(run)")
    #expect(program.status == 65 && program.errors.contains("go on with that version"))
    #expect(try train("--quiet --resume \(folder.file("nowhere"))").status == 66)
  }

  @Test func `a disk that is full leaves the checkpoint before`() throws {
    let folder = try ScratchFolder()
    let (whole, run) = (folder.file("whole"), folder.file("run"))
    let options = "\(Self.few) --epochs 60 --quiet"
    #expect(try train("\(options) --run \(whole)").status == 0)
    try start("\(options) --run \(run)", killedAfter: 0, run)
    let before = try content("\(run)/checkpoint.safetensors")
    // Not even weights fit into files of so few blocks.
    let limited = try Program(path: "/bin/sh").run([
      "-c",
      "ulimit -f 100; trap '' XFSZ; exec \(Program.path(of: "layerpeel")) train --quiet "
        + "--resume \(run)",
    ])
    #expect(limited.status == 73, "\(limited.errors)")
    #expect(limited.errors.contains(".safetensors: cannot be written: the system says: File too"))
    #expect(try content("\(run)/checkpoint.safetensors") == before)
    #expect(try train("--quiet --resume \(run)").status == 0)
    #expect(
      try content("\(run)/last.safetensors") == content("\(whole)/last.safetensors"))
  }

  @Test func `weights go out and come back in`() throws {
    let folder = try ScratchFolder()
    let (weights, point) = (folder.file("w.safetensors"), folder.file("p.safetensors"))
    let trained = try train(
      "\(Self.few) --bias --epochs 2 --quiet --json --save-weights \(weights) --save-point \(point)"
    )
    #expect(trained.status == 0, "\(trained.errors)")
    let on = try train("\(Self.few) --bias --epochs 1 --quiet --json --init-weights \(weights)")
    #expect(on.status == 0, "\(on.errors)")
    #expect(try loss(on.output, record: 0) == loss(trained.output, record: 2))
    let certified = try Program("layerpeel").run(["certify", point])
    #expect(certified.status == 0, "\(certified.errors)")

    let missing = try train("\(Self.few) --epochs 1 --quiet --init-weights \(weights)")
    #expect(missing.status == 65 && missing.errors.contains("\"classifier.bias\" too"))
    let shape = try train(
      "--per-class 20 --hidden 32,8 --bias --threads 1 --quiet --init-weights \(weights)")
    #expect(shape.status == 65 && shape.errors.contains("of shape 8×32"), "\(shape.errors)")
    #expect(shape.errors.contains("got 16×32"), "\(shape.errors)")
  }

  @Test func `a run knows the weights it began with, and which points were asked for`() throws {
    let folder = try ScratchFolder()
    let (weights, run) = (folder.file("w.safetensors"), folder.file("run"))
    #expect(try train("\(Self.few) --epochs 1 --quiet --save-weights \(weights)").status == 0)
    let options = "\(Self.few) --epochs 60 --quiet --init-weights \(weights)"
    try start("\(options) --save-points 1,60 --run \(run)", killedAfter: 0, run)
    #expect(try train("--quiet --resume \(run)").status == 0)
    #expect(
      try Set(folder.names(in: "run")).isSuperset(
        of: ["point-1", "point-60"].map { "\($0).safetensors" }))
    let settings = try #require(try trajectory(run)["settings"] as? [String: Any])
    #expect(settings["init_weights"] as? String == weights)
    let sum = MD5.sum(of: Array(try content(weights)))
    #expect(settings["init_weights_md5"] as? String == sum)
  }

  @Test func `a training that cannot begin leaves its folder to the next`() throws {
    let folder = try ScratchFolder()
    let (weights, run) = (folder.file("w.safetensors"), folder.file("run"))
    #expect(try train("\(Self.few) --epochs 1 --quiet --save-weights \(weights)").status == 0)
    let file = try SafetensorsFile(path: weights)
    let huge = try file.entries.filter { $0.type == .float32 }.map { entry in
      NamedArray(
        entry.name, shape: entry.shape,
        try file.floats(entry).map { entry.name == "classifier.weight" ? 1e38 : $0 })
    }
    try SafetensorsFile.write(huge, to: folder.file("huge.safetensors"))
    let options = "\(Self.few) --epochs 1 --quiet --run \(run)"
    let refused = try train("\(options) --init-weights \(folder.file("huge.safetensors"))")
    #expect(refused.status == 64 && refused.errors.contains("not finite"), "\(refused.errors)")
    #expect(try train(options).status == 0)
  }

  @Test(arguments: [("trap '' HUP; ", 0), ("", 130)])
  func `a hang-up stops a run in order, unless whoever started it ignores that`(
    _ trap: String, _ status: Int32
  ) throws {
    let run = try ScratchFolder()
    let program = Program.path(of: "layerpeel")
    let line = "\(program) train \(Self.few) --epochs 60 --quiet --run \(run.path)"
    let result = try Program(path: "/bin/sh").run([
      "-c",
      "\(trap)\(line) & while [ ! -f \(run.path)/log.txt ]; do sleep 0.01; done; kill -HUP $!; wait $!",
    ])
    #expect(result.status == status, "\(result.errors)")
    #expect(result.output.contains("Interrupted") == (status == 130))
  }

  @Test func `points of epochs have the classifier's bias, as the last has`() throws {
    let folder = try ScratchFolder()
    let (run, point) = (folder.file("run"), folder.file("p.safetensors"))
    let result = try train(
      "\(Self.few) --bias --epochs 2 --quiet --run \(run) --save-points 1,2 --save-point \(point)")
    #expect(result.status == 0, "\(result.errors)")
    let last = try PointFile(path: "\(run)/point-2.safetensors")
    let end = try PointFile(path: point)
    #expect(last.bias?.count == 10 && last.bias == end.bias)
    #expect(try PointFile(path: "\(run)/point-1.safetensors").bias != last.bias)
  }

  private func loss(_ json: String, record: Int) throws -> Double {
    let members =
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let points = try #require(members?["points"] as? [[String: Any]])
    return try #require(points[record]["train_loss"] as? Double)
  }

  @Test(arguments: [
    ("--model resnet", "nearest is resnet18"), ("--schedule cosin", "nearest is cosine"),
    ("--norm bach", "nearest is batch"), ("--weight-decay wights=1", "nearest is weights"),
    ("--labels shufled", "nearest is shuffled"), ("--data fashon", "fashion-mnist"),
    ("--width 16", "resnet18 or vgg13"), ("--dim 3", "linear-features"),
    ("--model resnet18 --hidden 3", "mlp"), ("--batch 201 --per-class 20", "1 to 200"),
    ("--augment flip", "shift:4"), ("--milestones 3", "--schedule step"),
    ("--save-points 1", "--run"),
    ("--model linear-features --norm none", "--model linear-features"),
  ])
  func `what cannot be done is refused in one sentence`(
    _ arguments: String, _ word: String
  ) throws {
    let result = try train("--quiet \(arguments)")
    #expect(result.status == 64, "\(result.errors)")
    #expect(result.errors.contains(word), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1 && result.output.isEmpty)
  }

  @Test func `the table grows on standard output, in 80 columns`() throws {
    let result = try train("\(Self.few) --epochs 3 --probes all --momentum 0 --quiet")
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    let epochs = lines.compactMap { Int($0.prefix { $0 != " " }) }
    #expect(epochs.starts(with: [200, 0, 1, 2, 3]))
    let help = try train("--help").output.split(separator: "\n")
    #expect(help.allSatisfy { $0.count <= 80 })
  }
}
