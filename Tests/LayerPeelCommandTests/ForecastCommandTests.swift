import FoundationEssentials
import TestSupport
import Testing

/// `layerpeel train --forecast` as users run it, on a few images.
struct ForecastCommandTests {
  private func train(_ arguments: String) throws -> Program.Result {
    let few = "train --per-class 20 --hidden 32,16 --threads 1 --quiet "
    return try Program("layerpeel").run((few + arguments).split(separator: " ").map(String.init))
  }

  @Test func `forecasts say where the model leads and how far the network is from it`() throws {
    let result = try train("--epochs 6 --rate 0.1 --forecast 3,end --json")
    #expect(result.status == 0, "\(result.errors)")
    let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    #expect(document.forecasts.map(\.epoch) == [3, 6])
    #expect(document.forecasts.map { $0.comparisons.map(\.epoch) } == [[4, 5, 6], []])
    for forecast in document.forecasts {
      #expect(forecast.termination == "margin_ratio")
      let last = try #require(forecast.points.last)
      #expect(abs((last.margin_ratio ?? 0) - 0.95) <= 1e-5)
    }
    for comparison in document.forecasts[0].comparisons {
      #expect((comparison.to_start.gram_product ?? 0) > 0)
      #expect((comparison.to_end.gram_product ?? 0) > 0)
      let reason = comparison.to_same_loss.absent["gram_product"]
      #expect((comparison.to_same_loss.gram_product == nil) == (reason != nil))
    }
    let keys = try Program("layerpeel").run(["schema"]).output
    #expect(keys.contains("to_same_loss") && keys.contains("gram_classifier"))
  }

  @Test func `a limit on evaluations is kept and said`() throws {
    let result = try train("--epochs 3 --forecast 2 --forecast-evaluations 5")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Forecast: from the last layer of epoch 2"))
    #expect(result.output.split(separator: "\n").joined(separator: " ").contains("not to its end"))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func `a forecast that is interrupted leaves what training gave`() throws {
    let folder = try ScratchFolder()
    let (weights, document) = (folder.file("w.safetensors"), folder.file("d.json"))
    let options =
      "train --model linear-features --per-class 1000 --epochs 1 --threads 1 --forecast end "
      + "--save-weights \(weights) --out \(document)"
    // The first words on standard error come after two seconds, and the flow takes minutes.
    let result = try Program("layerpeel").run(
      options.split(separator: " ").map(String.init), signal: 2)
    #expect(result.status == 130, "\(result.errors)")
    #expect(result.output.contains("steps at"))
    for file in [weights, document] { #expect(try !Data(contentsOf: URL(filePath: file)).isEmpty) }
  }

  @Test func `a moment that never came is named`() throws {
    let result = try train("--epochs 1 --rate 1e-6 --forecast first-zero")
    #expect(result.status == 0)
    #expect(result.errors.contains("no epoch was without training error"), "\(result.errors)")
  }

  @Test(arguments: [
    ("--forecast 9", "expected epochs from 0 to 3"), ("--forecast 1 --bias", "--bias"),
    ("--forecast soon", "forecast"), ("--forecast 1,,2", "forecast"),
    ("--forecast-evaluations 5", "expected --forecast"),
    ("--forecast 1 --forecast-evaluations 0", "at least 1"),
  ])
  func `a forecast that cannot be made is refused`(_ arguments: String, _ words: String) throws {
    let result = try train("--epochs 3 " + arguments)
    #expect(result.status == 64)
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  private struct Document: Decodable {
    let forecasts: [Forecast]
    struct Forecast: Decodable {
      let epoch: Int
      let termination: String
      let points: [Point]
      let comparisons: [Comparison]
    }
    struct Point: Decodable { let margin_ratio: Double? }
    struct Comparison: Decodable {
      let epoch: Int
      let to_start: Distance
      let to_same_loss: Distance
      let to_end: Distance
    }
    struct Distance: Decodable {
      let gram_product: Double?
      let absent: [String: String]
    }
  }
}
