import FoundationEssentials
import LayerPeel
import LayerPeelNetworks

/// Times training steps and evaluation of one network, with data in memory; see `network_peers.py`.
///
/// Prints one JSON object: images per second of forward pass, backward pass and step, after warm-up;
/// of the forward pass in evaluation mode; the most memory that the process had by the end of the
/// steps; and how much longer a probe of all images takes than their forward pass, as a share of
/// that, the fastest of each.
@main
enum NetworkTimes {
  struct Line: Codable {
    let images_per_second: Double
    let evaluated_per_second: Double
    let probe_overhead: Double
    let peak_bytes: Int
    let onednn: String
  }

  static func main() throws {
    let arguments = CommandLine.arguments
    let numbers = arguments.dropFirst(5).compactMap(Double.init)
    guard arguments.count == 9, numbers.count == 4 else {
      print(
        "usage: NetworkTimes MODEL CHANNELS,ROWS,COLUMNS WIDTHS NORM BATCH IMAGES THREADS SECONDS")
      return
    }
    NetworkThreads.use(Int(numbers[2]))
    let architecture = try architecture(
      arguments[1], shape: integers(arguments[2]), widths: integers(arguments[3]),
      norm: NetworkArchitecture.Normalization(rawValue: arguments[4]) ?? .batch)
    let line = try measure(
      architecture, batch: Int(numbers[0]), images: Int(numbers[1]), seconds: numbers[3])
    print(String(decoding: try JSONEncoder().encode(line), as: UTF8.self))
  }

  private static func integers(_ list: String) -> [Int] {
    list.split(separator: ",").compactMap { Int($0) }
  }

  private static func architecture(
    _ model: String, shape: [Int], widths: [Int], norm: NetworkArchitecture.Normalization
  ) throws -> NetworkArchitecture {
    let input = SampleShape(channels: shape[0], rows: shape[1], columns: shape[2])
    switch model {
    case "resnet18":
      return try .resNet18(input, width: widths[0], classes: 10, normalization: norm)
    case "vgg13": return try .vgg13(input, width: widths[0], classes: 10, normalization: norm)
    default:
      return try NetworkArchitecture(
        inputs: input.count, hidden: widths, classes: 10, normalization: norm)
    }
  }

  private static func measure(
    _ architecture: NetworkArchitecture, batch: Int, images: Int, seconds: Double
  ) throws -> Line {
    var generator = SplitMix64(seed: 0)
    let samples = try randomSamples(architecture.input, count: images, using: &generator)
    let network = Network(architecture, batchSize: batch, using: &generator)
    var order: [Int] = []
    let step = {
      if order.count < batch { order = (0..<images).shuffled(using: &generator) }
      _ = try network.step(on: samples, rows: Array(order.suffix(batch)), rate: 0.01)
      order.removeLast(batch)
    }
    let trained = try imagesPerSecond(batch, for: seconds, step)
    let peak = peakMemory()
    let few = try randomSamples(architecture.input, count: 4 * batch, using: &generator)
    let evaluated = try imagesPerSecond(few.count, for: seconds / 2) {
      try network.evaluate(few) { _, _, _ in true }
    }
    return Line(
      images_per_second: trained, evaluated_per_second: evaluated,
      probe_overhead: try probeOverhead(network, samples, seconds: seconds), peak_bytes: peak,
      onednn: oneDNNVersion)
  }

  private static func probeOverhead(
    _ network: Network, _ samples: LabelledSamples, seconds: Double
  ) throws -> Double {
    let prober = try Prober(network, samples: samples)
    let clock = ContinuousClock()
    // The first two probes make the files that later ones take turns with.
    for _ in 0..<2 { _ = try prober.probe(network, epoch: 0) }
    var (forward, probe) = (Duration.seconds(1e9), Duration.seconds(1e9))
    let begin = clock.now
    repeat {
      forward = min(
        forward, try clock.measure { try network.evaluate(samples) { _, _, _ in true } })
      probe = min(probe, try clock.measure { _ = try prober.probe(network, epoch: 0) })
    } while (clock.now - begin) / .seconds(1) < seconds
    return probe / forward - 1
  }

  private static func randomSamples(
    _ shape: SampleShape, count: Int, using generator: inout SplitMix64
  ) throws -> LabelledSamples {
    let levels = (0..<count * shape.count).map { _ in
      UInt8(truncatingIfNeeded: generator.next() >> 32)
    }
    let scaling = PixelScaling(
      standardizing: levels, channels: shape.channels, pixels: shape.rows * shape.columns)
    return try LabelledSamples(
      images: levels, shape: shape, scaling: scaling, labels: Labels((0..<count).map { $0 % 10 }))
  }

  /// Repeats `work`, which handles so many images, for a while after one tenth of it as warm-up.
  private static func imagesPerSecond(
    _ images: Int, for seconds: Double, _ work: () throws -> Void
  ) rethrows -> Double {
    let clock = ContinuousClock()
    var begin = clock.now
    repeat { try work() } while (clock.now - begin) / .seconds(1) < seconds / 10
    begin = clock.now
    var done = 0
    var elapsed = 0.0
    repeat {
      try work()
      done += images
      elapsed = (clock.now - begin) / .seconds(1)
    } while elapsed < seconds
    return Double(done) / elapsed
  }

  /// The kernel's high-water mark of this process, which unlike `ru_maxrss` its parent has no part
  /// in; 0 where it cannot be read.
  private static func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return 1024 * (line.split(separator: " ").compactMap { Int($0) }.first ?? 0)
    }
    return 0
  }
}
