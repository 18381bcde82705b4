import FoundationEssentials
import Glibc
import LayerPeel
import LayerPeelFiles
import TestSupport
import Testing

/// What `layerpeel certify` reads, and what it refuses before it writes.
struct CertifyInputTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func certify(_ file: String, _ options: String = "") throws -> Program.Result {
    try Program("layerpeel").run(
      ["certify", file] + options.split(separator: " ").map(String.init), in: folder.path)
  }

  @Test func `the bias of a network is a constant feature, also from an archive of NumPy's`() throws
  {
    struct Judged: Decodable {
      struct Settings: Decodable {
        let bias_folded: Bool
        let dim: Int
      }
      let primal: Double
      let dual: Double
      let verdict: String
      let settings: Settings
    }
    let file = Fixture.path("files/point_bias.npz")
    let output = try certify(file, "--json").output
    let judged = try JSONDecoder().decode(Judged.self, from: Data(output.utf8))
    #expect(judged.settings.bias_folded && judged.settings.dim == 2)
    // ρ²/(2 q_min) = 6.5/2; without the bias it would be 4/4, the optimum.
    #expect(abs(judged.primal - 3.25) <= 1e-15 && abs(judged.dual - 1) <= 1e-15)
    #expect(judged.verdict == "not_kkt")
    let text = try certify(file).output.replacing("\n", with: " ")
    #expect(text.contains("in 2 dimensions, the last of them the bias as a constant feature"))
  }

  /// A point of zeros with two classes, the last sample alone in the second.
  ///
  /// Most of the file is a hole, which takes no room.
  private func writeZeros(samples: Int, dimension: Int) throws -> String {
    let (w, h) = (4 * dimension, 2 * samples * dimension)
    let header =
      #"{"W":{"dtype":"F16","shape":[2,\#(dimension)],"data_offsets":[0,\#(w)]},"#
      + #""H":{"dtype":"F16","shape":[\#(samples),\#(dimension)],"data_offsets":[\#(w),\#(w + h)]},"#
      + #""labels":{"dtype":"U8","shape":[\#(samples)],"#
      + #""data_offsets":[\#(w + h),\#(w + h + samples)]}}"#
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    let path = folder.file("zeros.safetensors")
    try Data(length + header.utf8).write(to: URL(filePath: path))
    let size = 8 + header.utf8.count + w + h + samples
    #expect(truncate(path, off_t(size - 1)) == 0)
    let file = try #require(fopen(path, "a"))
    #expect(fputc(1, file) == 1)
    fclose(file)
    return "zeros.safetensors"
  }

  @Test func `a proof that is too large is refused first, with its size`() throws {
    let large = try certify(writeZeros(samples: 6000, dimension: 2000), "--proof proof.json")
    #expect(large.status == 64 && large.output.isEmpty)
    #expect(
      large.errors
        == "Error: proof: its file would take about 275 MiB, and at most 256 MiB are worth writing; "
        + "use fewer samples or a smaller dimension\n")
    let classes = 201
    let labels = Labels(sorted: try ClassSizes(classes: classes, perClass: 1))
    try PointFile.write(
      Point(
        classifier: Matrix(rows: classes, columns: 1), features: Matrix(rows: classes, columns: 1)),
      labels: labels, to: folder.file("many.npz"))
    let many = try certify("many.npz", "--proof proof.json")
    #expect(many.status == 64 && many.errors.contains("worth its time up to 200 classes, got 201"))
    #expect(try !folder.names().contains("proof.json"))
  }

  @Test(arguments: [
    "--tolerance 2", "--restarts -1", "--out nowhere/j.json", "--escape x.txt", "--out proof.json",
  ])
  func `nothing is written where something is refused`(_ options: String) throws {
    let pairs = try SeparationPoint.blocks([2, 2], perClass: 1, dimension: 4)
    try PointFile.write(pairs.point, labels: pairs.labels, to: folder.file("pairs.npz"))
    let result = try certify("pairs.npz", "--proof proof.json \(options)")
    #expect(result.status == 64 || result.status == 73)
    #expect(try folder.names() == ["pairs.npz"])
  }

  @Test func `a point beyond every range is refused before its proof is written`() throws {
    let pairs = try SeparationPoint.blocks([2, 2], perClass: 1, dimension: 4)
    try PointFile.write(1e200 * pairs.point, labels: pairs.labels, to: folder.file("far.npz"))
    let result = try certify("far.npz", "--proof proof.json")
    #expect(result.status == 64, "\(result.errors)")
    #expect(try folder.names() == ["far.npz"])
  }
}
