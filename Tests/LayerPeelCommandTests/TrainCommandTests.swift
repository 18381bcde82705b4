import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `layerpeel train` as users run it, on a few images of Fashion-MNIST.
struct TrainCommandTests {
  private func train(_ arguments: String) throws -> Program.Result {
    let few = "train --per-class 20 --hidden 32,16 --threads 1 --quiet "
    return try Program("layerpeel").run((few + arguments).split(separator: " ").map(String.init))
  }

  @Test func `two runs with equal arguments print identical JSON but for timings`() throws {
    let (first, second) = (
      try train("--epochs 3 --seed 5 --json"), try train("--epochs 3 --seed 5 --json")
    )
    #expect(first.status == 0 && first.errors.isEmpty)
    #expect(withoutTimings(first.output) == withoutTimings(second.output))
  }

  @Test func `the output states the weight decay that was executed`() throws {
    let (none, some) = (try train("--epochs 1"), try train("--epochs 1 --weight-decay 5e-4"))
    #expect(none.output.contains("No parameter group had weight decay (weights, normalization)."))
    #expect(some.output.contains("weight decay up to 0.0005;"))
    let json = try train("--epochs 1 --weight-decay 5e-4 --json").output
    #expect(json.contains("\"had_weight_decay\":true"))
  }

  @Test func `the model goes on from a network's last layer`() throws {
    let folder = try ScratchFolder()
    let net = folder.file("net.safetensors")
    #expect(try train("--epochs 2 --save-point \(net)").status == 0)
    let flow = try Program("layerpeel").run([
      "flow", "--init", net, "--rtol", "1e-6", "--until-margin-ratio", "0.9",
    ])
    #expect(flow.status == 0, "\(flow.errors)")
    #expect(flow.output.contains("10 classes of 20 in 16 dimensions"))
  }

  @Test func `a training that diverges keeps what was finished and says so`() throws {
    let folder = try ScratchFolder()
    let out = folder.file("train.json")
    let result = try train("--norm none --epochs 5 --rate 1e20 --out \(out)")
    #expect(result.status == 3)
    #expect(result.output.contains("Training diverged"))
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(text.contains("\"termination\":\"diverged\""))
    #expect(text.contains("\"epoch\":0"))
  }

  @Test func `a process that is killed keeps its probes`() throws {
    let folder = try ScratchFolder()
    let out = folder.file("train.json")
    let killed = try Program("layerpeel").run(
      [
        "train", "--per-class", "20", "--hidden", "32,16", "--threads", "1", "--epochs", "1000000",
        "--out", out,
      ], signal: SIGKILL)
    #expect(killed.status == SIGKILL)
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(text.contains("\"epoch\":10,"))
    #expect(text.contains("\"termination\":\"interrupted\""))
    // A file that was half written when the process was killed has a name of its own.
    #expect(try folder.names().filter { !$0.hasPrefix(".layerpeel-") } == ["train.json"])
  }

  @Test func `a page has every figure of a training and the names of the classes`() throws {
    let folder = try ScratchFolder()
    let page = folder.file("run.html")
    let result = try train("--epochs 3 --figure \(page)")
    #expect(result.status == 0, "\(result.errors)")
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.contains("<h1>Training without weight decay</h1>"))
    #expect(text.contains("mlp on 200 images of fashion-mnist, 3 of 3 epochs, seed 0, by"))
    #expect(text.contains("No parameter group had weight decay"))
    #expect(text.split(separator: "<figure ").count == 5)
    #expect(text.contains("Sneaker") && !text.contains("This picture was not drawn"))
    // Nothing is loaded from elsewhere; plotly.js, where it is there, stands in the page.
    #expect(!text.contains("<script src=") && !text.contains("<img src="))
  }

  @Test func `what was trained on, and whether that is its publisher's, is written`() throws {
    let json = try train("--epochs 1 --batch 50 --imbalance 4 --labels noise:0.1 --json").output
    for part in [
      "\"verified\":true", "\"per_class\":20", "\"imbalance\":4", "\"labels\":\"noise:0.1\"",
      "\"changed_labels\":",
    ] {
      #expect(json.contains(part), "\(part)")
    }
    #expect(try train("--epochs 1 --json").output.contains("\"imbalance\":null"))
  }

  @Test func `shuffled labels keep the sizes of the classes`() throws {
    let result = try train("--epochs 1 --labels shuffled --json")
    #expect(result.status == 0)
    #expect(result.output.contains("\"labels\":\"shuffled\""))
  }
}
