import TestSupport
import Testing

/// Bad input gets one sentence that says what helps, and its status; nothing crashes.
struct BadInputTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let arguments: String
    let status: Int32
    let sentence: String
    var testDescription: String { arguments }
    init(_ arguments: String, _ status: Int32, _ sentence: String) {
      (self.arguments, self.status, self.sentence) = (arguments, status, sentence)
    }
  }

  @Test(arguments: [
    Case("flow --classes 0", 64, "classes: expected at least 2, got 0"),
    Case("flow --classes 1", 64, "classes: expected at least 2, got 1"),
    Case("flow --classes -3", 64, "classes: expected at least 2, got -3"),
    Case("flow --per-class 0", 64, "class 0 has 0 samples; every class needs at least 1"),
    Case("flow --class-sizes 3,-1", 64, "class 1 has -1 samples"),
    Case("flow --class-sizes 3,x", 64, "expected whole numbers separated by commas, got 'x'"),
    Case("flow --dim 0", 64, "dim: expected at least 1, got 0"),
    Case("flow --class-sizes 3,3 --classes 2", 64, "--class-sizes already says"),
    Case("flow --init x.safetensors --dim 3", 64, "brings its own sizes"),
    Case("flow --init square --init-scale 2", 64, "--init-scale is for --init gaussian"),
    Case("flow --init square --seed 1", 64, "--seed is for --init gaussian"),
    Case("flow --noise nan", 64, "--noise is nan; expected a finite number"),
    Case("flow --until-margin-ratio 1", 64, "above 0 and below 1"),
    Case("flow --mark-margin-ratio 0.5,1.5", 64, "above 0 and below 1"),
    Case("flow --until-log-loss nan", 64, "until-…, at-…: expected a finite number, got nan"),
    Case("flow --at-times 10,1", 64, "in rising order"),
    Case("flow --at-times 0", 64, "positive times separated by commas"),
    Case("flow --at-log-loss 50", 64, "already passed at the start"),
    Case("flow --rtol 1", 64, "rtol: expected between 1e-13 and 1e-2"),
    Case("flow --points 0", 64, "points: expected 1 to 100000 a decade, got 0"),
    Case("flow --max-evaluations 0", 64, "max-evaluations: expected at least 1, got 0"),
    Case("flow --classes 2 --per-class 1 --dim 200000", 64, "of memory"),
    Case("flow --at-times log:-1000,1", 64, "so early that doubles cannot tell it from zero"),
    Case("train --epochs 9223372036854775807", 64, "epochs: expected 1 to 1000000"),
    Case("flow --per-class 200000000 --dim 100000", 64, "of memory"),
    Case("flow --per-class 1152921504606846976", 64, "more than 2147483647"),
    Case("flow --init nowhere.safetensors", 66, "nowhere.safetensors: no such file"),
    Case("flow --init nowhere.npz", 66, "nowhere.npz: no such file"),
    Case("flow --init x.npz --classes 3", 64, "brings its own sizes"),
    Case("flow --init sqare", 64, "--init is sqare; expected gaussian, square or a file"),
    Case("flow --init start.npy", 64, "that ends in .safetensors or .npz"),
    Case("flow --init-scale -1", 64, "--init-scale is -1.0; expected a finite number"),
    Case("flow --out nowhere/x.json", 73, "there is no folder nowhere/"),
    Case("flow --out x.txt", 64, "ends in .json or .csv"),
    Case("flow --save-point x.npy", 64, "ends in .safetensors or .npz"),
    Case("flow --save-point nowhere/x.npz", 73, "there is no folder nowhere/"),
    Case("flow --figure x.jpg", 64, "ends in .pdf or .svg or .png"),
    Case("flow --figure x.html", 64, "ends in .pdf or .svg or .png"),
    Case("train --figure x.jpg", 64, "ends in .pdf or .svg or .png or .html"),
    Case("train --data fashion-mnits", 64, "did you mean fashion-mnist?"),
    Case("train --data mnist --data-dir nowhere", 66, "data set mnist: not found in nowhere"),
    Case("train --data cifar10 --data-dir /nonexistent", 66, "cifar-10-binary"),
    Case("train --per-class 0", 64, "ask for 1 to"),
    Case("train --per-class 7000", 64, "6000 training images"),
    Case("train --epochs 0", 64, "epochs: expected 1 to 1000000, got 0"),
    Case("train --rate -1", 64, "rate: expected a positive number, got -1"),
    Case("train --momentum 1", 64, "momentum: expected at least 0, below 1, got 1"),
    Case("train --weight-decay -0.1", 64, "weight decay: expected 0 or more, got -0.1"),
    Case("train --hidden 512,0", 64, "hidden: expected a width from 1"),
    Case("train --hidden 1000000,1000000", 64, "of memory"),
    Case("train --threads 0", 64, "--threads is 0; expected 1 to"),
    Case("train --labels random", 64, "random"),
    Case("train --save-point nowhere/x.safetensors", 73, "there is no folder nowhere/"),
    Case("landscape --classes 1", 64, "classes: expected at least 2, got 1"),
    Case("landscape --dim 0", 64, "dim: expected at least 1, got 0"),
    Case("landscape --radius 0", 64, "radius: expected a number between 0.1 and 1000"),
    Case("landscape --radius nan", 64, "radius: expected a number between 0.1 and 1000"),
    Case("landscape --weight-decay -1", 64, "weight-decay: expected a positive number"),
    Case("landscape --weight-decay 1 --radius 1", 64, "exclude each other"),
    Case("landscape --restarts -1", 64, "restarts: expected 0 to 1000000, got -1"),
    Case("landscape --follow blosk-2", 64, "did you mean blocks-2?"),
    Case("landscape --point collpase --save-point x.safetensors", 64, "did you mean collapse?"),
    Case("landscape --point collapse", 64, "give --save-point a file"),
    Case("landscape --class-sizes 3,3 --classes 2", 64, "--class-sizes already says"),
    Case("landscape --per-class 200000000 --dim 100000", 64, "of memory"),
    Case("landscape --out x.txt", 64, "ends in .json or .csv"),
    Case("landscape --save-point nowhere/x.safetensors", 73, "there is no folder nowhere/"),
    Case("reproduce --out /dev/null/report", 73, "/dev/null/report: cannot be written"),
    Case("reproduce --data-dir nowhere", 66, "not found in nowhere"),
  ])
  func `bad input is refused in one sentence`(_ example: Case) throws {
    let arguments = example.arguments.split(separator: " ").map(String.init)
    let result = try Program("layerpeel").run(arguments)
    #expect(result.status == example.status, "\(result.errors)")
    #expect(result.errors.contains(example.sentence), "\(result.errors)")
    #expect(result.errors.hasPrefix("Error: "))
    #expect(result.output.isEmpty)
  }
}
